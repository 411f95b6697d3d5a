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
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Durability;
import io.automationhub.engine.workflow.VersionConflictException;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What processes that share a store take from each other, and in which order. */
class SharedWorkTest {

    static List<Database> databases() {
        return Database.available();
    }

    private static WorkflowEngine.Builder engine(HikariDataSource source) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .leaseTime(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20));
    }

    private static Workflow steps() {
        return Workflow.builder("steps")
                .start(manualTrigger("begin"))
                .then(node("step", "step").with("name", "{{ input.name }}"))
                .build();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void runsWithAHigherPriorityBeginFirstInWhicheverProcess(Database database) {
        List<Object> begun = new CopyOnWriteArrayList<>();
        Semaphore mayEnd = new Semaphore(0);
        try (HikariDataSource source = database.fresh();
                WorkflowEngine asks =
                        engine(source).node("step", call -> null).worker(false).build()) {
            for (int i = 0; i < 6; i++) {
                int priority = i % 3;
                ExecutionHandle unused = asks.start(ExecutionRequest.of(steps())
                        .input(Map.of("name", "priority " + priority))
                        .priority(priority));
            }
            try (WorkflowEngine one = oneAtATime(source, begun, mayEnd)) {
                awaitBegun(begun, 1);
                try (WorkflowEngine two = oneAtATime(source, begun, mayEnd)) {
                    // One ends at a time, so that only its process looks for the next run.
                    for (int count = 2; count <= 6; count++) {
                        awaitBegun(begun, count);
                        mayEnd.release();
                    }
                    mayEnd.release();
                    assertThat(one.executions(ExecutionQuery.of("default")).items())
                            .hasSameSizeAs(
                                    two.executions(ExecutionQuery.of("default")).items());
                }
            }
        }
        assertThat(begun)
                .containsExactly("priority 2", "priority 2", "priority 1", "priority 1", "priority 0", "priority 0");
    }

    private static void awaitBegun(List<Object> begun, int count) {
        DurableRunTest.await(count + " runs have begun", () -> begun.size() >= count);
    }

    private static WorkflowEngine oneAtATime(HikariDataSource source, List<Object> begun, Semaphore mayEnd) {
        return engine(source)
                .maxExecutions(1)
                .node("step", context -> {
                    begun.add(context.value("name"));
                    return mayEnd.tryAcquire(20, TimeUnit.SECONDS);
                })
                .build();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anotherBodyUnderAPublishedVersionIsRefusedInEachProcess(Database database) {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine one = engine(source).node("step", call -> "one").build();
                WorkflowEngine two = engine(source).node("step", call -> "two").build()) {
            one.workflows().publish(steps(), 1);
            two.workflows().publish(steps(), 1);
            Workflow other =
                    Workflow.builder("steps").start(manualTrigger("begin")).build();
            assertThatThrownBy(() -> two.workflows().publish(other, 1))
                    .isInstanceOf(VersionConflictException.class)
                    .hasMessageContaining("steps")
                    .hasMessageContaining("1");
            assertThat(two.workflows().publish(other).number()).isEqualTo(2);
            assertThat(one.workflows().versions("steps")).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunWithWhichProcessesDieIsPutAsideAndGoesOnWhenItIsReleased(Database database) {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            String id;
            try (WorkflowEngine asks =
                    engine(source).node("step", call -> null).worker(false).build()) {
                id = asks.start(steps(), Map.of("name", "poison")).id();
            }
            try (StoreMember finds = store.join("finds", () -> Micros.of(Instant.now()))) {
                for (int crash = 1; crash <= 3; crash++) {
                    StoreMember dies = store.join("dies", () -> Micros.of(Instant.now()));
                    List<ClaimedRun> taken = dies.claim(10, workflow -> true);
                    assertThat(taken).extracting(ClaimedRun::id).containsExactly(id);
                    DurableRunTest.await("it is found dead", () -> finds.reap(Duration.ofMillis(1), 3) > 0);
                }
            }
            assertThat(store.putAside("default")).singleElement().satisfies(aside -> {
                assertThat(aside.execution()).isEqualTo(id);
                assertThat(aside.problem()).contains("processes died that had it");
            });
            try (WorkflowEngine works =
                    engine(source).node("step", call -> "cured").build()) {
                assertThat(works.explain(id).orElseThrow().toString())
                        .contains("put aside")
                        .contains("release");
                assertThat(works.handle(id).orElseThrow().status().isEnded()).isFalse();
                assertThat(store.release("default", id)).isTrue();
                assertThat(store.release("default", id)).isFalse();
                assertThat(works.handle(id)
                                .orElseThrow()
                                .await(Duration.ofSeconds(20))
                                .output())
                        .isEqualTo("cured");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunThatIsNotKeptOnItsWayIsLostWithItsProcess(Database database) throws Exception {
        Workflow workflow = Workflow.builder("fleeting")
                .durability(Durability.NONE)
                .start(manualTrigger("begin"))
                .then(node("first", "step"))
                .then(node("blocks", "blocks"))
                .build();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        try (HikariDataSource source = database.fresh()) {
            WorkflowEngine dies = engine(source)
                    .leaseTime(Duration.ofMillis(300))
                    .closeTimeout(Duration.ofMillis(10))
                    .node("step", call -> "done")
                    .node("blocks", call -> {
                        inside.countDown();
                        open.await();
                        return "too late";
                    })
                    .build();
            String id = dies.start(workflow, Map.of()).id();
            inside.await();
            assertThat(Database.count(source, "ahe_journal"))
                    .as("its beginning is all that is kept")
                    .isEqualTo(1);
            dies.close();
            open.countDown();
            try (WorkflowEngine finds = engine(source)
                    .node("step", call -> "again")
                    .node("blocks", call -> "again")
                    .build()) {
                WorkflowExecution run = finds.handle(id).orElseThrow().await(Duration.ofSeconds(20));
                assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(run.error().orElseThrow().kind()).isEqualTo(ExecutionError.KIND_LOST);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aProcessHasAtMostThreeConnectionsAndGivesThemBack(Database database) throws Exception {
        AtomicInteger lent = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Workflow workflow = Workflow.builder("busy")
                .limit("crm", 5)
                .start(manualTrigger("begin"))
                .parallel(node("a", "step").with("name", 1), node("b", "step").with("name", 2))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine = WorkflowEngine.builder()
                        .store(JdbcWorkflowStore.create(counting(source, lent, most)))
                        .keepWaiting(Duration.ofMillis(10))
                        .node("step", context -> context.value("name"))
                        .build()) {
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                handles.add(engine.start(ExecutionRequest.of(workflow).key("run " + i)));
                engine.signal("nobody", "key " + i, "id " + i, i);
            }
            for (ExecutionHandle handle : handles) {
                assertThat(handle.await(Duration.ofSeconds(60)).isSucceeded()).isTrue();
                assertThat(engine.explain(handle.id())).isPresent();
            }
            DurableRunTest.await("all connections are given back", () -> lent.get() == 0);
        }
        assertThat(most.get()).as("connections at a time").isBetween(2, Connections.MOST);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whoAwaitsManyRunsHearsOfEachEndInAnotherProcess(Database database) {
        try (HikariDataSource source = database.fresh();
                WorkflowEngine asks =
                        engine(source).node("step", call -> null).worker(false).build();
                WorkflowEngine works = engine(source)
                        .node("step", context -> context.value("name"))
                        .build()) {
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < 450; i++) {
                handles.add(asks.start(steps(), Map.of("name", i)));
            }
            for (int i = 0; i < 450; i++) {
                assertThat(handles.get(i).await(Duration.ofSeconds(30)).output())
                        .isEqualTo((long) i);
            }
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            List<String> ids = handles.stream().map(ExecutionHandle::id).toList();
            assertThat(store.ended("default", ids)).hasSize(450);
            assertThat(store.ended("other", ids)).isEmpty();
            assertThat(store.ended("default", List.of("unknown"))).isEmpty();
            assertThat(works.execution(ids.get(0))).isPresent();
        }
    }

    private static DataSource counting(DataSource source, AtomicInteger lent, AtomicInteger most) {
        return Proxies.of(DataSource.class, source, (method, arguments, original) -> {
            Object result = original.call();
            if (!(result instanceof Connection connection)) {
                return result;
            }
            most.accumulateAndGet(lent.incrementAndGet(), Math::max);
            return Proxies.of(Connection.class, connection, (what, values, call) -> {
                if (what.getName().equals("close")) {
                    lent.decrementAndGet();
                }
                return call.call();
            });
        });
    }
}
