package io.automationhub.store.jdbc;

import io.automationhub.engine.store.WorkflowStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Deletes runs that have ended, and all that belongs to them. */
final class Deletions {

    /** So many are deleted with one transaction. */
    private static final int CHUNK = 200;

    private final Tables tables;
    private final Connections connections;
    private final SafeMetrics metrics;
    private final Retention retention;
    private final List<WorkflowStore.ForgottenRuns> listeners = new CopyOnWriteArrayList<>();

    Deletions(Tables tables, Connections connections, SafeMetrics metrics, Retention retention) {
        this.tables = tables;
        this.connections = connections;
        this.metrics = metrics;
        this.retention = retention;
    }

    void onForgotten(WorkflowStore.ForgottenRuns listener) {
        listeners.add(listener);
    }

    /** A run whose time is over. */
    private record Old(long number, String tenant, String id) {}

    /**
     * Deletes runs whose time is over, the oldest first, in transactions of bounded size; several processes may do so at once.
     *
     * @param mostNanos after so long no further transaction begins
     * @return whether none is left
     */
    boolean expire(long nowMicros, long mostNanos) {
        long began = System.nanoTime();
        for (Map.Entry<Integer, Duration> entry : retention.byStatus().entrySet()) {
            long before = nowMicros - entry.getValue().toNanos() / 1000;
            List<Old> gone;
            do {
                if (System.nanoTime() - began > mostNanos) {
                    return false;
                }
                gone = connections.inTransaction(
                        "delete old runs", connection -> expire(connection, entry.getKey(), before));
                for (Old run : gone) {
                    listeners.forEach(listener -> listener.forgotten(run.tenant(), run.id()));
                }
                if (!gone.isEmpty()) {
                    metrics.deleted(gone.size());
                }
            } while (gone.size() == CHUNK);
        }
        return true;
    }

    private List<Old> expire(Connection connection, int status, long before) throws SQLException {
        String sql = tables.sql("SELECT num, tenant, id FROM $run WHERE status = ? AND ended < ? ORDER BY ended LIMIT "
                + CHUNK + " FOR UPDATE SKIP LOCKED");
        List<Old> old = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, status);
            statement.setLong(2, before);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    old.add(new Old(rows.getLong(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        Map<String, Long> unusedRows =
                delete(connection, old.stream().map(Old::number).toList());
        return old;
    }

    /** Deletes one run. */
    DeletionReport delete(String tenant, String id) {
        return report(tenant, connections.inTransaction("delete the execution '" + id + "'", connection -> {
            String sql = tables.sql("SELECT num, ended FROM $run WHERE tenant = ? AND id = ? FOR UPDATE");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setString(2, id);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        return DeletionReport.NOTHING;
                    }
                    long number = rows.getLong(1);
                    if (rows.getObject(2) == null) {
                        throw new StoreException("Cannot delete the execution '" + id
                                + "': it has not ended; cancel it first, and wait for its end");
                    }
                    return new DeletionReport(List.of(id), List.of(), delete(connection, List.of(number)));
                }
            }
        }));
    }

    /** Deletes all runs with a tag that have ended, in transactions of bounded size. */
    DeletionReport deleteTagged(String tenant, String tag) {
        DeletionReport all = DeletionReport.NOTHING;
        DeletionReport more;
        do {
            more = report(
                    tenant,
                    connections.inTransaction(
                            "delete the runs with the tag '" + tag + "'",
                            connection -> deleteSome(connection, tenant, tag)));
            all = all.and(more);
        } while (more.executions().size() == CHUNK);
        List<String> unfinished = connections.inTransaction(
                "list the runs with the tag '" + tag + "'",
                connection -> tagged(connection, tenant, tag, "ended IS NULL ORDER BY num").stream()
                        .map(Old::id)
                        .toList());
        return all.and(new DeletionReport(List.of(), unfinished, Map.of()));
    }

    private DeletionReport deleteSome(Connection connection, String tenant, String tag) throws SQLException {
        String some = "ended IS NOT NULL ORDER BY num LIMIT " + CHUNK + " FOR UPDATE";
        List<Old> old = tagged(connection, tenant, tag, some);
        Map<String, Long> rows =
                delete(connection, old.stream().map(Old::number).toList());
        return new DeletionReport(old.stream().map(Old::id).toList(), List.of(), rows);
    }

    private List<Old> tagged(Connection connection, String tenant, String tag, String which) throws SQLException {
        String sql = tables.sql("SELECT num, tenant, id FROM $run WHERE num IN"
                + " (SELECT run FROM $run_tag WHERE tenant = ? AND tag = ?) AND " + which);
        List<Old> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant);
            statement.setString(2, tag);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Old(rows.getLong(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        return found;
    }

    private DeletionReport report(String tenant, DeletionReport report) {
        for (String id : report.executions()) {
            listeners.forEach(listener -> listener.forgotten(tenant, id));
        }
        if (!report.executions().isEmpty()) {
            metrics.deleted(report.executions().size());
        }
        return report;
    }

    /** How many rows of each table are gone. */
    private Map<String, Long> delete(Connection connection, List<Long> runs) throws SQLException {
        Map<String, Long> gone = new TreeMap<>();
        if (runs.isEmpty()) {
            return gone;
        }
        String marks = "(" + String.join(", ", Collections.nCopies(runs.size(), "?")) + ")";
        for (String table : Tables.OF_RUNS) {
            gone.put(table, delete(connection, "DELETE FROM $" + table + " WHERE run IN " + marks, runs));
        }
        gone.put("run", delete(connection, "DELETE FROM $run WHERE num IN " + marks, runs));
        return gone;
    }

    private long delete(Connection connection, String sql, List<Long> runs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            for (int i = 0; i < runs.size(); i++) {
                statement.setLong(i + 1, runs.get(i));
            }
            return statement.executeUpdate();
        }
    }
}
