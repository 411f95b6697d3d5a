package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs on real databases: what survives, what is shared, what is found afterwards. */
class DurableRunTest {

    static List<Database> databases() {
        return Database.available();
    }

    private static WorkflowEngine.Builder engine(HikariDataSource source) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .leaseTime(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(50))
                .keepWaiting(Duration.ofMillis(100));
    }

    private static Workflow chain(int steps) {
        var builder = Workflow.builder("chain").start(manualTrigger("begin"));
        for (int i = 1; i <= steps; i++) {
            builder = builder.then(node("s" + i, "step").with("number", i));
        }
        return builder.build();
    }

    private static void execute(HikariDataSource source, String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aChainRunsAndItsHistoryIsInTheDatabase(Database database) {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine = engine(source)
                        .node("step", call -> call.value("number"))
                        .build()) {
            WorkflowExecution run = engine.run(chain(10), Map.of("größe", "😀\u0000\ud800"));
            assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(run.output()).isEqualTo(10L);
            JdbcWorkflowStore other = JdbcWorkflowStore.create(source);
            assertThat(other.find("default", run.id())).get().satisfies(record -> {
                assertThat(record.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(record.input()).isEqualTo(Map.of("größe", "😀\u0000\ud800"));
                assertThat(record.output()).isEqualTo(10L);
            });
            assertThat(other.nodes("default", run.id(), null, 100).items())
                    .extracting(NodeExecution::node)
                    .containsExactly("begin", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10");
            assertThat(other.executions(ExecutionQuery.of("default").status(ExecutionStatus.SUCCEEDED))
                            .items())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aWaitOutlivesItsProcess(Database database) {
        try (HikariDataSource source = database.fresh()) {
            Workflow workflow = Workflow.builder("waits")
                    .start(manualTrigger("begin"))
                    .then(node("wait", "wait.signal").with("name", "go"))
                    .then(node("s1", "step"))
                    .build();
            String id;
            try (WorkflowEngine engine =
                    engine(source).node("step", call -> "first process").build()) {
                id = engine.start(workflow, Map.of()).id();
            }
            try (WorkflowEngine engine =
                    engine(source).node("step", call -> "second process").build()) {
                ExecutionHandle handle = engine.handle(id).orElseThrow();
                assertThat(handle.signal("go", "now").name()).isIn("TAKEN", "KEPT");
                WorkflowExecution run = handle.await(Duration.ofSeconds(20));
                assertThat(run.output()).isEqualTo("second process");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunThatNobodyElseCanRunWaitsForAProcessWithItsNodeTypes(Database database) {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine asks = engine(source)
                        .node("step", call -> "not here")
                        .worker(false)
                        .build();
                WorkflowEngine lacks = engine(source).build()) {
            ExecutionHandle handle = asks.start(chain(1), Map.of());
            assertThat(handle.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(lacks.explain(handle.id()).orElseThrow().reasons())
                    .contains(new Explanation.MissingTypes(List.of("step")));
            try (WorkflowEngine has =
                    engine(source).node("step", call -> "here").build()) {
                assertThat(handle.await(Duration.ofSeconds(20)).output()).isEqualTo("here");
                assertThat(has.execution(handle.id())).isPresent();
            }
            assertThat(lacks.execution(handle.id())).get().extracting("status").isEqualTo(ExecutionStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void runsAreFoundByTagWorkflowVersionStatusAndTime(Database database) {
        Workflow first = chain(1);
        Workflow second = chain(2);
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine =
                        engine(source).node("step", call -> "done").build()) {
            String a = engine.run(ExecutionRequest.of(first).tag("customer:1").tag("größe:ÿ"))
                    .id();
            String b = engine.run(ExecutionRequest.of(second).tag("customer:1")).id();
            String c = engine.run(ExecutionRequest.of(second)).id();
            ExecutionQuery all = ExecutionQuery.of("default");
            assertThat(ids(engine, all)).containsExactly(c, b, a);
            assertThat(ids(engine, all.tag("customer:1"))).containsExactly(b, a);
            assertThat(ids(engine, all.tag("größe:ÿ"))).containsExactly(a);
            assertThat(ids(engine, all.tag("customer:1").status(ExecutionStatus.FAILED)))
                    .isEmpty();
            assertThat(ids(engine, all.workflow(second.id(), second.hash()))).containsExactly(c, b);
            assertThat(ids(engine, all.workflow(second.id(), second.hash()).tag("customer:1")))
                    .containsExactly(b);
            Instant began = engine.execution(b).orElseThrow().startedAt();
            assertThat(ids(engine, all.began(began, null))).containsExactly(c, b);
            assertThat(ids(engine, all.began(null, began))).containsExactly(a);
            assertThat(ids(engine, all.tag("customer:1").began(began, began.plusMillis(1))))
                    .containsExactly(b);
            Page<ExecutionRecord> page = engine.executions(all.tag("customer:1").limit(1));
            assertThat(page.items()).extracting(ExecutionRecord::id).containsExactly(b);
            assertThat(page.items()).extracting(ExecutionRecord::tags).containsExactly(List.of("customer:1"));
            assertThat(ids(engine, all.tag("customer:1").limit(1).after(page.next())))
                    .containsExactly(a);
        }
    }

    private static List<String> ids(WorkflowEngine engine, ExecutionQuery query) {
        return engine.executions(query).items().stream()
                .map(ExecutionRecord::id)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void allRunsOfASubjectAreDeletedWithThoseTheyCalledAndTheReportSaysWhat(Database database) throws Exception {
        Workflow child = Workflow.builder("child").start(node("c", "step")).build();
        Workflow parent = Workflow.builder("parent")
                .start(node("call", "workflow.call").with("workflow", "child"))
                .build();
        Workflow waits = Workflow.builder("waits")
                .start(node("wait", "wait.signal").with("name", "go"))
                .build();
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            try (WorkflowEngine engine = WorkflowEngine.builder()
                    .store(store)
                    .node("step", call -> "x".repeat(20_000))
                    .build()) {
                engine.workflows().publish(child);
                String called =
                        engine.run(ExecutionRequest.of(parent).tag("person:7")).id();
                String waiting =
                        engine.start(ExecutionRequest.of(waits).tag("person:7")).id();
                String other = engine.run(ExecutionRequest.of(chain(1)).tag("person:8"))
                        .id();

                DeletionReport report = store.deleteTagged("default", "person:7");

                assertThat(report.executions()).hasSize(2).contains(called);
                assertThat(report.unfinished()).containsExactly(waiting);
                assertThat(report.rows()).containsEntry("run", 2L).containsEntry("run_tag", 2L);
                assertThat(report.rows().get("journal")).isGreaterThanOrEqualTo(4);
                assertThat(report.rows().get("large_value")).isPositive();
                assertThat(ids(engine, ExecutionQuery.of("default"))).containsExactly(other, waiting);
                assertThat(store.deleteTagged("another tenant", "person:8").executions())
                        .isEmpty();
                engine.handle(waiting).orElseThrow().cancel();
                await(
                        "the cancelled run is deleted",
                        () -> store.deleteTagged("default", "person:7")
                                .executions()
                                .equals(List.of(waiting)));
                assertThat(Database.count(source, "ahe_run_tag")).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aProcessWithAnOlderVersionOfANodeTypeLeavesTheRunToOneThatHasIt(Database database) {
        Workflow workflow = Workflow.builder("versions")
                .start(node("a", "step").typeVersion(2))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine asks = engine(source)
                        .node("step", versions(2, "not here"))
                        .worker(false)
                        .build();
                WorkflowEngine older =
                        engine(source).node("step", versions(1, "older")).build()) {
            ExecutionHandle handle = asks.start(workflow, Map.of());
            try (WorkflowEngine newer =
                    engine(source).node("step", versions(3, "newer")).build()) {
                assertThat(handle.await(Duration.ofSeconds(20)).output()).isEqualTo("newer made for 2");
                assertThat(newer.execution(handle.id())).isPresent();
            }
            assertThatThrownBy(() -> older.run(workflow, null))
                    .hasMessageContaining("NEWER_TYPE")
                    .hasMessageContaining("knows versions up to 1");
        }
    }

    private static NodeExecutor versions(int newest, String answer) {
        return new NodeExecutor() {
            @Override
            public NodeMetadata metadata() {
                return NodeMetadata.HOST.withVersion(newest);
            }

            @Override
            public NodeResult execute(WorkflowNode node, ExecutionContext context) {
                return NodeResult.completed(answer + " made for " + node.typeVersion());
            }
        };
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theSameKeyIsOneRunHoweverManyStartIt(Database database) throws Exception {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine one = engine(source).node("step", call -> "done").build();
                WorkflowEngine other =
                        engine(source).node("step", call -> "done").build()) {
            AtomicInteger failures = new AtomicInteger();
            List<String> ids = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
            CountDownLatch begin = new CountDownLatch(1);
            Workflow workflow = chain(1);
            List<Thread> threads = new java.util.ArrayList<>();
            for (int i = 0; i < 8; i++) {
                WorkflowEngine engine = i % 2 == 0 ? one : other;
                Thread thread = new Thread(() -> {
                    try {
                        begin.await();
                        ids.add(engine.start(ExecutionRequest.of(workflow)
                                        .input(Map.of("n", 1))
                                        .key("order-1"))
                                .id());
                    } catch (Exception e) {
                        e.printStackTrace();
                        failures.incrementAndGet();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            begin.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).hasValue(0);
            assertThat(ids).hasSize(8).containsOnly(ids.get(0));
            assertThatThrownBy(() -> one.start(
                            ExecutionRequest.of(workflow).input(Map.of("n", 2)).key("order-1")))
                    .isInstanceOf(IdempotencyConflictException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunThatWaitsLongIsInNoProcess(Database database) {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine =
                        engine(source).node("step", call -> "late").build()) {
            Workflow workflow = Workflow.builder("delays")
                    .start(manualTrigger("begin"))
                    .then(node("wait", "delay").with("duration", "2s"))
                    .then(node("s1", "step"))
                    .build();
            ExecutionHandle handle = engine.start(workflow, Map.of());
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            await(
                    "it rests",
                    () -> store.standing("default", handle.id())
                            .filter(standing -> standing.owner() == null && standing.due() != null)
                            .isPresent());
            assertThat(handle.await(Duration.ofSeconds(20)).output()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatEndedLongAgoIsDeletedAndWhatNobodyNeedsAnyMoreWithIt(Database database) {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.builder(source)
                    .retention(new Retention(Duration.ZERO, null, null))
                    .largeValueBytes(100)
                    .build();
            String kept;
            String gone;
            try (WorkflowEngine engine = WorkflowEngine.builder()
                    .store(JdbcWorkflowStore.builder(source)
                            .retention(Retention.FOREVER)
                            .largeValueBytes(100)
                            .build())
                    .node("step", call -> {
                        if (call.config().isEmpty()) {
                            throw new IllegalStateException("It fails");
                        }
                        return "x".repeat(1000);
                    })
                    .build()) {
                gone = engine.run(chain(3), Map.of()).id();
                kept = engine.run(
                                Workflow.builder("fails")
                                        .start(manualTrigger("begin"))
                                        .then(node("s1", "step"))
                                        .build(),
                                Map.of())
                        .id();
            }
            assertThat(store.counts("default"))
                    .isEqualTo(Map.of(ExecutionStatus.SUCCEEDED, 1L, ExecutionStatus.FAILED, 1L));
            try (WorkflowEngine engine = WorkflowEngine.builder().store(store).build()) {
                await("it is deleted", () -> engine.execution(gone).isEmpty());
                assertThat(engine.execution(kept)).isPresent();
            }
            assertThat(store.delete("default", kept).executions()).containsExactly(kept);
            assertThat(store.delete("default", kept).executions()).isEmpty();
            for (String table : List.of("run", "journal", "large_value", "inbox", "open_wait")) {
                assertThat(Database.count(source, "ahe_" + table)).as(table).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aChainOfTenStepsTakesElevenCommits(Database database) {
        try (HikariDataSource source = database.fresh()) {
            AtomicInteger commits = new AtomicInteger();
            JdbcWorkflowStore store = JdbcWorkflowStore.builder(source)
                    .metrics(new StoreMetrics() {
                        @Override
                        public void batchWritten(int turns, Duration took) {
                            commits.incrementAndGet();
                        }
                    })
                    .build();
            try (WorkflowEngine engine = WorkflowEngine.builder()
                    .store(store)
                    .node("step", call -> call.value("number"))
                    .build()) {
                assertThat(engine.run(chain(10), Map.of()).output()).isEqualTo(10L);
            }
            assertThat(commits).hasValue(11);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void tokensOfApprovalsAreNotInTheHistory(Database database) {
        Workflow workflow = Workflow.builder("asks")
                .start(manualTrigger("begin"))
                .then(node("mail", "action.format").with("template", "decide: {{approvals.ask.token}}"))
                .then(node("ask", "approval").with("title", "Yes?"))
                .build();
        try (HikariDataSource source = database.fresh()) {
            String id;
            try (WorkflowEngine engine = engine(source).build()) {
                id = engine.start(workflow, Map.of()).id();
            }
            try (WorkflowEngine engine = engine(source).worker(false).build()) {
                assertThat(engine.nodes(id, null, 100).items())
                        .filteredOn(node -> node.node().equals("mail"))
                        .extracting(NodeExecution::output)
                        .containsExactly("decide: approval.***");
                assertThat(engine.approvals().open()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aSignalWithAKeyThatCameToARunWhichEndedGoesToTheNextOne(Database database) throws SQLException {
        Workflow workflow = Workflow.builder("keyed")
                .start(manualTrigger("begin"))
                .then(node("wait", "wait.signal").with("name", "go").with("key", "7"))
                .build();
        try (HikariDataSource source = database.fresh()) {
            try (WorkflowEngine engine = engine(source).build()) {
                engine.start(workflow, Map.of());
                await("it waits", () -> Database.count(source, "ahe_open_wait") == 1);
            }
            try (StoreMember member = JdbcWorkflowStore.create(source).join("sender", () -> Micros.of(Instant.now()))) {
                SignalReceipt receipt = member.signal(
                        "default",
                        "7",
                        new Woken.BySignal("go", "s-1", 1),
                        Instant.now().plusSeconds(600));
                assertThat(receipt).isEqualTo(SignalReceipt.TAKEN);
            }
            // As it is when the run ends in the instant in which the signal is given to it.
            execute(source, "UPDATE ahe_run SET status = 6, ended = 1, due = NULL");
            try (WorkflowEngine engine = engine(source).build()) {
                ExecutionHandle next = engine.start(workflow, Map.of());
                assertThat(next.await(Duration.ofSeconds(20)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(Database.count(source, "ahe_inbox")).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aListShowsTheVariablesOfARunThatGoesOnAsTheyBeganAndALookAtItAsTheyAre(Database database) {
        Workflow workflow = Workflow.builder("counts")
                .variable("count", WorkflowVariable.Type.INTEGER, 1)
                .start(manualTrigger("begin"))
                .then(node("set", "action.set").with("values", Map.of("count", 2)))
                .then(node("wait", "wait.signal").with("name", "go"))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine = engine(source).build()) {
            ExecutionHandle handle = engine.start(workflow, Map.of("n", 7));
            await("it waits", () -> engine.explain(handle.id()).toString().contains("go"));
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            assertThat(store.find("default", handle.id()).orElseThrow().variables())
                    .isEqualTo(Map.of("count", 2L));
            assertThat(store.executions(ExecutionQuery.of("default")).items())
                    .singleElement()
                    .satisfies(listed -> {
                        assertThat(listed.variables()).isEqualTo(Map.of("count", 1L));
                        assertThat(listed.input()).isEqualTo(Map.of("n", 7L));
                        assertThat(listed.status()).isEqualTo(ExecutionStatus.RUNNING);
                    });
            assertThat(handle.signal("go", null).name()).isIn("TAKEN", "KEPT");
            handle.await(Duration.ofSeconds(20));
            assertThat(store.executions(ExecutionQuery.of("default")).items())
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.variables()).isEqualTo(Map.of("count", 2L)));
        }
    }
}
