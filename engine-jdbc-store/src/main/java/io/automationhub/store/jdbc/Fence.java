package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows that say which processes count. A process changes one of its own first in every transaction. */
final class Fence {

    /** The writer that does everything but write turns. */
    static final int COORDINATOR = 0;

    private Fence() {}

    /** The condition under which a writer may write a batch: process, writer, number of the batch. */
    static final String MAY_WRITE = " WHERE process = ? AND writer = ? AND batch < ? AND alive = 1";

    /**
     * Begins to write a batch, and says that the process lives. False if it does not count any more, or if the batch was
     * written before; then nothing may be written. If the batch is being written by a connection that was lost, this waits
     * for the end of that.
     *
     * @param batch of the writer's batches, counted from 1; the same when one is tried again
     */
    static boolean begin(Connection connection, Tables tables, Dialect dialect, long process, int writer, long batch)
            throws SQLException {
        String sql = "UPDATE $fence SET beat = " + dialect.nowInBoundedTransaction() + ", batch = ?" + MAY_WRITE;
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setLong(1, batch);
            statement.setLong(2, process);
            statement.setInt(3, writer);
            statement.setLong(4, batch);
            return statement.executeUpdate() == 1;
        }
    }

    /** Whether a batch has been written. */
    static boolean hasWritten(Connection connection, Tables tables, long process, int writer, long batch)
            throws SQLException {
        String sql = tables.sql("SELECT batch FROM $fence WHERE process = ? AND writer = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, process);
            statement.setInt(2, writer);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getLong(1) >= batch;
            }
        }
    }

    /** Says that the process lives. False if it does not count any more; then nothing may be written. */
    static boolean touch(Connection connection, Tables tables, Dialect dialect, long process) throws SQLException {
        String sql = "UPDATE $fence SET beat = " + dialect.nowInBoundedTransaction()
                + " WHERE process = ? AND writer = ? AND alive = 1";
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setLong(1, process);
            statement.setInt(2, COORDINATOR);
            return statement.executeUpdate() == 1;
        }
    }
}
