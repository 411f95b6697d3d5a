package io.automationhub.engine.node;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** What a node does in a transaction of a database, and that is to count exactly once. */
@FunctionalInterface
public interface TransactionalWork {

    /**
     * Does it.
     *
     * @param connection with autocommit off; committed, rolled back and closed by the caller of this method
     * @return what it came to: anything with a JSON form
     */
    @Nullable
    Object with(Connection connection) throws Exception;
}
