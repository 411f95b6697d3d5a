package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A group whose iterations are runs of their own, which several processes share. */
@Tag("campaign")
class DistributedTest {

    private static final int ITEMS = 500;
    private static final int HASTY_RUNS = 100;

    static List<Database> databases() {
        return Database.available();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void fiveHundredBranchesOverThreeProcessesAreJoinedWithoutRepeatingOne(Database database) {
        Workflow workflow = Workflow.builder("wide")
                .start(manualTrigger("begin"))
                .group(
                        node("each", "forEach")
                                .with("items", "range(1, " + ITEMS + ")")
                                .with("parallel", ITEMS)
                                .with("distribute", true),
                        body -> body.then(node("effect", "effect").with("n", "{{item}}")))
                .build();
        Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
        Set<String> processes = ConcurrentHashMap.newKeySet();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine one = engine(source, "one", calls, processes);
                WorkflowEngine two = engine(source, "two", calls, processes);
                WorkflowEngine three = engine(source, "three", calls, processes)) {
            ExecutionHandle handle = one.start(workflow, Map.of());
            WorkflowExecution run = handle.await(Duration.ofSeconds(60));
            assertThat((List<?>) run.output())
                    .as("%s", run.status())
                    .hasSize(ITEMS)
                    .first()
                    .isEqualTo(Map.of("did", "1"));
            assertThat(calls).hasSize(ITEMS);
            assertThat(calls.values()).allMatch(count -> count.get() == 1);
            assertThat(processes).as("processes that took part").hasSizeGreaterThan(1);
            assertThat(List.of(two.nodeTypes(), three.nodeTypes())).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void iterationsAreCancelledEvenIfTheirBeginningIsStoredAfterTheFirstOneFailed(Database database) {
        Workflow workflow = Workflow.builder("hasty")
                .start(manualTrigger("begin"))
                .group(
                        node("each", "forEach")
                                .with("items", "[1, 2, 3, 4, 5, 6]")
                                .with("parallel", 6)
                                .with("distribute", true),
                        body -> body.then(condition("bad", "item == 1"))
                                .when("true", fail("no", "bad", "the first is bad"))
                                .when("false", delay("wait", Duration.ofHours(1))))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine engine = WorkflowEngine.builder()
                        .store(JdbcWorkflowStore.create(source))
                        .pollInterval(Duration.ofMillis(5))
                        .build()) {
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < HASTY_RUNS; i++) {
                handles.add(engine.start(workflow, Map.of()));
            }
            for (ExecutionHandle handle : handles) {
                assertThat(handle.await(Duration.ofSeconds(60)).status()).isEqualTo(ExecutionStatus.FAILED);
            }
            DurableRunTest.await(
                    "all iterations end",
                    () -> !JdbcWorkflowStore.create(source).counts("default").containsKey(ExecutionStatus.RUNNING));
        }
    }

    private static WorkflowEngine engine(
            HikariDataSource source, String name, Map<String, AtomicInteger> calls, Set<String> processes) {
        return WorkerMain.builder(JdbcWorkflowStore.create(source))
                .leaseTime(Duration.ofSeconds(30))
                .processName(name)
                .maxExecutions(60)
                .node("effect", context -> {
                    calls.computeIfAbsent(context.idempotencyKey(), key -> new AtomicInteger())
                            .incrementAndGet();
                    processes.add(name);
                    // So long that the others look whether there is something to do.
                    Thread.sleep(20);
                    return Map.of("did", context.text("n"));
                })
                .build();
    }
}
