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
import java.util.concurrent.CopyOnWriteArrayList;

/** Deletes runs that have ended, and all that belongs to them. */
final class Deletions {

    private static final List<String> OF_RUNS = List.of(
            "DELETE FROM $journal WHERE run IN ",
            "DELETE FROM $large_value WHERE run IN ",
            "DELETE FROM $inbox WHERE run IN ",
            "DELETE FROM $open_wait WHERE run IN ",
            "DELETE FROM $run WHERE num IN ");

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
        delete(connection, old.stream().map(Old::number).toList());
        return old;
    }

    /** Deletes one run. */
    boolean delete(String tenant, String id) {
        boolean deleted = connections.inTransaction("delete the execution '" + id + "'", connection -> {
            String sql = tables.sql("SELECT num, ended FROM $run WHERE tenant = ? AND id = ? FOR UPDATE");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setString(2, id);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        return false;
                    }
                    long number = rows.getLong(1);
                    if (rows.getObject(2) == null) {
                        throw new StoreException("Cannot delete the execution '" + id
                                + "': it has not ended; cancel it first, and wait for its end");
                    }
                    delete(connection, List.of(number));
                    return true;
                }
            }
        });
        if (deleted) {
            listeners.forEach(listener -> listener.forgotten(tenant, id));
            metrics.deleted(1);
        }
        return deleted;
    }

    private void delete(Connection connection, List<Long> runs) throws SQLException {
        if (runs.isEmpty()) {
            return;
        }
        String marks = "(" + String.join(", ", Collections.nCopies(runs.size(), "?")) + ")";
        for (String sql : OF_RUNS) {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql + marks))) {
                for (int i = 0; i < runs.size(); i++) {
                    statement.setLong(i + 1, runs.get(i));
                }
                int unused = statement.executeUpdate();
            }
        }
    }
}
