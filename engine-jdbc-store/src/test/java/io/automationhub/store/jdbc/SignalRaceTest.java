package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signals and cancels that come while their run is let go of, or taken, by one of two processes. */
@Tag("campaign")
class SignalRaceTest {

    private static final int RUNS = "full".equals(System.getProperty("campaign")) ? 100_000 : 600;
    private static final int AT_A_TIME = 50;

    @Test
    void whatComesWhileARunIsLetGoOfIsNotLost() throws Exception {
        long seed = Long.getLong("campaign.seed", 1);
        Random random = new Random(seed);
        Workflow workflow = Workflow.builder("race")
                .start(manualTrigger("begin"))
                .then(node("wait", "wait.signal").with("name", "go"))
                .then(node("again", "wait.signal").with("name", "go"))
                .build();
        try (HikariDataSource source = Database.POSTGRESQL.fresh();
                WorkflowEngine one = engine(source);
                WorkflowEngine other = engine(source)) {
            int cancelled = 0;
            for (int from = 0; from < RUNS; from += AT_A_TIME) {
                List<ExecutionHandle> handles = new ArrayList<>();
                for (int i = 0; i < AT_A_TIME; i++) {
                    handles.add(one.start(workflow, Map.of()));
                }
                for (ExecutionHandle handle : handles) {
                    if (random.nextInt(3) == 0) {
                        Thread.sleep(random.nextInt(3));
                    }
                    ExecutionHandle there = other.handle(handle.id()).orElseThrow();
                    there.signal("go", "first", 1);
                    boolean cancels = random.nextInt(4) == 0;
                    if (cancels) {
                        cancelled++;
                        (random.nextBoolean() ? handle : there).cancel();
                    } else {
                        (random.nextBoolean() ? handle : there).signal("go", "second", 2);
                    }
                }
                for (ExecutionHandle handle : handles) {
                    DurableRunTest.await(
                            "run " + handle.id() + " ends, seed " + seed + ": " + one.explain(handle.id()),
                            () -> handle.status().isEnded());
                }
            }
            assertThat(JdbcWorkflowStore.create(source).counts("default"))
                    .containsEntry(ExecutionStatus.CANCELLED, (long) cancelled)
                    .containsEntry(ExecutionStatus.SUCCEEDED, (long) RUNS - cancelled);
            assertThat(one.executions(ExecutionQuery.of("default")).items()).isNotEmpty();
        }
    }

    private static WorkflowEngine engine(HikariDataSource source) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .pollInterval(Duration.ofMillis(5))
                .keepWaiting(Duration.ofMillis(1))
                .build();
    }
}
