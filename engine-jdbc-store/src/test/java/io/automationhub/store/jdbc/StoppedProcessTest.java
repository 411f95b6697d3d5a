package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.store.StoreMember.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped for longer than its lease, while another one takes its runs, and then goes on. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Tag("campaign")
class StoppedProcessTest {

    private static final int RUNS = 20;

    @TempDir
    private Path ledger;

    @Test
    void whatWasStoppedForTwiceItsLeaseWritesNothingAndBeginsNothing() throws Exception {
        String url = Database.POSTGRESQL.freshUrl();
        try (HikariDataSource source = Database.pool(url);
                WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .node("effect", context -> null)
                        .worker(false)
                        .build();
                Worker stopped = Worker.start(url, ledger, "stopped").awaitReady()) {
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                handles.add(engine.start(ExecutionRequest.of(WorkerMain.chain()).input(Map.of("n", i))));
            }
            // So that no run is between the look whether it may begin something and its beginning.
            DurableRunTest.await("all runs have a node in flight", () -> Ledger.inFlight(ledger, "stopped") == RUNS);
            stopped.signal("STOP");
            long stop = Ledger.now();
            try (Worker other = Worker.start(url, ledger, "other").awaitReady()) {
                DurableRunTest.await(
                        "the other one ends all",
                        () -> handles.stream()
                                .allMatch(handle -> handle.status().isEnded()));
                assertThat(Ledger.now() - stop)
                        .as("microseconds that it was stopped")
                        .isGreaterThan(WorkerMain.LEASE.toNanos() / 1000);
                assertThat(Database.count(source, "ahe_process WHERE name = 'stopped'"))
                        .as("it was found dead")
                        .isZero();
                long cont = Ledger.now();
                Map<String, List<NodeExecution>> before = histories(engine, handles);
                stopped.signal("CONT");
                DurableRunTest.await(
                        "it has noticed, and joined anew",
                        () -> Database.count(source, "ahe_process WHERE name = 'stopped'") == 1);
                assertThat(Ledger.read(ledger))
                        .as("what it begins after it was continued")
                        .noneMatch(
                                entry -> entry.process().equals("stopped") && entry.begins() && entry.micros() > cont);
                assertThat(histories(engine, handles)).isEqualTo(before);
                assertThat(stopped.isAlive()).isTrue();
                // It has joined anew, and takes runs again.
                other.kill();
                ExecutionHandle next =
                        engine.start(ExecutionRequest.of(WorkerMain.chain()).input(Map.of("n", 99)));
                DurableRunTest.await("it works again", () -> next.status().isEnded());
            }
        }
    }

    @Test
    void whatWasStoppedInsideATransactionIsFoundDeadToo() throws Exception {
        try (HikariDataSource source = Database.POSTGRESQL.fresh();
                StoreMember stopped = member(source, "stopped");
                StoreMember other = member(source, "other");
                Connection open = source.getConnection()) {
            open.setAutoCommit(false);
            boolean counts = Fence.touch(open, new Tables("", "ahe_"), Dialect.POSTGRESQL, stopped.process());
            assertThat(counts).isTrue();
            DurableRunTest.await("the database ends its transaction, and it is found dead", () -> {
                Time unused = other.beat();
                int handedOn = other.reap(WorkerMain.LEASE, 5);
                return handedOn == 0 && Database.count(source, "ahe_process WHERE name = 'stopped'") == 0;
            });
            assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
        }
    }

    private static StoreMember member(HikariDataSource source, String name) {
        return JdbcWorkflowStore.create(source).join(name, () -> Micros.of(Instant.now()));
    }

    private static Map<String, List<NodeExecution>> histories(WorkflowEngine engine, List<ExecutionHandle> handles) {
        Map<String, List<NodeExecution>> all = new HashMap<>();
        handles.forEach(handle ->
                all.put(handle.id(), engine.nodes(handle.id(), null, 100).items()));
        return all;
    }
}
