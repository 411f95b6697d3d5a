package io.automationhub.store.jdbc;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The command that checks a store: prints a line for each thing that cannot be as it is, and how many runs it looked at. It
 * changes nothing, and processes may work meanwhile. Payloads that are encrypted cannot be read without their keys: check such
 * a store with {@link JdbcWorkflowStore#check}.
 */
public final class StoreCheck {

    private static final int USAGE = 2;

    private StoreCheck() {}

    /** @param args the JDBC URL; user and password, if the URL does not have them; the prefix of the tables, if it was set */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(
                args,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** @return 0 if all is well, 1 if something was found, 2 if it could not be checked */
    static int run(String[] args, PrintWriter out, PrintWriter err) throws InterruptedException {
        if (args.length == 0 || args.length == 2 || args.length > 4) {
            err.println("Usage: StoreCheck <jdbc-url> [<user> <password>] [<table-prefix>]");
            return USAGE;
        }
        try {
            JdbcWorkflowStore.Builder store =
                    JdbcWorkflowStore.builder(new OneDatabase(args)).schemaMode(SchemaMode.VALIDATE);
            if (args.length == 4) {
                store.tablePrefix(args[3]);
            }
            AtomicLong findings = new AtomicLong();
            long runs = store.build().check(finding -> {
                findings.incrementAndGet();
                out.println(finding);
            });
            out.printf("%,d runs were looked at, %,d problems were found%n", runs, findings.get());
            return findings.get() == 0 ? 0 : 1;
        } catch (RuntimeException e) {
            err.println(e.getMessage());
            return USAGE;
        }
    }

    /** Connections of the driver itself: a command needs no pool. */
    private static final class OneDatabase implements DataSource {

        private final String[] args;

        OneDatabase(String[] args) {
            this.args = args;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return args.length > 1
                    ? DriverManager.getConnection(args[0], args[1], args[2])
                    : DriverManager.getConnection(args[0]);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return DriverManager.getConnection(args[0], user, password);
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {
            DriverManager.setLoginTimeout(seconds);
        }

        @Override
        public int getLoginTimeout() {
            return DriverManager.getLoginTimeout();
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("There is nothing inside");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
