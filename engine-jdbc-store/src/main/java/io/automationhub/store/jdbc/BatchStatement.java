package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Writes the parts of a batch, all or none of them. */
interface BatchStatement {

    /** Whether it is one statement that is its own transaction, so that the connection commits by itself. */
    boolean commitsItself();

    /**
     * Writes, if the process still counts.
     *
     * @return the numbers of runs that did not begin, because they were there, or one with the same key was; null if the
     *     process does not count any more, and nothing was written
     */
    @org.jspecify.annotations.Nullable
    Set<Long> write(Connection connection, long process, int writer, List<Part> parts) throws SQLException;
}
