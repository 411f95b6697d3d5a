package io.automationhub.benchmarks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Jobs of db-scheduler, which has no workflows: how many single jobs that stand in its table it does each second. A chain of
 * ten would need ten of them.
 */
public final class Jobs {

    private static final int THREADS = 32;
    private static final String TABLE =
            "CREATE TABLE scheduled_tasks (task_name TEXT NOT NULL, task_instance TEXT NOT NULL,"
                    + " task_data BYTEA, execution_time TIMESTAMPTZ NOT NULL, picked BOOLEAN NOT NULL, picked_by TEXT,"
                    + " last_success TIMESTAMPTZ, last_failure TIMESTAMPTZ, consecutive_failures INT,"
                    + " last_heartbeat TIMESTAMPTZ, version BIGINT NOT NULL, priority SMALLINT,"
                    + " PRIMARY KEY (task_name, task_instance))";

    private Jobs() {}

    /** @param args how many jobs; 20,000 unless given */
    public static void main(String[] args) throws Exception {
        int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            measure(server, jobs);
        }
    }

    static void measure(PostgresServer server, int jobs) throws Exception {
        try (HikariDataSource limits = server.database("limits", 2);
                HikariDataSource source = server.database("jobs", THREADS + 4)) {
            prepare(source, jobs);
            Limits before = Limits.measure(limits, 1);
            CountDownLatch left = new CountDownLatch(jobs);
            OneTimeTask<Void> step = Tasks.oneTime("step").execute((instance, context) -> left.countDown());
            Scheduler scheduler = Scheduler.create(source, step)
                    .threads(THREADS)
                    .pollUsingLockAndFetch(1.0, 4.0)
                    .pollingInterval(Duration.ofMillis(50))
                    .build();
            PostgresServer.Counters counters = server.counters("jobs");
            long began = System.nanoTime();
            scheduler.start();
            left.await();
            double seconds = (System.nanoTime() - began) / 1e9;
            PostgresServer.Counters spent = server.counters("jobs").since(counters);
            scheduler.stop();
            Limits limit = before.mean(Limits.measure(limits, 1));
            System.out.printf(
                    "db-scheduler, %d threads: %,.0f jobs/s, %.2f commits and %,d bytes of WAL per job; limits: commit"
                            + " %.0f µs, %,.0f rows/s%n",
                    THREADS,
                    jobs / seconds,
                    (double) spent.commits() / jobs,
                    spent.walBytes() / jobs,
                    limit.commitMicros(),
                    limit.rowsPerSecond());
        }
    }

    private static void prepare(HikariDataSource source, int jobs) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute("CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)");
            statement.execute("CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
            String insert = "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                    + " SELECT 'step', n::text, now(), false, 1 FROM generate_series(1, ?) n";
            try (PreparedStatement rows = connection.prepareStatement(insert)) {
                rows.setInt(1, jobs);
                rows.executeUpdate();
            }
            statement.execute("ANALYZE scheduled_tasks");
        }
    }
}
