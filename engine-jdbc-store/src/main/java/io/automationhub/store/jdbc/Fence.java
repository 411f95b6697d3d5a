package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The rows that say which processes count. A process changes one of its own first in every transaction. */
final class Fence {

    /** The writer that does everything but write turns. */
    static final int COORDINATOR = 0;

    private Fence() {}

    /** Says that the process lives. False if it does not count any more; then nothing may be written. */
    static boolean touch(Connection connection, Tables tables, Dialect dialect, long process, int writer)
            throws SQLException {
        String sql = "UPDATE $fence SET beat = " + dialect.nowInBoundedTransaction()
                + " WHERE process = ? AND writer = ? AND alive = 1";
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setLong(1, process);
            statement.setInt(2, writer);
            return statement.executeUpdate() == 1;
        }
    }
}
