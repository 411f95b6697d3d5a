package io.automationhub.benchmarks.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL that flushes at every commit, with a database for each contender. */
final class PostgresServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    PostgresServer() {
        try {
            server = EmbeddedPostgres.builder()
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("min_wal_size", "2GB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("listen_addresses", "localhost")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What decides whether a figure means anything, as the server says it. */
    String settings() {
        StringBuilder text = new StringBuilder();
        for (String name : new String[] {
            "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers"
        }) {
            text.append(name).append('=').append(one("SHOW " + name)).append(' ');
        }
        return text.toString().trim();
    }

    /** An empty database and a pool for it. */
    HikariDataSource database(String name, int connections) {
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        execute("CREATE DATABASE " + name);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", name));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** What the server has done so far in a database; differences count. */
    record Counters(long commits, long walBytes) {
        Counters since(Counters before) {
            return new Counters(commits - before.commits, walBytes - before.walBytes);
        }
    }

    /** Backends report within a second at the latest; what a connection has just done may be missing. */
    Counters counters(String database) {
        return new Counters(
                Long.parseLong(one("SELECT xact_commit FROM pg_stat_database WHERE datname = '" + database + "'")),
                Long.parseLong(one("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")));
    }

    /** So that no contender pays for what the one before it left to be written. */
    void settle() {
        execute("CHECKPOINT");
    }

    private String one(String sql) {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
