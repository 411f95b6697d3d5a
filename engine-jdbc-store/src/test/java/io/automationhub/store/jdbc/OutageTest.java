package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The database is away, full or has no connection for the store: runs wait and go on, and errors say what to do. */
@Tag("campaign")
class OutageTest {

    private static final int RUNS = 40;
    private static final int STEPS = 5;

    /** How often each attempt was begun, by its key and number. */
    private final Map<String, Integer> begins = new ConcurrentHashMap<>();

    /** Before which no run comes to its last step. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    static List<Database> databases() {
        return Database.available();
    }

    private WorkflowEngine.Builder engine(DataSource source) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .leaseTime(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .node("step", context -> {
                    begins.merge(context.idempotencyKey() + "#" + context.attempt(), 1, Integer::sum);
                    if (context.value("number").equals((long) STEPS - 1)) {
                        gate.await();
                    }
                    return JsonObject.of("did", context.value("number"));
                });
    }

    private static Workflow chain() {
        var builder = Workflow.builder("chain").start(manualTrigger("begin"));
        for (int i = 1; i <= STEPS; i++) {
            builder = builder.then(node("wait" + i, "delay").with("duration", "PT0.1S"))
                    .then(node("s" + i, "step").with("number", i));
        }
        return builder.build();
    }

    private static void startAll(WorkflowEngine engine) {
        for (int i = 0; i < RUNS; i++) {
            engine.start(chain(), Map.of("run", i));
        }
    }

    private void awaitSteps(int count) {
        DurableRunTest.await("that " + count + " of the steps have begun", () -> begins.size() >= count);
    }

    private void checkAllSucceeded(JdbcWorkflowStore store) {
        DurableRunTest.await("that all runs have ended", () -> succeeded(store) == RUNS);
        assertThat(begins).hasSize(RUNS * STEPS);
        assertThat(begins.values()).as("how often each attempt was begun").allMatch(count -> count == 1);
    }

    private static long succeeded(JdbcWorkflowStore store) {
        return store.executions(ExecutionQuery.of("default")
                        .status(ExecutionStatus.SUCCEEDED)
                        .limit(1000))
                .items()
                .size();
    }

    @Test
    void runsGoOnWhenTheDatabaseCrashesAndRecoversUnderThem() throws Exception {
        try (EmbeddedPostgres server = Database.startPostgres();
                HikariDataSource source = Database.pool(server.getJdbcUrl("postgres", "postgres"));
                WorkflowEngine engine = engine(source).build()) {
            JdbcWorkflowStore asks = store(source);
            startAll(engine);
            awaitSteps(RUNS);
            String before = startOf(source);
            // The server answers the death of one of its processes by ending all others and recovering from its log.
            assertThat(ProcessHandle.of(backend(source)).orElseThrow().destroyForcibly())
                    .isTrue();
            checkAllSucceeded(asks);
            assertThat(startOf(source)).as("when the server took up its work").isNotEqualTo(before);
        }
    }

    /** The process of a server's checkpointer changes when the server recovers. */
    private static String startOf(DataSource source) throws SQLException {
        return text(source, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    }

    private static long backend(DataSource source) throws SQLException {
        return Long.parseLong(text(source, "SELECT pg_backend_pid()"));
    }

    private static String text(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void runsGoOnWhenTheHostGivesItsConnectionsBack(Database database) throws Exception {
        String url = database.freshUrl();
        try (HikariDataSource source = small(url);
                HikariDataSource asks = Database.pool(url);
                WorkflowEngine engine = engine(source).build()) {
            List<Connection> taken = takeAllFromRuns(engine, source);
            try {
                gate.countDown();
                assertThatThrownBy(() -> store(source).standing("default", "any"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("the pool gave no connection in time")
                        .hasMessageContaining("make the pool larger or see that connections are given back");
                assertThat(succeeded(store(asks))).isZero();
            } finally {
                for (Connection connection : taken) {
                    connection.close();
                }
            }
            checkAllSucceeded(store(asks));
        }
    }

    private static JdbcWorkflowStore store(DataSource source) {
        return JdbcWorkflowStore.builder(source).schemaMode(SchemaMode.NONE).build();
    }

    private static HikariDataSource small(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setConnectionTimeout(250);
        return new HikariDataSource(config);
    }

    @Test
    void connectionsToWhatWasThePrimaryAreGivenUp() throws Exception {
        String url = Database.POSTGRESQL.freshUrl();
        try (HikariDataSource source = small(url);
                HikariDataSource asks = Database.pool(url);
                WorkflowEngine engine = engine(source).build()) {
            for (Connection connection : takeAllFromRuns(engine, source)) {
                Database.execute(connection, "SET default_transaction_read_only = on");
                connection.close();
            }
            gate.countDown();
            checkAllSucceeded(store(asks));
        }
    }

    /** While no run comes to its last step the host takes what the store gives back, until it has all. */
    private List<Connection> takeAllFromRuns(WorkflowEngine engine, HikariDataSource source) {
        gate = new CountDownLatch(1);
        startAll(engine);
        awaitSteps(RUNS);
        List<Connection> taken = new ArrayList<>();
        DurableRunTest.await("that the host has all connections", () -> {
            try {
                taken.add(source.getConnection());
            } catch (SQLException e) {
                // The store has it.
            }
            return taken.size() == 3;
        });
        return taken;
    }

    @ParameterizedTest
    @MethodSource("databases")
    void runsGoOnWhenThereIsRoomOnTheDiskAgain(Database database) {
        Map<String, SQLException> refusals = new ConcurrentHashMap<>();
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore asks = JdbcWorkflowStore.create(source);
            DataSource full = refusing(source, sql -> sql.contains("SELECT num FROM") ? null : refusals.get("any"));
            try (WorkflowEngine engine = engine(full).build()) {
                startAll(engine);
                awaitSteps(RUNS);
                refusals.put("any", new SQLException("could not extend file: No space left on device", "53100"));
                assertThatThrownBy(() -> store(full).documents().find("notes", "default", "one"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(
                                "the database's disk is full: make room, and what waits goes on by itself");
                assertThat(succeeded(asks)).isLessThan(RUNS);
                refusals.clear();
                checkAllSucceeded(asks);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "40P01, deadlock detected",
        "40001, could not serialize access",
        "25006, cannot execute UPDATE in a read-only transaction",
        "57P01, terminating connection due to administrator command",
        "57P03, the database system is starting up",
        "08006, An I/O error occurred while sending to the backend",
        "53300, too many connections for role"
    })
    void runsGoOnAfterWhatPasses(String state, String message) {
        AtomicInteger refused = new AtomicInteger();
        Map<String, SQLException> refusals = new ConcurrentHashMap<>();
        try (HikariDataSource source = Database.POSTGRESQL.fresh()) {
            JdbcWorkflowStore asks = JdbcWorkflowStore.create(source);
            DataSource fails = refusing(source, sql -> counted(refusals.get("any"), refused));
            try (WorkflowEngine engine = engine(fails).build()) {
                startAll(engine);
                awaitSteps(RUNS);
                refusals.put("any", new SQLException(message, state));
                DurableRunTest.await("that statements have failed", () -> refused.get() > 5);
                refusals.clear();
                checkAllSucceeded(asks);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunThatCannotGoOnIsPutAsideWhenTheStoreAnswersAgain(Database database) {
        AtomicInteger asked = new AtomicInteger();
        Map<String, SQLException> refusals = new ConcurrentHashMap<>();
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore asks = JdbcWorkflowStore.create(source);
            DataSource refusing = refusing(
                    source,
                    sql -> sql.contains("journal") && sql.contains("INSERT")
                            ? refusals.get("journal")
                            : sql.contains("SET problem") ? counted(refusals.get("problem"), asked) : null);
            try (WorkflowEngine engine = engine(refusing).build()) {
                String id = engine.start(chain(), Map.of()).id();
                awaitSteps(1);
                refusals.put("problem", new SQLException("The store does not answer", "58030"));
                refusals.put("journal", new SQLException("The row cannot be stored", "22000"));
                DurableRunTest.await("that the store was asked twice", () -> asked.get() >= 2);
                refusals.clear();
                DurableRunTest.await(
                        "that the store knows why",
                        () -> String.valueOf(asks.standing("default", id)
                                        .orElseThrow()
                                        .problem())
                                .contains("The row cannot be stored"));
            }
        }
    }

    private static SQLException counted(SQLException refusal, AtomicInteger count) {
        if (refusal != null) {
            count.incrementAndGet();
        }
        return refusal;
    }

    /** A database that refuses to prepare some statements. */
    private static DataSource refusing(DataSource source, Function<String, SQLException> refusal) {
        return Proxies.of(
                DataSource.class,
                source,
                (method, arguments, original) -> original.call() instanceof Connection connection
                        ? Proxies.of(Connection.class, connection, (what, values, call) -> {
                            SQLException refused = what.getName().equals("prepareStatement")
                                    ? refusal.apply((String) values[0])
                                    : null;
                            if (refused != null) {
                                throw refused;
                            }
                            return call.call();
                        })
                        : original.call());
    }
}
