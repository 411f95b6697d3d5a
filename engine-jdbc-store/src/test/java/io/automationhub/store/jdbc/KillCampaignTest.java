package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes at random while they run workflows with branches, retries, timers, groups, children and signals, and
 * compares what they did, written down outside of the database, with what they had to do.
 */
@Tag("campaign")
class KillCampaignTest {

    private static final boolean FULL = "full".equals(System.getProperty("campaign"));
    private static final int RUNS = FULL ? 1000 : 60;
    private static final int KILLS = FULL ? 110 : 12;
    private static final int PROCESSES = 3;
    private static final Duration BOUND = FULL ? Duration.ofMinutes(20) : Duration.ofMinutes(3);

    @TempDir
    private Path ledger;

    @Test
    void killedProcessesLoseNothingAndRepeatNothing() throws Exception {
        long seed = Long.getLong("campaign.seed", System.nanoTime());
        Random random = new Random(seed);
        System.out.println("Kill campaign with -Dcampaign.seed=" + seed);
        String url = Database.POSTGRESQL.freshUrl();
        List<Worker> workers = new ArrayList<>();
        try (HikariDataSource source = Database.pool(url);
                WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .node("effect", context -> null)
                        .worker(false)
                        .build()) {
            engine.workflows().publish(WorkerMain.child());
            for (int i = 0; i < PROCESSES; i++) {
                workers.add(Worker.start(url, ledger, "w" + i));
            }
            List<ExecutionHandle> handles = new ArrayList<>();
            int kills = 0;
            int inFlight = 0;
            int started = PROCESSES;
            long deadline = System.nanoTime() + BOUND.toNanos();
            Set<Integer> open = new HashSet<>();
            while (handles.size() < RUNS || !open.isEmpty()) {
                assertThat(System.nanoTime())
                        .as(
                                "runs that have not ended: %s, seed %s; %s",
                                open.size(), seed, explain(engine, handles, open))
                        .isLessThan(deadline);
                Thread.sleep(50 + random.nextInt(150));
                // As many as keep the processes busy until the last one is killed.
                while (handles.size() < RUNS && (open.size() < 5 || kills * RUNS / KILLS >= handles.size())) {
                    open.add(handles.size());
                    handles.add(start(engine, handles.size()));
                }
                open.removeIf(i -> handles.get(i).status().isEnded());
                Worker worker = workers.get(random.nextInt(PROCESSES));
                if (kills < KILLS && Ledger.isInFlight(ledger, worker.name())) {
                    worker.kill();
                    inFlight += Ledger.isInFlight(ledger, worker.name()) ? 1 : 0;
                    kills++;
                    workers.set(workers.indexOf(worker), Worker.start(url, ledger, "w" + started++));
                }
            }
            System.out.println(
                    RUNS + " runs, " + kills + " kills, " + inFlight + " of them while a node was in flight");
            assertThat(inFlight).as("kills while a node was in flight").isGreaterThanOrEqualTo(kills * 9 / 10);
            check(engine, handles);
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static String explain(WorkflowEngine engine, List<ExecutionHandle> handles, Set<Integer> open) {
        return open.stream()
                .limit(3)
                .map(i -> String.valueOf(engine.explain(handles.get(i).id())))
                .toList()
                .toString();
    }

    private static ExecutionHandle start(WorkflowEngine engine, int number) {
        ExecutionHandle handle = engine.start(ExecutionRequest.of(WorkerMain.campaign())
                .input(Map.of("n", number))
                .key("run-" + number));
        // It comes before anybody waits for it.
        engine.signal("go", Integer.toString(number), "signal-" + number, "signal " + number);
        return handle;
    }

    private void check(WorkflowEngine engine, List<ExecutionHandle> handles) {
        List<Ledger.Entry> entries = Ledger.read(ledger);
        Map<String, Set<String>> bodies = new HashMap<>();
        Map<String, Long> lastBegin = new HashMap<>();
        Map<String, Integer> begins = new HashMap<>();
        for (Ledger.Entry entry : entries) {
            bodies.computeIfAbsent(entry.key(), key -> new HashSet<>()).add(entry.body());
            if (entry.begins()) {
                lastBegin.merge(entry.key(), entry.micros(), Math::max);
                begins.merge(entry.key(), 1, Integer::sum);
            }
        }
        assertThat(bodies.values()).as("bodies of one idempotency key").allMatch(each -> each.size() == 1);
        int nodes = 0;
        for (int i = 0; i < handles.size(); i++) {
            String id = handles.get(i).id();
            ExecutionRecord record = engine.execution(id).orElseThrow();
            assertThat(record.status()).as("run %s: %s", i, record.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(Json.write(record.output()))
                    .isEqualTo(
                            ("{'left':'left N','right':'right N','each':[{'did':'item 1 of N'},{'did':'item 2 of N'},"
                                            + "{'did':'item 3 of N'}],'call':'child of N','signal':'signal N','last':'last N'}")
                                    .replace('\'', '"')
                                    .replace("N", Integer.toString(i)));
            for (NodeExecution node : engine.nodes(id, null, 1000).items()) {
                String key = id + "/" + node.node() + "/" + node.iteration();
                if (begins.containsKey(key)) {
                    nodes++;
                    // Whoever takes a run over does so a lease after; the clocks of two processes agree much better.
                    assertThat(lastBegin.get(key))
                            .as("the last beginning of %s, which ended durably at %s", key, node.endedAt())
                            .isLessThan(Micros.of(java.util.Objects.requireNonNull(node.endedAt())) + 500_000);
                }
            }
        }
        // left, right, three items and last; the child's own is in another run.
        assertThat(nodes).as("node runs with effects that the ledger knows").isEqualTo(handles.size() * 6);
        assertThat(begins.keySet()).hasSize(handles.size() * 7);
        long repeated = begins.values().stream().filter(count -> count > 1).count();
        System.out.println(begins.size() + " node runs with effects, " + repeated
                + " begun more than once (retries, and those in flight when their process was killed)");
    }
}
