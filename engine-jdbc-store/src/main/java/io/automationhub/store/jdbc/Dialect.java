package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/** In what databases differ. */
enum Dialect {
    H2("h2", "DATEDIFF(MICROSECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', CURRENT_TIMESTAMP(6))"),
    POSTGRESQL("postgresql", "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"),
    MARIADB("mysql", "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"),
    MYSQL("mysql", "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)");

    /** So long a transaction may do nothing. */
    private static final int MOST_IDLE_MILLIS = 5000;

    private static final int OLDEST_POSTGRESQL = 14;
    private static final int OLDEST_MYSQL = 8;
    private static final Set<String> H2_MODES =
            Set.of("REGULAR", "LEGACY", "POSTGRESQL", "MYSQL", "MARIADB", "DB2", "HSQLDB");
    private static final String OLDEST_MARIADB = "10.6";

    private final String folder;
    private final String now;

    Dialect(String folder, String now) {
        this.folder = folder;
        this.now = now;
    }

    /** Where its scripts are. */
    String folder() {
        return folder;
    }

    /** The database's time in microseconds since 1970, as SQL. */
    String now() {
        return now;
    }

    /**
     * The same, and the database ends the transaction if its process falls silent in it: one that is stopped for good must not
     * keep its locks. Only PostgreSQL has such a bound for one transaction
     * (<a href="https://www.postgresql.org/docs/current/runtime-config-client.html">idle_in_transaction_session_timeout</a>).
     */
    String nowInBoundedTransaction() {
        return this == POSTGRESQL
                ? "CASE WHEN set_config('idle_in_transaction_session_timeout', '" + MOST_IDLE_MILLIS
                        + "', true) IS NULL THEN 0 ELSE " + now + " END"
                : now;
    }

    /** A parameter that is a large number where nothing else says so. */
    String bigint() {
        return this == H2 ? "CAST(? AS BIGINT)" : "?";
    }

    /** How texts are compared: byte by byte, trailing spaces too. */
    String collation() {
        return this == MYSQL ? "utf8mb4_0900_bin" : "utf8mb4_nopad_bin";
    }

    /**
     * The dialect of a database.
     *
     * @throws StoreException if there is none for it, or it is too old
     */
    static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String product = database.getDatabaseProductName();
        String version = database.getDatabaseProductVersion();
        String name = product.toLowerCase(Locale.ROOT);
        int major = database.getDatabaseMajorVersion();
        int minor = database.getDatabaseMinorVersion();
        if (name.contains("postgresql")) {
            Dialect dialect =
                    supported(POSTGRESQL, major >= OLDEST_POSTGRESQL, product, version, "" + OLDEST_POSTGRESQL);
            checkEncoding(connection, product, version);
            return dialect;
        }
        if (name.contains("mariadb") || version.toLowerCase(Locale.ROOT).contains("mariadb")) {
            boolean knowsSkipLocked = major > 10 || major == 10 && minor >= 6;
            Dialect dialect = supported(MARIADB, knowsSkipLocked, product, version, OLDEST_MARIADB);
            checkSqlMode(connection, product, version);
            return dialect;
        }
        if (name.contains("mysql")) {
            return supported(MYSQL, major >= OLDEST_MYSQL, product, version, "" + OLDEST_MYSQL);
        }
        if (name.contains("h2")) {
            Dialect dialect = supported(H2, major > 2 || major == 2 && minor >= 2, product, version, "2.2");
            checkMode(connection, product, version);
            return dialect;
        }
        throw new StoreException("Cannot keep runs in " + product + " " + version
                + ": the store knows H2, PostgreSQL, MariaDB and MySQL; give it a DataSource of one of them");
    }

    private static Dialect supported(Dialect dialect, boolean is, String product, String version, String oldest) {
        if (is) {
            return dialect;
        }
        throw new StoreException("Cannot keep runs in " + product + " " + version + ": it lacks FOR UPDATE SKIP LOCKED;"
                + " upgrade it to " + oldest + " or later");
    }

    private static void checkEncoding(Connection connection, String product, String version) throws SQLException {
        String encoding = text(connection, "SHOW server_encoding");
        if (!encoding.equals("UTF8")) {
            throw new StoreException("Cannot keep runs in " + product + " " + version + " with the encoding " + encoding
                    + ", which lacks characters that runs may have; make a database with ENCODING 'UTF8'");
        }
    }

    private static void checkMode(Connection connection, String product, String version) throws SQLException {
        String mode =
                text(connection, "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'MODE'");
        if (!H2_MODES.contains(mode.toUpperCase(Locale.ROOT))) {
            throw new StoreException("Cannot keep runs in " + product + " " + version + " in the mode " + mode
                    + ", which takes an empty text for none or lacks statements; take MODE=" + mode
                    + " out of the URL");
        }
    }

    private static void checkSqlMode(Connection connection, String product, String version) throws SQLException {
        String modes = text(connection, "SELECT @@sql_mode");
        if (modes.contains("EMPTY_STRING_IS_NULL") || modes.contains("ORACLE")) {
            throw new StoreException("Cannot keep runs in " + product + " " + version + " with the sql_mode " + modes
                    + ", which takes an empty text for none; take ORACLE and EMPTY_STRING_IS_NULL out of it");
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
