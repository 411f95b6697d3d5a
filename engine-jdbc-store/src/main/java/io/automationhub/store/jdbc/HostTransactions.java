package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.store.PreparedRun;
import io.automationhub.engine.store.RunCommit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;

/** Writes the beginnings of runs into transactions that are the host's. */
final class HostTransactions {

    private final JdbcWorkflowStore store;
    private final Tables tables;

    HostTransactions(JdbcWorkflowStore store) {
        this.store = store;
        tables = store.tables();
    }

    String start(Connection connection, PreparedRun prepared) {
        RunCommit beginning = prepared.beginning();
        String workflow = beginning.workflow().id();
        ExecutionFact.RunStarted started =
                (ExecutionFact.RunStarted) beginning.facts().get(0);
        // In transactions of their own: they must be there, whatever becomes of the host's.
        long definition = store.definitions().number(beginning.tenant(), beginning.workflow());
        store.priorities().add(-started.priority());
        Part part = store.commits().part(beginning, definition, false, null);
        try {
            check(connection, prepared, workflow);
            // PostgreSQL gives a transaction up at the first statement that fails, but for what a savepoint saves.
            Savepoint before = connection.setSavepoint();
            PortableBatch rows = new PortableBatch(tables, store.dialect());
            if (rows.begin(connection, part)) {
                connection.releaseSavepoint(before);
                return beginning.id();
            }
            connection.rollback(before);
            return first(connection, java.util.Objects.requireNonNull(part.fresh()));
        } catch (SQLException e) {
            throw StoreException.of("start workflow '" + workflow + "' in the transaction", e);
        }
    }

    private void check(Connection connection, PreparedRun prepared, String workflow) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new StoreException("Cannot start workflow '" + workflow
                    + "' in a transaction: the connection commits by itself; call setAutoCommit(false) first");
        }
        Savepoint before = connection.setSavepoint();
        String sql = tables.sql("SELECT 1 FROM $process WHERE num = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, prepared.process());
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    connection.releaseSavepoint(before);
                    return;
                }
            }
        } catch (SQLException e) {
            connection.rollback(before);
        }
        throw new StoreException("Cannot start workflow '" + workflow
                + "' in this transaction: its database is not that of the store, or another engine prepared the run;"
                + " take the connection from the DataSource of the store");
    }

    private String first(Connection connection, Part.Fresh fresh) throws SQLException {
        String sql = tables.sql("SELECT id FROM $run WHERE start_digest = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, fresh.startDigest());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : fresh.id();
            }
        }
    }
}
