package io.automationhub.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the store: numbered scripts for each dialect, of which the database remembers which were run. Scripts only
 * add, or change what the version before can live with, so that processes of both can work while one is replaced by the
 * other.
 */
final class Schema {

    /** The scripts in their order; the number of the last is the version. */
    private static final List<String> SCRIPTS = List.of("V1__runs.sql", "V2__documents.sql");

    static final long LOCK = 0x6175746f68756230L;

    static final String LOCK_NAME = "automation-hub-schema";

    /** What MariaDB, MySQL and H2 say of a table or an index that is there already. */
    private static final Set<Integer> THERE = Set.of(1050, 1061, 42_101, 42_111);

    /** How long a process waits for another one that changes the tables. */
    static final int LOCK_SECONDS = 60;

    private final Tables tables;
    private final Dialect dialect;
    private final Connections connections;
    private final int lockSeconds;

    Schema(Tables tables, Dialect dialect, Connections connections, int lockSeconds) {
        this.tables = tables;
        this.dialect = dialect;
        this.connections = connections;
        this.lockSeconds = lockSeconds;
    }

    /** The version of this library. */
    static int version() {
        return SCRIPTS.size();
    }

    /** All scripts for a database, to be run by hand. */
    static String export(Dialect dialect, Tables tables) {
        StringBuilder all = new StringBuilder(history(tables, dialect)).append(";\n\n");
        for (int version = 1; version <= version(); version++) {
            all.append("-- ").append(SCRIPTS.get(version - 1)).append('\n');
            all.append(script(dialect, tables, version));
            all.append("INSERT INTO ")
                    .append(tables)
                    .append("schema_history (version, script, digest) VALUES (")
                    .append(version)
                    .append(", '")
                    .append(SCRIPTS.get(version - 1))
                    .append("', '")
                    .append(digest(dialect, version))
                    .append("');\n\n");
        }
        return all.toString();
    }

    /** Makes the tables, or brings them to this version, if they are not. */
    void migrate() {
        try {
            boolean unused = connections.once(connection -> {
                createHistory(connection);
                lock(connection);
                try {
                    Map<Integer, String> done = done(connection);
                    check(done);
                    for (int version = done.size() + 1; version <= version(); version++) {
                        run(connection, version);
                    }
                    connection.commit();
                } finally {
                    unlock(connection);
                }
                return true;
            });
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            throw state.equals("55P03") || state.equals("HYT00")
                    ? locked(e)
                    : StoreException.of("make or change the tables '" + tables + "…'", e);
        }
    }

    /** Refuses tables that are not those of this version. */
    void validate() {
        Map<Integer, String> done;
        try {
            done = connections.once(this::done);
        } catch (SQLException e) {
            throw new StoreException(
                    "Cannot find the tables '" + tables + "…': " + e.getMessage()
                            + "; make them with SchemaMode.MIGRATE, or run what JdbcWorkflowStore.schema exports",
                    e);
        }
        check(done);
        if (done.size() < version()) {
            throw new StoreException("The tables '" + tables + "…' have version " + done.size()
                    + ", but this library needs "
                    + version() + "; bring them there with SchemaMode.MIGRATE, or run what JdbcWorkflowStore.schema"
                    + " exports");
        }
    }

    private void check(Map<Integer, String> done) {
        for (int version = 1; version <= Math.min(done.size(), version()); version++) {
            if (!digest(dialect, version).equals(done.get(version))) {
                throw new StoreException("The tables '" + tables + "…' are not this library's: script "
                        + SCRIPTS.get(version - 1)
                        + " was another one when it was run; choose another tablePrefix, or look who made them");
            }
        }
        if (done.size() > version()) {
            throw new StoreException("The tables '" + tables + "…' have version " + done.size()
                    + ", which is newer than this library's " + version() + "; upgrade the library");
        }
    }

    private static String history(Tables tables, Dialect dialect) {
        return tables.script(
                "CREATE TABLE IF NOT EXISTS ${prefix}schema_history (version INTEGER PRIMARY KEY, script VARCHAR(200) NOT"
                        + " NULL, digest VARCHAR(100) NOT NULL)",
                dialect);
    }

