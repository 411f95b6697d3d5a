package io.automationhub.store.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Counts the statements and commits that go to a database, and lets one of them go wrong. */
final class FaultyDataSource implements DataSource {

    enum Fault {
        /** The connection is lost, and the statement was not executed. */
        CUT_BEFORE(false, false),
        /** The connection is lost, and the statement was executed. */
        CUT_AFTER(true, false),
        /** The connection is lost, and the database executes the statement when what failed has been tried again. */
        CUT_LATE(false, false),
        /** Nothing reaches the database any more, from this statement on: the process died. */
        DIES_BEFORE(false, true),
        /** Nothing reaches the database any more, after this statement. */
        DIES_AFTER(true, true);

        private final boolean executes;
        private final boolean forGood;

        Fault(boolean executes, boolean forGood) {
            this.executes = executes;
            this.forGood = forGood;
        }

        boolean isForGood() {
            return forGood;
        }
    }

    private static final long LATE_MILLIS = 100;

    private final DataSource source;
    private final Fault fault;
    private final int at;
    private final AtomicInteger count = new AtomicInteger();
    private volatile Thread late;

    /** @param at counted from 1; 0 for never */
    FaultyDataSource(DataSource source, Fault fault, int at) {
        this.source = source;
        this.fault = fault;
        this.at = at;
    }

    /** How many statements there were. */
    int count() {
        return count.get();
    }

    boolean hasHappened() {
        return at > 0 && count.get() >= at;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (fault.forGood && hasHappened()) {
            throw dead();
        }
        Connection connection = source.getConnection();
        AtomicBoolean lost = new AtomicBoolean();
        return Proxies.of(Connection.class, connection, (method, arguments, original) -> {
            if (lost.get()) {
                return afterLoss(method);
            }
            if (method.getName().equals("commit")) {
                return guarded(connection, lost, original);
            }
            Object result = original.call();
            if (result instanceof CallableStatement || !(result instanceof Statement statement)) {
                return result;
            }
            Class<? extends Statement> type =
                    statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
            return Proxies.of(
                    type,
                    statement,
                    (what, values, call) -> lost.get()
                            ? afterLoss(what)
                            : what.getName().startsWith("execute") ? guarded(connection, lost, call) : call.call());
        });
    }

    /** What the process does with a lost connection does not reach the database. */
    private static Object afterLoss(Method method) throws SQLException {
        if (method.getName().equals("close")) {
            return null;
        }
        throw new SQLException("The connection was cut by the test before", "08003");
    }

    private Object guarded(Connection connection, AtomicBoolean lost, Proxies.Original call) throws Throwable {
        int number = count.incrementAndGet();
        if (at > 0 && fault.forGood && number > at) {
            throw dead();
        }
        if (number != at) {
            return call.call();
        }
        if (fault.executes) {
            call.call();
        }
        if (fault.forGood) {
            throw dead();
        }
        lost.set(true);
        if (fault == Fault.CUT_LATE) {
            later(connection, call);
        } else {
            connection.close();
        }
        throw new SQLException("The connection was cut by the test", "08006");
    }

    /** Statements are tried again after some 5 to 20 ms. */
    private void later(Connection connection, Proxies.Original call) {
        late = new Thread(() -> {
            try (connection) {
                Thread.sleep(LATE_MILLIS);
                Object unused = call.call();
            } catch (Throwable e) {
                // Nobody hears of it: the connection is lost.
            }
        });
        late.start();
    }

    /** Waits until nothing reaches the database any more. */
    void join() throws InterruptedException {
        Thread known = late;
        if (known != null) {
            known.join();
        }
    }

    private static SQLException dead() {
        return new SQLException("The process is dead", "XX000");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
