package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is a file of the process itself, which is killed. */
@Tag("campaign")
class H2FileTest {

    private static final int RUNS = 5;
    private static final int STEPS = 10;

    private static final Workflow WAITS = Workflow.builder("waits")
            .start(manualTrigger("begin"))
            .then(delay("wait", Duration.ofMillis(5)))
            .build();

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

    /** H2 closes a file when a thread is interrupted that writes to it, and with it the database of everybody. */
    @Test
    void enginesThatAreClosedLeaveTheDatabaseOpen() throws Exception {
        try (HikariDataSource source = Database.pool("jdbc:h2:file:" + folder.resolve("shared"));
                Connection host = source.getConnection()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            for (int i = 0; i < 50; i++) {
                // It looks for work all the time, which writes that it lives, so that it is closed while it writes.
                try (WorkflowEngine engine = WorkerMain.builder(store)
                        .pollInterval(Duration.ofMillis(1))
                        .build()) {
                    String id = engine.run(WAITS, null).id();
                    assertThat(engine.execution(id)).isPresent();
                }
                assertThat(host.isValid(5)).as("after %s engines", i + 1).isTrue();
            }
        }
    }

    /** The file system that opens a file again which an interrupted thread has closed. */
    @Test
    void cancelledNodesThatWriteToTheSameFileDoNoHarmInTheFileSystemForThat() {
        try (HikariDataSource source = Database.pool("jdbc:h2:retry:" + folder.resolve("retry"))) {
            Database.execute(source, "CREATE TABLE own (n INTEGER)");
            Workflow workflow = Workflow.builder("writes")
                    .cancelGrace(Duration.ofMillis(50))
                    .start(manualTrigger("begin"))
                    .then(node("write", "write").timeout(Duration.ofMillis(30)))
                    .build();
            try (WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                    .node("write", context -> {
                        // It does not notice that it is interrupted, because that file system hides it.
                        for (int i = 0; i < 500; i++) {
                            Database.execute(source, "INSERT INTO own VALUES (" + i + ")");
                        }
                        return null;
                    })
                    .build()) {
                for (int run = 0; run < 3; run++) {
                    assertThat(engine.run(workflow, null).status()).isEqualTo(ExecutionStatus.FAILED);
                }
            }
            assertThat(Database.count(source, "own")).isPositive();
        }
    }
}
