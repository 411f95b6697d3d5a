package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.value.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is a file of the process itself, which is killed. */
class H2FileTest {

    private static final int RUNS = 5;
    private static final int STEPS = 10;

    @TempDir
    private Path folder;

    @Test
    void aKilledProcessLosesNothingOfItsFileAndRepeatsNothing() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("runs");
        Path ledger = folder.resolve("ledger");
        try (Worker killed = Worker.start(url, ledger, "killed", RUNS).awaitReady()) {
            DurableRunTest.await("runs are on their way", () -> ended(ledger) >= RUNS * 3);
            killed.kill();
        }
        Map<String, Integer> again = new ConcurrentHashMap<>();
        try (HikariDataSource source = Database.pool(url);
                WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .node("effect", context -> {
                            again.merge(context.idempotencyKey(), 1, Integer::sum);
                            return JsonObject.of("did", context.value("what"));
                        })
                        .build()) {
            ExecutionQuery succeeded = ExecutionQuery.of("default").status(ExecutionStatus.SUCCEEDED);
            DurableRunTest.await(
                    "all runs have ended",
                    () -> engine.executions(succeeded).items().size() == RUNS);
        }
        Set<String> before = Ledger.read(ledger).stream().map(Ledger.Entry::key).collect(Collectors.toSet());
        Set<String> both = new HashSet<>(before);
        both.retainAll(again.keySet());
        assertThat(both).as("steps that were in flight, one of each run").hasSizeLessThanOrEqualTo(RUNS);
        assertThat(before.size() + again.size() - both.size()).isEqualTo(RUNS * STEPS);
        assertThat(again.values()).allMatch(count -> count == 1);
    }

    private static long ended(Path ledger) {
        return Ledger.read(ledger).stream().filter(entry -> !entry.begins()).count();
    }
}
