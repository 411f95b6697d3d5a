package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds processes that have died, and hands on the runs that they had. Whoever finds one marks it dead first, so that it
 * cannot change anything any more, and only then touches its runs.
 */
final class DeadProcesses {

    private static final int CHUNK = 500;

    private final Tables tables;
    private final Dialect dialect;

    DeadProcesses(Tables tables, Dialect dialect) {
        this.tables = tables;
        this.dialect = dialect;
    }

    /** Marks processes dead that were silent for {@code ttl}, and hands their runs on. */
    int handOn(Connections connections, Duration ttl, int mostCrashes, long self) {
        long silent = ttl.toNanos() / 1000;
        for (long process : silent(connections, silent)) {
            if (process != self) {
                boolean unused = connections.inTransaction(
                        "mark process " + process + " dead", connection -> markDead(connection, process, silent));
            }
        }
        int count = 0;
        for (long process : processes(connections, "SELECT DISTINCT process FROM $fence WHERE alive = 0")) {
            int more;
            do {
                more = connections.inTransaction(
                        "hand on runs of process " + process,
                        connection -> requeue(connection, process, mostCrashes, true));
                count += more;
            } while (more == CHUNK);
            forget(connections, process);
        }
        return count;
    }

    private List<Long> silent(Connections connections, long micros) {
        return processes(
                connections,
                "SELECT process FROM $fence WHERE alive = 1 GROUP BY process HAVING MAX(beat) < " + dialect.now()
                        + " - " + micros);
    }

    private List<Long> processes(Connections connections, String sql) {
        return connections.inTransaction("look for dead processes", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql));
                    ResultSet rows = statement.executeQuery()) {
                List<Long> processes = new ArrayList<>();
                while (rows.next()) {
                    processes.add(rows.getLong(1));
                }
                return processes;
            }
        });
    }

    /** A row that somebody has locked belongs to a process that is about to write: it lives. */
    private boolean markDead(Connection connection, long process, long micros) throws SQLException {
        String lock = tables.sql("SELECT writer, CASE WHEN beat < " + dialect.now() + " - " + micros
                + " THEN 1 ELSE 0 END FROM $fence WHERE process = ? AND alive = 1 FOR UPDATE SKIP LOCKED");
        int silent = 0;
        try (PreparedStatement statement = connection.prepareStatement(lock)) {
            statement.setLong(1, process);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    silent += rows.getInt(2);
                }
            }
        }
        if (silent < JdbcMember.fences()) {
            return false;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(tables.sql("UPDATE $fence SET alive = 0 WHERE process = ?"))) {
            statement.setLong(1, process);
            return statement.executeUpdate() > 0;
        }
    }

    private int requeue(Connection connection, long process, int mostCrashes, boolean crashed) throws SQLException {
        List<Long> runs = new ArrayList<>();
        String find = tables.sql("SELECT num FROM $run WHERE owner = ? ORDER BY num LIMIT " + CHUNK + " FOR UPDATE");
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            statement.setLong(1, process);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    runs.add(rows.getLong(1));
                }
            }
        }
        String change = crashed
                ? "UPDATE $run SET problem = CASE WHEN crashes + 1 >= " + mostCrashes
                        + " THEN 'So many processes died that"
                        + " had it: it may be what kills them. Look for what it does there, then release it.' ELSE problem"
                        + " END, due = CASE WHEN crashes + 1 >= " + mostCrashes + " THEN NULL ELSE 0 END,"
                        + " crashes = crashes + 1, owner = NULL WHERE num = ?"
                : "UPDATE $run SET due = 0, owner = NULL WHERE num = ?";
        if (!runs.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(change))) {
                for (long run : runs) {
                    statement.setLong(1, run);
                    statement.addBatch();
                }
                int[] unused = statement.executeBatch();
            }
        }
        return runs.size();
    }

    /** Nothing is left of a process once it has no runs. */
    private void forget(Connections connections, long process) {
        for (String table : List.of(
                "DELETE FROM $limit_claim WHERE process = ? AND counts_until IS NULL",
                "UPDATE $limit_claim SET process = NULL WHERE process = ?",
                "DELETE FROM $fence WHERE process = ?",
                "DELETE FROM $process WHERE num = ?")) {
            int unused = connections.inTransaction("forget process " + process, connection -> {
                try (PreparedStatement statement = connection.prepareStatement(tables.sql(table))) {
                    statement.setLong(1, process);
                    return statement.executeUpdate();
                }
            });
        }
    }

    /** A process leaves: it counts no more, and its runs are due at once. */
    void leave(Connections connections, long process) {
        int marked = connections.inTransaction("leave the store", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    tables.sql("UPDATE $fence SET alive = 0 WHERE process = ? AND alive = 1"))) {
                statement.setLong(1, process);
                return statement.executeUpdate();
            }
        });
        if (marked > 0) {
            int more;
            do {
                more = connections.inTransaction(
                        "hand runs back", connection -> requeue(connection, process, Integer.MAX_VALUE, false));
            } while (more == CHUNK);
            forget(connections, process);
        }
    }
}
