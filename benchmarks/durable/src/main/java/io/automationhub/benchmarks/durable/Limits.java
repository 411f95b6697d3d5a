package io.automationhub.benchmarks.durable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * What the database itself can do at this moment, with rows of the shape that every journal has: a number, a position and a
 * text, under a primary key. The disk is shared, so it changes from minute to minute.
 *
 * @param commitMicros the median time of one row inserted and committed, by one connection
 * @param rowsPerSecond rows inserted by two connections, 500 with each statement and commit
 */
record Limits(double commitMicros, double rowsPerSecond) {

    private static final int ROWS = 500;
    private static final int WRITERS = 2;

    static Limits measure(DataSource source, double seconds) {
        try {
            execute(
                    source,
                    "CREATE TABLE IF NOT EXISTS limit_row (run BIGINT, pos INT, body TEXT,"
                            + " PRIMARY KEY (run, pos))");
            execute(source, "TRUNCATE limit_row");
            double micros = commit(source, seconds);
            CompletableFuture<Double>[] writers = writers(source, seconds);
            double rows =
                    Arrays.stream(writers).mapToDouble(CompletableFuture::join).sum();
            execute(source, "TRUNCATE limit_row");
            return new Limits(micros, rows);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot measure the limits of the database", e);
        }
    }

    Limits mean(Limits other) {
        return new Limits((commitMicros + other.commitMicros) / 2, (rowsPerSecond + other.rowsPerSecond) / 2);
    }

    private static double commit(DataSource source, double seconds) throws SQLException {
        long[] nanos = new long[1_000_000];
        int count = 0;
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO limit_row VALUES (?, ?, ?)")) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() < end && count < nanos.length) {
                long began = System.nanoTime();
                insert.setLong(1, count);
                insert.setInt(2, -1);
                insert.setString(3, "{\"value\":1}");
                insert.executeUpdate();
                nanos[count++] = System.nanoTime() - began;
            }
        }
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2] / 1e3;
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<Double>[] writers(DataSource source, double seconds) {
        return IntStream.range(0, WRITERS)
                .mapToObj(writer -> CompletableFuture.supplyAsync(
                        () -> insertRows(source, writer, seconds), work -> new Thread(work, "limits").start()))
                .toArray(CompletableFuture[]::new);
    }

    private static double insertRows(DataSource source, int writer, double seconds) {
        Long[] runs = new Long[ROWS];
        Integer[] positions = new Integer[ROWS];
        String[] bodies = new String[ROWS];
        for (int i = 0; i < ROWS; i++) {
            positions[i] = i;
            bodies[i] = "{\"value\":1}";
        }
        try (Connection connection = source.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO limit_row SELECT * FROM unnest(?, ?, ?)")) {
            long began = System.nanoTime();
            long end = began + (long) (seconds * 1e9);
            long rows = 0;
            long statements = 0;
            while (System.nanoTime() < end) {
                Arrays.fill(runs, WRITERS * ++statements + writer);
                insert.setArray(1, connection.createArrayOf("bigint", runs));
                insert.setArray(2, connection.createArrayOf("integer", positions));
                insert.setArray(3, connection.createArrayOf("text", bodies));
                rows += insert.executeUpdate();
            }
            return rows / ((System.nanoTime() - began) / 1e9);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
