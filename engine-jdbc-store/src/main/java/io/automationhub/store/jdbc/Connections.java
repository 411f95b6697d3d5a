package io.automationhub.store.jdbc;

import io.automationhub.engine.error.EngineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransientException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends connections of the host's pool, few at a time, with autocommit off and READ COMMITTED, and gives them back as they
 * were. What fails for a reason that passes is tried again.
 */
final class Connections {

    /** The most connections that the store has at a time. */
    static final int MOST = 3;

    /** H2: another transaction has changed the same row. */
    private static final String H2_CONCURRENT_UPDATE = "90131";

    private static final int MYSQL_DISK_FULL = 1021;
    private static final int MYSQL_TABLE_FULL = 1114;
    private static final int MYSQL_OPTION_PREVENTS = 1290;
    private static final int MYSQL_READ_ONLY = 1836;

    private static final int ATTEMPTS = 8;
    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long MOST_PAUSE_MILLIS = 500;

    /** A pool may take long to say that it has no connection. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final DataSource source;
    private final Semaphore free = new Semaphore(MOST, true);

    Connections(DataSource source) {
        this.source = source;
    }

    /** Something that is done in a transaction. It may be done several times, and must be the same each time. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Does something in a transaction, again if it fails for a reason that passes: a deadlock, a lost connection.
     *
     * @param attempted for messages: "claim runs"
     * @throws StoreException if it fails for another reason, or for too long
     */
    <T extends @Nullable Object> T inTransaction(String attempted, Work<T> work) {
        long pause = FIRST_PAUSE_MILLIS;
        long began = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException e) {
                boolean isLate = attempt == ATTEMPTS || System.nanoTime() - began > MOST_NANOS;
                if (isLate || !isPassing(e)) {
                    throw StoreException.of(attempted, e);
                }
            }
            pause(pause, attempted);
            pause = Math.min(pause * 2, MOST_PAUSE_MILLIS);
        }
    }

    /** Inserts a row that somebody else may insert at the same time, in a transaction of its own. False if it is there. */
    boolean insertUnlessThere(String attempted, String sql, Object... values) {
        return inTransaction(attempted, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate() == 1;
            } catch (SQLException e) {
                if (isDuplicate(e)) {
                    connection.rollback();
                    return false;
                }
                throw e;
            }
        });
    }

    /** Does something in a transaction, once. */
    <T extends @Nullable Object> T once(Work<T> work) throws SQLException {
        Lent lent = lend(false);
        try (lent) {
            return once(lent, work);
        }
    }

    private static <T extends @Nullable Object> T once(Lent lent, Work<T> work) throws SQLException {
        try {
            T result = work.with(lent.connection());
            lent.connection().commit();
            lent.done();
            return result;
        } catch (SQLException e) {
            lent.failed(e);
            throw e;
        }
    }

    /** A connection that has to be closed. May wait for others to be given back. */
    Lent lend(boolean autoCommit) throws SQLException {
        free.acquireUninterruptibly();
        try {
            return new Lent(source.getConnection(), free, autoCommit);
        } catch (SQLException | RuntimeException e) {
            free.release();
            throw e;
        }
    }

    /** A connection on loan. */
    static final class Lent implements AutoCloseable {

        private final Connection connection;
        private final Semaphore free;
        private final boolean autoCommit;
        private final int isolation;
        private boolean done;

        private Lent(Connection connection, Semaphore free, boolean wanted) throws SQLException {
            this.connection = connection;
            this.free = free;
            try {
                autoCommit = connection.getAutoCommit();
                isolation = connection.getTransactionIsolation();
                if (autoCommit != wanted) {
                    connection.setAutoCommit(wanted);
                }
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        Connection connection() {
            return connection;
        }

        /** Something failed: if the connection is lost, or leads to what was the primary, nobody gets it any more. */
        void failed(SQLException e) {
            if (isReadOnly(e) || isConnectionLost(e)) {
                try {
                    connection.abort(Runnable::run);
                } catch (SQLException other) {
                    e.addSuppressed(other);
                }
            }
        }

        /** Everything was committed. */
        void done() {
            done = true;
        }

        @Override
        public void close() {
            try (connection) {
                if (!done && !connection.getAutoCommit()) {
                    connection.rollback();
                }
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(isolation);
                }
                if (connection.getAutoCommit() != autoCommit) {
                    connection.setAutoCommit(autoCommit);
                }
            } catch (SQLException e) {
                // A connection that is broken cannot be given back as it was; its pool throws it away.
            } finally {
                free.release();
            }
        }
    }

    private static void pause(long millis, String attempted) {
        try {
            Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Interrupted when about to " + attempted + " again", e);
        }
    }

    /** Whether the same can succeed a little later. */
    static boolean isPassing(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return e instanceof SQLTransientException
                || state.startsWith("40")
                || isConnectionLost(e)
                || isReadOnly(e)
                || state.equals("HYT00")
                || state.equals("55P03")
                || state.startsWith("53")
                || isOutOfRoom(e)
                || state.equals(H2_CONCURRENT_UPDATE);
    }

    /** Whether nobody knows if what was done last was done. */
    static boolean isConnectionLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return e instanceof java.sql.SQLRecoverableException
                || e instanceof java.sql.SQLNonTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("90067")
                || state.equals("90098")
                || state.equals("90121");
    }

    /**
     * Whether the database takes no changes, such as one that was the primary before a failover (PostgreSQL 25006; MariaDB and
     * MySQL 1290, 1836).
     */
    static boolean isReadOnly(SQLException e) {
        return "25006".equals(e.getSQLState())
                || e.getErrorCode() == MYSQL_OPTION_PREVENTS
                || e.getErrorCode() == MYSQL_READ_ONLY;
    }

    /**
     * Whether the database's disk is full, which somebody can mend while runs wait
     * (<a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">class 53</a>,
     * <a href="https://mariadb.com/docs/server/reference/error-codes/mariadb-error-codes-1000-to-1099/e1021">1021</a>, 1114).
     */
    static boolean isOutOfRoom(SQLException e) {
        return "53100".equals(e.getSQLState())
                || e.getErrorCode() == MYSQL_DISK_FULL
                || e.getErrorCode() == MYSQL_TABLE_FULL;
    }

    /** Whether a row is there already. */
    static boolean isDuplicate(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return e instanceof SQLIntegrityConstraintViolationException || state.startsWith("23");
    }
}
