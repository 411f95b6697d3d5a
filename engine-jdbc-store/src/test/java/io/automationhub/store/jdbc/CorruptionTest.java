package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.workflow.Workflow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that somebody changed by hand: the other runs go on, and what is wrong is said with its fix. */
class CorruptionTest {

    private static final Workflow WAITS = Workflow.builder("waits")
            .start(node("wait", "wait.signal").with("name", "go"))
            .then(node("work", "step"))
            .build();
    private static final Workflow WORKS =
            Workflow.builder("works").start(node("work", "step")).build();

    static List<Database> databases() {
        return Database.available();
    }

    private static WorkflowEngine engine(JdbcWorkflowStore store) {
        return WorkflowEngine.builder()
                .store(store)
                .pollInterval(Duration.ofMillis(50))
                .keepWaiting(Duration.ofMillis(50))
                .node("step", call -> "done")
                .build();
    }

    private static void change(HikariDataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String ofRun(String id) {
        return " WHERE run = (SELECT num FROM ahe_run WHERE id = '" + id + "')";
    }

    private static List<String> findings(JdbcWorkflowStore store) throws InterruptedException {
        List<String> all = new ArrayList<>();
        store.check(finding -> all.add(finding.toString()));
        return all;
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aStoreThatIsInOrderHasNoFindingsWhileRunsGoOn(Database database) throws InterruptedException {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            try (WorkflowEngine engine = engine(store)) {
                for (int i = 0; i < 150; i++) {
                    engine.start(i % 2 == 0 ? WORKS : WAITS, i);
                }
                assertThat(findings(store)).isEmpty();
            }
            assertThat(findings(store)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aJournalThatCannotBeReadIsFoundAndHarmsNoOtherRun(Database database) throws InterruptedException {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            String waiting;
            String ended;
            try (WorkflowEngine engine = engine(store)) {
                ended = engine.run(WORKS, 1).id();
                waiting = engine.start(WAITS, 2).id();
            }
            change(source, "UPDATE ahe_journal SET body = '[{broken'" + ofRun(ended) + " AND pos = 0");
            change(source, "UPDATE ahe_journal SET body = '[{\"f\":\"unheard\"}]'" + ofRun(waiting) + " AND pos = 0");

            try (WorkflowEngine engine = engine(store)) {
                String good = engine.run(WORKS, 3).id();
                engine.handle(waiting).ifPresent(handle -> {
                    try {
                        handle.signal("go", null);
                    } catch (RuntimeException e) {
                        // It may be put aside already.
                    }
                });
                DurableRunTest.await(
                        "the broken run is put aside",
                        () -> !store.putAside("default").isEmpty());

                List<ExecutionRecord> listed =
                        engine.executions(ExecutionQuery.of("default")).items();
                assertThat(listed).extracting(ExecutionRecord::id).containsExactlyInAnyOrder(ended, waiting, good);
                assertThat(listed)
                        .filteredOn(run -> !run.id().equals(good))
                        .allSatisfy(run -> assertThat(String.valueOf(run.error()))
                                .contains("cannot be read", "restore its rows from a backup, or delete it"));
                assertThat(engine.execution(good).orElseThrow().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            }
            assertThat(findings(store))
                    .hasSize(2)
                    .allSatisfy(finding -> assertThat(finding).contains("Its journal cannot be read"))
                    .anySatisfy(finding -> assertThat(finding).contains(ended))
                    .anySatisfy(finding -> assertThat(finding).contains(waiting));
            assertThat(store.delete("default", ended).executions()).containsExactly(ended);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatDoesNotFitIsFoundWithItsFix(Database database) throws InterruptedException {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            String first;
            String second;
            String third;
            try (WorkflowEngine engine = engine(store)) {
                first = engine.run(WORKS, 1).id();
                second = engine.run(WORKS, 2).id();
                third = engine.start(WAITS, 3).id();
            }
            change(source, "DELETE FROM ahe_journal" + ofRun(first) + " AND pos = 0");
            change(source, "UPDATE ahe_run SET status = 5 WHERE id = '" + second + "'");
            change(source, "UPDATE ahe_run SET owner = 4711, inbox = 3 WHERE id = '" + third + "'");
            change(source, "INSERT INTO ahe_journal (run, pos, body) VALUES (99, 0, '[]')");

            assertThat(findings(store))
                    .containsExactlyInAnyOrder(
                            "Execution '" + first + "' of tenant 'default': Its journal has 1 rows, but the last one is"
                                    + " number 1; restore the rows from a backup, or delete the run",
                            "Execution '" + second + "' of tenant 'default': Its row says failed, but its journal ends"
                                    + " with succeeded; restore both from one backup, or delete the run",
                            "Execution '" + third + "' of tenant 'default': It is with the process 4711, which is not"
                                    + " known; set owner to NULL and due to 0 in its row, so that another process takes it",
                            "Execution '" + third + "' of tenant 'default': Its row counts 3 messages, but there are 0;"
                                    + " set inbox of its row to that number",
                            "The table journal has 1 rows of runs that are not there; delete them; they only take room");
        }
    }

    @Test
    void theCommandPrintsFindingsAndHowItWent() throws InterruptedException {
        try (HikariDataSource source = Database.H2.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            String id;
            try (WorkflowEngine engine = engine(store)) {
                id = engine.run(WORKS, 1).id();
            }
            assertThat(check(0, source.getJdbcUrl())).isEqualTo("1 runs were looked at, 0 problems were found");
            change(source, "UPDATE ahe_run SET due = 0 WHERE id = '" + id + "'");
            assertThat(check(1, source.getJdbcUrl()))
                    .contains("It has ended, but a process may still take it")
                    .contains("1 runs were looked at, 1 problems were found");
            assertThat(check(2, source.getJdbcUrl(), source.getUsername(), "", "other_"))
                    .contains("other_");
            assertThat(check(2, "jdbc:nothing:here")).contains("jdbc:nothing:here");
            assertThat(check(2)).contains("Usage");
        }
    }

    private static String check(int exit, String... args) throws InterruptedException {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        assertThat(StoreCheck.run(args, out, out)).as(text.toString()).isEqualTo(exit);
        return text.toString().trim();
    }
}
