package io.automationhub.benchmarks.durable;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.schedule.CronDialect;
import io.automationhub.engine.schedule.FireTimes;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * What it takes to fire the 100 schedules that are due, of 1,000 and of 100,000 on one PostgreSQL, in turn; and to compute fire
 * times. The clock is set by hand, so that 100 are due at each tick.
 */
public final class ScheduleTicks {

    private static final int DUE = 100;
    private static final int TICKS = 15;
    private static final int WARM_UP = 5;
    private static final int WRITERS = 16;

    private ScheduleTicks() {}

    /** Stands still until it is set on. What waits for it is woken by the look at the store that comes anyway. */
    private static final class HandClock implements EngineClock {

        private final AtomicLong nanos = new AtomicLong();
        private final long begin = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() * 1_000_000;

        void advance(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public long epochMicros(long reading) {
            return begin + reading / 1000;
        }

        @Override
        public Runnable wakeAt(long due, Runnable action) {
            return () -> {};
        }
    }

    /** An engine with its schedules, of which 100 are due each hour. */
    private static final class Contestant {

        private final HandClock clock = new HandClock();
        private final WorkflowEngine engine;
        private volatile CountDownLatch fired = new CountDownLatch(0);

        Contestant(DataSource source, int schedules) throws Exception {
            engine = WorkflowEngine.builder()
                    .store(JdbcWorkflowStore.create(source))
                    .clock(clock)
                    .pollInterval(Duration.ofMillis(5))
                    .node("tick", context -> {
                        fired.countDown();
                        return null;
                    })
                    .build();
            engine.workflows()
                    .publish(Workflow.builder("tick")
                            .start(NodeSpec.of("tick", "tick"))
                            .build());
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int own = writer;
                all.add(writers.submit(() -> {
                    for (int i = own; i < schedules; i += WRITERS) {
                        ScheduleStatus unused = engine.schedules().save(schedule(i));
                    }
                }));
            }
            for (Future<?> each : all) {
                Object unused = each.get();
            }
            writers.shutdown();
        }

        /** The first hundred each hour; the others in a year. */
        private static WorkflowSchedule schedule(int number) {
            ScheduleRule rule = number < DUE
                    ? ScheduleRule.cron(CronDialect.UNIX, "0 * * * *").build()
                    : ScheduleRule.cron(CronDialect.UNIX, number % 60 + " " + number % 24 + " 31 12 *")
                            .zone("Europe/Berlin")
                            .build();
            return WorkflowSchedule.of("s" + number, "tick", rule);
        }

        /** From the hour on until all that are due have begun, in milliseconds. */
        double tick() throws InterruptedException {
            fired = new CountDownLatch(DUE);
            long begun = System.nanoTime();
            clock.advance(Duration.ofHours(1));
            fired.await();
            return (System.nanoTime() - begun) / 1e6;
        }
    }

    public static void main(String[] args) throws Exception {
        fireTimes();
        try (PostgresServer server = new PostgresServer()) {
            Contestant few = new Contestant(server.database("few", 16), 1_000);
            Contestant many = new Contestant(server.database("many", 16), 100_000);
            double[] ofFew = new double[TICKS];
            double[] ofMany = new double[TICKS];
            double begun = 0;
            for (int i = -WARM_UP; i < TICKS; i++) {
                begun = i == 0 ? heap() : begun;
                double one = few.tick();
                Thread.sleep(300);
                double other = many.tick();
                Thread.sleep(300);
                if (i >= 0) {
                    ofFew[i] = one;
                    ofMany[i] = other;
                }
            }
            double a = median(ofFew);
            double b = median(ofMany);
            System.out.printf(Locale.ROOT, "100 due of 1,000: %.1f ms, of 100,000: %.1f ms, ratio %.2f%n", a, b, b / a);
            System.out.printf(
                    Locale.ROOT, "heap of both engines: %.1f MB, after %d ticks %.1f MB%n", begun, TICKS, heap());
            few.engine.close();
            many.engine.close();
        }
    }

    /** What is used after the garbage is gone, in megabytes. */
    private static double heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The next fire time of several expressions in a zone, each from many instants. */
    private static void fireTimes() {
        for (String text : List.of("* * * * *", "0 9 * * MON-FRI", "30 2 * * *", "0 0 29 2 *", "0 0 13 * FRI")) {
            FireTimes times = FireTimes.of(
                    ScheduleRule.cron(CronDialect.UNIX, text)
                            .zone("Europe/Berlin")
                            .build(),
                    Instant.EPOCH,
                    Map.of(),
                    "");
            Instant from = Instant.parse("2024-01-01T00:00:00Z");
            long taken = 0;
            int count = 200_000;
            for (int round = 0; round < 2; round++) {
                long begun = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    if (times.next(from.plusSeconds(1571L * i)) == null) {
                        throw new IllegalStateException(text);
                    }
                }
                taken = System.nanoTime() - begun;
            }
            System.out.printf(Locale.ROOT, "next of '%s': %.2f µs%n", text, taken / 1000.0 / count);
        }
    }
}
