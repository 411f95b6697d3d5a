package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of the store: who makes them, and what is said when they are not in order. */
@Tag("campaign")
class SchemaTest {

    static List<Database> databases() {
        return Database.available();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void severalAtOnceMakeTheTablesOnce(Database database) throws Exception {
        try (HikariDataSource source = database.fresh()) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<JdbcWorkflowStore>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    all.add(threads.submit(() -> JdbcWorkflowStore.create(source)));
                }
                for (Future<JdbcWorkflowStore> each : all) {
                    assertThat(each.get().find("default", "none")).isEmpty();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(JdbcWorkflowStore.builder(source)
                            .schemaMode(SchemaMode.VALIDATE)
                            .build())
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatIsMissingNewerOrForeignIsSaid(Database database) {
        try (HikariDataSource source = database.fresh()) {
            assertThatThrownBy(() -> JdbcWorkflowStore.builder(source)
                            .schemaMode(SchemaMode.VALIDATE)
                            .build())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Cannot find the tables 'ahe_…'")
                    .hasMessageContaining("SchemaMode.MIGRATE");
            JdbcWorkflowStore.create(source);
            Database.execute(
                    source, "INSERT INTO ahe_schema_history (version, script, digest) VALUES (99, 'V99.sql', 'x')");
            for (SchemaMode mode : List.of(SchemaMode.MIGRATE, SchemaMode.VALIDATE)) {
                assertThatThrownBy(() -> JdbcWorkflowStore.builder(source)
                                .schemaMode(mode)
                                .build())
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("newer than this library's")
                        .hasMessageContaining("upgrade the library");
            }
            Database.execute(source, "UPDATE ahe_schema_history SET digest = 'other' WHERE version = 1");
            assertThatThrownBy(() -> JdbcWorkflowStore.create(source))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("are not this library's")
                    .hasMessageContaining("tablePrefix");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theExportedScriptMakesTheSameTables(Database database) {
        try (HikariDataSource source = database.fresh()) {
            String sql = JdbcWorkflowStore.builder(source).tablePrefix("own_").schemaSql();
            for (String statement : sql.split(";\n", -1)) {
                String bare = statement.replaceAll("(?m)^--.*$", "").strip();
                if (!bare.isEmpty()) {
                    Database.execute(source, bare);
                }
            }
            JdbcWorkflowStore store = JdbcWorkflowStore.builder(source)
                    .tablePrefix("own_")
                    .schemaMode(SchemaMode.VALIDATE)
                    .build();
            assertThat(store.find("default", "none")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whoDoesNotGetTheLockChangesNothingAndSaysSo(Database database) throws SQLException {
        try (HikariDataSource source = database.fresh();
                Connection other = source.getConnection()) {
            Tables tables = new Tables("", "ahe_");
            switch (database) {
                case POSTGRESQL -> Database.execute(other, "SELECT pg_advisory_lock(" + Schema.LOCK + ")");
                case MARIADB -> Database.execute(other, "SELECT GET_LOCK('" + Schema.LOCK_NAME + "', 1)");
                case H2, H2_FILE -> {
                    Database.execute(
                            other,
                            "CREATE TABLE ahe_schema_history (version INTEGER PRIMARY KEY, script VARCHAR(200) NOT NULL,"
                                    + " digest VARCHAR(100) NOT NULL)");
                    other.setAutoCommit(false);
                    Database.execute(other, "INSERT INTO ahe_schema_history VALUES (0, 'lock', 'lock')");
                }
            }
            Schema schema = new Schema(tables, Dialect.of(other), new Connections(source), 1);
            assertThatThrownBy(schema::migrate)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process has been doing it for 1 seconds")
                    .hasMessageContaining("see whether it hangs, and start again");
            assertThat(runTables(source)).as("tables that were made").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aMigrationThatWasCutShortIsFinishedByTheNext(Database database) {
        int statements = migrate(database, 0);
        // Not each of them, because each takes a new database.
        for (int at = 1; at <= statements; at += 11) {
            int unused = migrate(database, at);
        }
    }

    /** How many statements it takes. */
    private static int migrate(Database database, int at) {
        try (HikariDataSource source = database.fresh()) {
            FaultyDataSource dies = new FaultyDataSource(source, FaultyDataSource.Fault.DIES_AFTER, at);
            if (at == 0) {
                assertThat(JdbcWorkflowStore.create(dies)).isNotNull();
            } else {
                assertThatThrownBy(() -> JdbcWorkflowStore.create(dies)).isInstanceOf(StoreException.class);
            }
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            assertThat(store.find("default", "none")).isEmpty();
            assertThat(JdbcWorkflowStore.builder(source)
                            .schemaMode(SchemaMode.VALIDATE)
                            .build())
                    .isNotNull();
            return dies.count();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theTablesStandInTheSchemaThatIsNamedAndNowhereElse(Database database) {
        String schema = "s" + UUID.randomUUID().toString().replace("-", "");
        try (HikariDataSource source = database.fresh()) {
            Database.execute(source, "CREATE SCHEMA " + schema);
            JdbcWorkflowStore store =
                    JdbcWorkflowStore.builder(source).schema(schema).build();
            try (WorkflowEngine engine = WorkflowEngine.builder()
                    .store(store)
                    .blobStore(store.blobs())
                    .node("step", context -> 7)
                    .build()) {
                Workflow workflow = Workflow.builder("w")
                        .limit("crm", 1)
                        .start(manualTrigger("begin"))
                        .then(node("step", "step"))
                        .build();
                engine.workflows().publish(workflow);
                assertThat(engine.run(workflow, null).output()).isEqualTo(7L);
            }
            assertThat(Database.count(source, schema + ".ahe_run")).isEqualTo(1);
            assertThat(runTables(source)).as("tables elsewhere").isZero();
            assertThat(JdbcWorkflowStore.builder(source)
                            .schema(schema)
                            .schemaMode(SchemaMode.VALIDATE)
                            .build())
                    .isNotNull();
        }
    }

    @Test
    void aDatabaseThatCannotBeReachedIsSaid() {
        try (HikariDataSource source = Database.pool("jdbc:postgresql://localhost:1/none?user=nobody")) {
            source.setConnectionTimeout(300);
            assertThatThrownBy(() -> JdbcWorkflowStore.create(source))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Cannot reach the database of the store");
        }
    }

    @Test
    void namesThatAreNoneAreRefused() {
        try (HikariDataSource source = Database.H2.fresh()) {
            for (String bad : List.of("", "1a", "a-b", "a;DROP", "x".repeat(50))) {
                assertThatThrownBy(() -> JdbcWorkflowStore.builder(source)
                                .tablePrefix(bad)
                                .build())
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** How many tables of runs are in the schema of the connection. */
    private static int runTables(HikariDataSource source) {
        String database = source.getJdbcUrl().replaceAll(".*/|\\?.*", "");
        return Database.count(
                source,
                "information_schema.tables WHERE LOWER(table_name) = 'ahe_run' AND LOWER(table_schema) IN ('public', '"
                        + database + "')");
    }
}
