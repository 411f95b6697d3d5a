package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases in which runs cannot be kept: each error says what was found and what to do. */
class BadDatabaseTest {

    @Test
    void aUserWithoutTheRightToMakeTablesIsToldWhichItNeeds() {
        try (HikariDataSource owner = Database.POSTGRESQL.fresh();
                HikariDataSource user = user(owner)) {
            assertThatThrownBy(() -> JdbcWorkflowStore.create(user))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Cannot make or change the tables 'ahe_…'")
                    .hasMessageContaining("lacks a right")
                    .hasMessageContaining("docs/operations.md");
            assertThat(Database.count(
                            owner,
                            "information_schema.tables WHERE table_name LIKE 'ahe%' AND table_schema = 'public'"))
                    .as("tables that were made")
                    .isZero();
        }
    }

    @Test
    void aUserWithTheRightsOfTheManualWorksAndOneWithoutIsTold() {
        try (HikariDataSource owner = Database.POSTGRESQL.fresh();
                HikariDataSource user = user(owner)) {
            JdbcWorkflowStore unused = JdbcWorkflowStore.create(owner);
            JdbcWorkflowStore.Builder store = JdbcWorkflowStore.builder(user).schemaMode(SchemaMode.NONE);
            assertThatThrownBy(() -> store.build().find("default", "one"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("lacks a right");
            Database.execute(
                    owner,
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"" + user.getUsername()
                            + "\"");
            assertThat(JdbcWorkflowStore.builder(user)
                            .schemaMode(SchemaMode.VALIDATE)
                            .build()
                            .find("default", "one"))
                    .isEmpty();
        }
    }

    /** A pool of a user who may do nothing but connect. */
    private static HikariDataSource user(HikariDataSource owner) {
        String name = "u" + UUID.randomUUID().toString().replace("-", "");
        Database.execute(owner, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        Database.execute(owner, "CREATE ROLE \"" + name + "\" LOGIN");
        HikariDataSource pool = Database.pool(owner.getJdbcUrl().replace("user=postgres", "user=" + name));
        pool.setUsername(name);
        return pool;
    }

    @Test
    void aReplicaThatOnlyReadsIsRefused() {
        String url = Database.POSTGRESQL.freshUrl();
        try (HikariDataSource primary = Database.pool(url);
                HikariDataSource replica = Database.pool(url + "&options=-c%20default_transaction_read_only=on")) {
            JdbcWorkflowStore unused = JdbcWorkflowStore.create(primary);
            JdbcWorkflowStore store = JdbcWorkflowStore.create(replica);
            assertThatThrownBy(() -> store.join("process", () -> 0))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the database is read-only, such as a replica: give the store the primary");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Oracle, 23.5, 23, 5, 'the store knows H2, PostgreSQL, MariaDB and MySQL'",
        "PostgreSQL, 13.9, 13, 9, 'it lacks FOR UPDATE SKIP LOCKED; upgrade it to 14'",
        "MariaDB, 10.5.8, 10, 5, 'it lacks FOR UPDATE SKIP LOCKED; upgrade it to 10.6'",
        "MySQL, 5.7.44, 5, 7, 'it lacks FOR UPDATE SKIP LOCKED; upgrade it to 8'",
        "H2, 1.4.200, 1, 4, 'it lacks FOR UPDATE SKIP LOCKED; upgrade it to 2.2'",
    })
    void aDatabaseThatLacksWhatIsNeededIsRefused(String product, String version, int major, int minor, String message) {
        try (HikariDataSource source = Database.H2.fresh()) {
            assertThatThrownBy(() -> JdbcWorkflowStore.create(saying(source, product, version, major, minor)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Cannot keep runs in " + product + " " + version)
                    .hasMessageContaining(message);
        }
    }

    /** A database that says that it is another one. */
    private static DataSource saying(DataSource source, String product, String version, int major, int minor) {
        return Proxies.of(DataSource.class, source, (method, arguments, original) -> {
            Connection connection = (Connection) original.call();
            DatabaseMetaData database = Proxies.of(
                    DatabaseMetaData.class, connection.getMetaData(), (asked, with, call) -> switch (asked.getName()) {
                        case "getDatabaseProductName" -> product;
                        case "getDatabaseProductVersion" -> version;
                        case "getDatabaseMajorVersion" -> major;
                        case "getDatabaseMinorVersion" -> minor;
                        default -> call.call();
                    });
            return Proxies.of(
                    Connection.class,
                    connection,
                    (what, values, call) -> what.getName().equals("getMetaData") ? database : call.call());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                "MODE=MySQL;DATABASE_TO_LOWER=TRUE",
                "MODE=MariaDB;DATABASE_TO_LOWER=TRUE",
                "MODE=DB2",
                "MODE=HSQLDB",
                "MODE=LEGACY",
                "CASE_INSENSITIVE_IDENTIFIERS=TRUE",
                "LOCK_TIMEOUT=50"
            })
    void h2KeepsRunsInModesThatKnowWhatIsNeeded(String mode) {
        try (HikariDataSource source = Database.pool(Database.H2.freshUrl() + ";" + mode);
                WorkflowEngine engine = WorkflowEngine.builder()
                        .store(JdbcWorkflowStore.create(source))
                        .node("step", context -> context.value("number"))
                        .build()) {
            Workflow workflow = Workflow.builder("modes")
                    .limit("crm", 1)
                    .rate("api", 10, Duration.ofSeconds(10))
                    .start(manualTrigger("begin"))
                    .then(node("step", "step").with("number", 7))
                    .then(delay("wait", Duration.ofMillis(10)))
                    .build();
            ExecutionHandle handle = engine.start(
                    ExecutionRequest.of(workflow).input(Map.of()).key("once").tag("tagged"));
            assertThat(handle.await(Duration.ofSeconds(20)).isSucceeded()).isTrue();
            assertThat(engine.executions(ExecutionQuery.of("default").tag("tagged"))
                            .items())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Oracle", "MSSQLServer", "Derby", "STRICT"})
    void h2InAModeThatDoesNotIsRefused(String mode) {
        try (HikariDataSource source = Database.pool(Database.H2.freshUrl() + ";MODE=" + mode)) {
            assertThatThrownBy(() -> JdbcWorkflowStore.create(source))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in the mode " + mode)
                    .hasMessageContaining("take MODE=" + mode + " out of the URL");
        }
    }

    @Test
    void mariaDbInOraclesModeIsRefused() {
        assumeTrue(Database.available().contains(Database.MARIADB), "MariaDB comes with the profile 'all'");
        try (HikariDataSource source =
                Database.pool(Database.MARIADB.freshUrl() + "&sessionVariables=sql_mode='ORACLE'")) {
            assertThatThrownBy(() -> JdbcWorkflowStore.create(source))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("with the sql_mode")
                    .hasMessageContaining("take ORACLE and EMPTY_STRING_IS_NULL out of it");
        }
    }

    @Test
    void postgresqlWithAnEncodingThatLacksCharactersIsRefused() {
        try (HikariDataSource server = Database.POSTGRESQL.fresh()) {
            String name = "l" + UUID.randomUUID().toString().replace("-", "");
            Database.execute(
                    server,
                    "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
            try (HikariDataSource source = Database.pool(server.getJdbcUrl().replaceFirst("/t[0-9a-f]+", "/" + name))) {
                assertThatThrownBy(() -> JdbcWorkflowStore.create(source))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("with the encoding LATIN1")
                        .hasMessageContaining("make a database with ENCODING 'UTF8'");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"26000", "42P05"})
    void aPoolerThatLosesPreparedStatementsIsSaid(String state) {
        assertThat(StoreException.of(
                        "claim runs", new SQLException("prepared statement \"S_1\" is not as it was", state)))
                .hasMessageContaining("a pooler")
                .hasMessageContaining("prepareThreshold=0");
    }
}
