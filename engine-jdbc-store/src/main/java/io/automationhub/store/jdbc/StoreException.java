package io.automationhub.store.jdbc;

import io.automationhub.engine.error.EngineException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database does not do what the store needs of it. The message says what was attempted, and what to do. */
public final class StoreException extends EngineException {

    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static StoreException of(String attempted, SQLException cause) {
        return new StoreException("Cannot " + attempted + ": " + cause.getMessage() + hint(cause), cause);
    }

    private static String hint(SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        if (state.startsWith("08") || state.equals("57P01") || state.equals("57P03")) {
            return "; the database cannot be reached, see that it runs and that the DataSource names it";
        }
        if (state.equals("42501")
                || state.equals("42000") && String.valueOf(cause.getMessage()).contains("denied")) {
            return "; the user of the DataSource lacks a right, see docs/operations.md for those that it needs";
        }
        if (Connections.isReadOnly(cause)) {
            return "; the database is read-only, such as a replica: give the store the primary";
        }
        if (state.equals("26000") || state.equals("42P05")) {
            return "; a pooler between this process and the database loses prepared statements: add prepareThreshold=0 to the"
                    + " URL, or let the pooler keep them (PgBouncer from 1.21: max_prepared_statements)";
        }
        if (Connections.isOutOfRoom(cause)) {
            return "; the database's disk is full: make room, and what waits goes on by itself";
        }
        if (state.startsWith("53")) {
            return "; the database has no room or no connections left, see what uses them, or raise its limits";
        }
        if (cause instanceof SQLTransientConnectionException) {
            return "; the pool gave no connection in time: the store needs up to " + Connections.MOST
                    + " besides those of the host, so make the pool larger or see that connections are given back;"
                    + " if it is empty, see that the database runs";
        }
        return "";
    }
}
