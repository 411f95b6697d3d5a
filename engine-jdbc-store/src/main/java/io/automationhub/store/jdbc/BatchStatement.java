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
     * Writes, if the process still counts and the batch has not been written before.
     *
     * @param batch of the writer's batches, counted from 1; the same when one is tried again
     * @return the numbers of runs that did not begin, because they were there, or one with the same key was; null if nothing
     *     was written
     */
    @org.jspecify.annotations.Nullable
    Set<Long> write(Connection connection, long process, int writer, long batch, List<Part> parts) throws SQLException;
}
