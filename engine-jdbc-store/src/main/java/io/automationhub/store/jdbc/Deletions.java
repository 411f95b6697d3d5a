package io.automationhub.store.jdbc;

import io.automationhub.engine.store.WorkflowStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Deletes runs that have ended, and all that belongs to them. */
final class Deletions {

    private static final List<String> OF_A_RUN = List.of(
            "DELETE FROM $journal WHERE run = ?",
            "DELETE FROM $large_value WHERE run = ?",
            "DELETE FROM $inbox WHERE run = ?",
            "DELETE FROM $open_wait WHERE run = ?",
            "DELETE FROM $run WHERE num = ?");

    private final Tables tables;
    private final Connections connections;
    private final SafeMetrics metrics;
    private final List<WorkflowStore.ForgottenRuns> listeners = new CopyOnWriteArrayList<>();

    Deletions(Tables tables, Connections connections, SafeMetrics metrics) {
        this.tables = tables;
        this.connections = connections;
        this.metrics = metrics;
    }

    void onForgotten(WorkflowStore.ForgottenRuns listener) {
        listeners.add(listener);
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
                    delete(connection, number);
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

    private void delete(Connection connection, long run) throws SQLException {
        for (String sql : OF_A_RUN) {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
                statement.setLong(1, run);
                int unused = statement.executeUpdate();
            }
        }
    }
}
