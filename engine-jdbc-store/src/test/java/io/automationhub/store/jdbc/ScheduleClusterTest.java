package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.schedule.Misfire;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Three processes that fire the same schedules, while they are killed and stopped: each firing begins one run. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Tag("campaign")
class ScheduleClusterTest {

    private static final boolean FULL = "full".equals(System.getProperty("campaign"));
    private static final int SCHEDULES = FULL ? 200 : 50;
    private static final int SECONDS = FULL ? 50 : 12;
    private static final int PROCESSES = 3;
    private static final Duration BOUND = FULL ? Duration.ofMinutes(15) : Duration.ofMinutes(3);

    @TempDir
    private Path ledger;

    @Test
    void eachFiringBeginsOneRun_whateverProcessDiesOrStops() throws Exception {
        long seed = Long.getLong("campaign.seed", System.nanoTime());
        Random random = new Random(seed);
        System.out.println("Schedules in a cluster with -Dcampaign.seed=" + seed);
        String url = Database.POSTGRESQL.freshUrl();
        List<Worker> workers = new ArrayList<>();
        Worker stopped = null;
        try (HikariDataSource source = Database.pool(url);
                WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .node("effect", context -> null)
                        .worker(false)
                        .build()) {
            engine.workflows().publish(tick());
            for (int i = 0; i < PROCESSES; i++) {
                workers.add(Worker.start(url, ledger, "w" + i));
            }
            Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(8);
            Set<String> expected = schedule(engine, begin);
            int started = PROCESSES;
            int disturbed = 0;
            long deadline = System.nanoTime() + BOUND.toNanos();
            while (!isDone(engine)) {
                assertThat(System.nanoTime()).as("seed %s", seed).isLessThan(deadline);
                Thread.sleep(700 + random.nextInt(1500));
                if (Instant.now().isBefore(begin) || disturbed >= SECONDS) {
                    continue;
                }
                disturbed++;
                Worker worker = workers.get(random.nextInt(PROCESSES));
                if (stopped != null) {
                    stopped.signal("CONT");
                    stopped = null;
                } else if (random.nextBoolean()) {
                    worker.signal("STOP");
                    stopped = worker;
                } else {
                    worker.kill();
                    workers.set(workers.indexOf(worker), Worker.start(url, ledger, "w" + started++));
                }
            }
            List<String> fired = fired(engine);
            System.out.println(fired.size() + " firings, " + (started - PROCESSES) + " kills, "
                    + (disturbed - started + PROCESSES) / 2 + " stops, "
                    + Duration.between(begin, Instant.now()).toSeconds() + " s");
            assertThat(new HashSet<>(fired)).as("none twice, seed %s", seed).hasSameSizeAs(fired);
            assertThat(new HashSet<>(fired)).as("none lost, seed %s", seed).isEqualTo(expected);
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static Workflow tick() {
        return Workflow.builder("tick")
                .start(manualTrigger("begin"))
                .then(log("say", "tick"))
                .build();
    }

    /** Each second, until the window is over; what was missed is made up for. */
    private static Set<String> schedule(WorkflowEngine engine, Instant begin) {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < SCHEDULES; i++) {
            ScheduleStatus unused = engine.schedules()
                    .save(WorkflowSchedule.of(
                            "s" + i,
                            "tick",
                            ScheduleRule.every(Duration.ofSeconds(1))
                                    .from(begin)
                                    .until(begin.plusSeconds(SECONDS))
                                    .misfire(Misfire.backfill(Misfire.MOST))
                                    .build()));
            for (int second = 0; second < SECONDS; second++) {
                expected.add("s" + i + " " + begin.plusSeconds(second));
            }
        }
        return expected;
    }

    private static boolean isDone(WorkflowEngine engine) {
        return engine.schedules().list(null, 1000).items().stream()
                        .allMatch(each -> each.next() == null
                                && each.error() == null
                                && !each.recent().isEmpty())
                && engine.executions(ExecutionQuery.of("default")
                                .status(ExecutionStatus.RUNNING)
                                .limit(1))
                        .items()
                        .isEmpty();
    }

    private static List<String> fired(WorkflowEngine engine) {
        List<String> fired = new ArrayList<>();
        String after = null;
        do {
            Page<ExecutionRecord> page = engine.executions(
                    ExecutionQuery.of("default").workflow("tick").limit(1000).after(after));
            for (ExecutionRecord run : page.items()) {
                JsonObject input = (JsonObject) Objects.requireNonNull(run.input());
                fired.add(input.get("schedule") + " " + input.get("plannedAt"));
            }
            after = page.next();
        } while (after != null);
        return fired;
    }
}
