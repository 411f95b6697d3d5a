package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.PreparedRun;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that begin in transactions of the host, and steps that count exactly once. */
class TransactionTest {

    private static final Workflow ORDER = Workflow.builder("order")
            .start(manualTrigger("begin"))
            .then(node("book", "book"))
            .build();

    static List<Database> databases() {
        return Database.available();
    }

    private static WorkflowEngine.Builder engine(JdbcWorkflowStore store) {
        return WorkflowEngine.builder().store(store).pollInterval(Duration.ofMillis(20));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunBeginsIfAndOnlyIfTheTransactionIsCommitted(Database database) throws SQLException {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            Database.execute(source, "CREATE TABLE orders (id INTEGER PRIMARY KEY)");
            try (WorkflowEngine engine =
                            engine(store).node("book", call -> "booked").build();
                    Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                PreparedRun lost = engine.prepare(ExecutionRequest.of(ORDER).input(Map.of("id", 1)));
                insert(connection, 1);
                assertThat(store.start(connection, lost)).isEqualTo(lost.id());
                connection.rollback();
                PreparedRun kept = engine.prepare(
                        ExecutionRequest.of(ORDER).input(Map.of("id", 2)).key("order-2"));
                insert(connection, 2);
                assertThat(store.start(connection, kept)).isEqualTo(kept.id());
                assertThat(engine.execution(kept.id())).as("before the commit").isEmpty();
                connection.commit();
                DurableRunTest.await(
                        "it runs",
                        () -> engine.execution(kept.id())
                                .filter(run -> run.status() == ExecutionStatus.SUCCEEDED)
                                .isPresent());
                PreparedRun again = engine.prepare(
                        ExecutionRequest.of(ORDER).input(Map.of("id", 2)).key("order-2"));
                insert(connection, 3);
                assertThat(store.start(connection, again)).as("the same key").isEqualTo(kept.id());
                connection.commit();
                assertThat(Database.count(source, "orders")).isEqualTo(2);
                assertThat(engine.execution(lost.id())).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aConnectionThatCommitsByItselfOrIsOfAnotherDatabaseIsRefused(Database database) throws SQLException {
        try (HikariDataSource source = database.fresh();
                HikariDataSource other = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            try (WorkflowEngine engine =
                            engine(store).node("book", call -> "booked").build();
                    Connection own = source.getConnection();
                    Connection foreign = other.getConnection()) {
                PreparedRun prepared = engine.prepare(ExecutionRequest.of(ORDER));
                assertThatThrownBy(() -> store.start(own, prepared))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("setAutoCommit(false)");
                foreign.setAutoCommit(false);
                assertThatThrownBy(() -> store.start(foreign, prepared))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("not that of the store");
                foreign.rollback();
                assertThat(engine.execution(prepared.id())).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aTransactionalStepCountsOnceThoughItsNodeIsTriedAgain(Database database) throws SQLException {
        try (HikariDataSource source = database.fresh()) {
            Database.execute(source, "CREATE TABLE orders (id INTEGER PRIMARY KEY)");
            AtomicInteger works = new AtomicInteger();
            try (WorkflowEngine engine = engine(JdbcWorkflowStore.create(source))
                    .node("book", context -> {
                        Object booked = context.transaction("book", source, connection -> {
                            insert(connection, works.incrementAndGet());
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("It is rolled back");
                            }
                            return Map.of("number", works.get());
                        });
                        if (context.attempt() < 4) {
                            throw new IllegalStateException("The node fails after its transaction");
                        }
                        return booked;
                    })
                    .build()) {
                WorkflowExecution run = engine.run(
                        Workflow.builder("book")
                                .start(manualTrigger("begin"))
                                .then(node("book", "book")
                                        .retry(io.automationhub.engine.workflow.RetryPolicy.attempts(5)
                                                .delays(Duration.ofMillis(10), 1, null)))
                                .build(),
                        Map.of());
                assertThat(run.status()).as("%s", run.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(run.output()).isEqualTo(Map.of("number", 2L));
                assertThat(works).as("once rolled back, once committed").hasValue(2);
                assertThat(Database.count(source, "orders")).isEqualTo(1);
            }
        }
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (id) VALUES (" + id + ")");
        }
    }
}