    private void createHistory(Connection connection) throws SQLException {
        if (exists(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(history(tables, dialect));
            connection.commit();
        } catch (SQLException e) {
            // Two at once: PostgreSQL lets one of them fail although the table need only exist.
            connection.rollback();
            if (!exists(connection)) {
                throw e;
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try {
            done(connection);
            return true;
        } catch (SQLException e) {
            connection.rollback();
            return false;
        }
    }

    /** The digests of the scripts that were run, by their versions. */
    private Map<Integer, String> done(Connection connection) throws SQLException {
        Map<Integer, String> done = new TreeMap<>();
        String sql = tables.sql("SELECT version, digest FROM $schema_history WHERE version > 0");
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                done.put(rows.getInt(1), rows.getString(2));
            }
        }
        return done;
    }

    private void run(Connection connection, int version) throws SQLException {
        boolean again = dialect != Dialect.POSTGRESQL && wasCutShort(connection, version);
        for (String sql : statements(script(dialect, tables, version))) {
            unlessThere(again, () -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            });
        }
        unlessThere(again, () -> note(connection, version, digest(dialect, version)));
        try (PreparedStatement statement =
                connection.prepareStatement(tables.sql("DELETE FROM $schema_history WHERE version = ?"))) {
            statement.setInt(1, -version);
            int unused = statement.executeUpdate();
        }
    }

    /**
     * Only PostgreSQL undoes what a script has made when its process dies, so it is noted first that a script was begun, as a
     * version below zero. If it was begun before, what is there already is left as it is.
     */
    private boolean wasCutShort(Connection connection, int version) throws SQLException {
        String sql = tables.sql("SELECT digest FROM $schema_history WHERE version = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, -version);
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    if (!digest(dialect, version).equals(rows.getString(1))) {
                        throw new StoreException("The tables '" + tables + "…' are half made by another version of this"
                                + " library, whose process died at script " + SCRIPTS.get(version - 1)
                                + "; start that version once, or drop them if they are new");
                    }
                    return true;
                }
            }
        }
        note(connection, -version, digest(dialect, version));
        connection.commit();
        return false;
    }

    private void note(Connection connection, int version, String digest) throws SQLException {
        String sql = tables.sql("INSERT INTO $schema_history (version, script, digest) VALUES (?, ?, ?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, version);
            statement.setString(2, SCRIPTS.get(Math.abs(version) - 1));
            statement.setString(3, digest);
            int unused = statement.executeUpdate();
        }
    }

    private interface Step {
        void take() throws SQLException;
    }

    private static void unlessThere(boolean tolerant, Step step) throws SQLException {
        try {
            step.take();
        } catch (SQLException e) {
            if (!tolerant || !THERE.contains(e.getErrorCode()) && !Connections.isDuplicate(e)) {
                throw e;
            }
        }
    }

    /** Nobody else changes the tables meanwhile; who does not get this does nothing. */
    private void lock(Connection connection) throws SQLException {
        switch (dialect) {
            case POSTGRESQL -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET LOCAL lock_timeout = '" + lockSeconds + "s'");
                    // Of the transaction, so that it works behind a pooler that lends connections for transactions.
                    statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
                }
            }
            case MARIADB, MYSQL -> {
                try (Statement statement = connection.createStatement();
                        ResultSet rows =
                                statement.executeQuery("SELECT GET_LOCK('" + LOCK_NAME + "', " + lockSeconds + ")")) {
                    rows.next();
                    if (rows.getInt(1) != 1) {
                        throw locked(null);
                    }
                }
            }
            case H2 -> {
                try (Statement statement = connection.createStatement()) {
                    // A row that everybody changes; it is no version.
                    statement.execute(
                            tables.sql("MERGE INTO $schema_history KEY (version) VALUES (0, 'lock', 'lock')"));
                }
            }
        }
    }

    private StoreException locked(@Nullable SQLException cause) {
        return new StoreException(
                "Cannot make or change the tables '" + tables + "…': another process has been doing it for "
                        + lockSeconds + " seconds; see whether it hangs, and start again",
                cause);
    }

    private void unlock(Connection connection) throws SQLException {
        if (dialect == Dialect.MARIADB || dialect == Dialect.MYSQL) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT RELEASE_LOCK('" + LOCK_NAME + "')");
            }
        }
    }

    // ---------------------------------------------------------------- scripts

    private static String script(Dialect dialect, Tables tables, int version) {
        return tables.script(text(dialect, version), dialect);
    }

    private static String digest(Dialect dialect, int version) {
        return Digest.of(text(dialect, version));
    }

    private static String text(Dialect dialect, int version) {
        String name = dialect.folder() + "/" + SCRIPTS.get(version - 1);
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The library lacks its script " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Statements end with a semicolon at the end of a line, and no text in them does. */
    private static List<String> statements(String script) {
        List<String> all = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : script.split("\n", -1)) {
            if (!line.startsWith("--")) {
                current.append(line).append('\n');
            }
            if (line.endsWith(";")) {
                String sql = current.toString().strip();
                all.add(sql.substring(0, sql.length() - 1));
                current.setLength(0);
            }
        }
        return all;
    }
}
