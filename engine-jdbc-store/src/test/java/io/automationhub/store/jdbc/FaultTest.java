package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.store.jdbc.FaultyDataSource.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Lets every single statement of a run with a retry, a timer, a group, a child and a signal go wrong: the connection is lost
 * before or after it, or while the database is still at it, or the process dies. In every build the same few, or others with
 * {@code -Dcampaign.seed}; in the full campaign all.
 */
@Tag("campaign")
class FaultTest {

    private static final boolean FULL = "full".equals(System.getProperty("campaign"));
    private static final int FEW = 4;

    @TestFactory
    List<DynamicTest> aStatementThatGoesWrongLosesAndRepeatsNothing() {
        long seed = Long.getLong("campaign.seed", 1);
        List<DynamicTest> tests = new ArrayList<>();
        for (Database database : Database.available()) {
            for (Fault fault : Fault.values()) {
                tests.add(DynamicTest.dynamicTest(database + " " + fault + " seed " + seed, () -> {
                    int statements = play(database, fault, 0);
                    Random random = new Random(seed);
                    int step = FULL ? 1 : Math.max(1, statements / FEW);
                    int wrong = 0;
                    for (int at = FULL ? 1 : 1 + random.nextInt(step); at <= statements; at += step) {
                        int unused = play(database, fault, at);
                        wrong++;
                    }
                    System.out.printf("%s %s: %d of %d statements went wrong%n", database, fault, wrong, statements);
                }));
            }
        }
        return tests;
    }

    private static WorkflowEngine engine(DataSource source, Map<String, Integer> begins, boolean works) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.builder(source)
                        .schemaMode(SchemaMode.NONE)
                        .build())
                .leaseTime(Duration.ofMillis(400))
                .pollInterval(Duration.ofMillis(20))
                .keepWaiting(Duration.ofMillis(50))
                .closeTimeout(Duration.ofSeconds(2))
                .worker(works)
                .node("effect", context -> {
                    begins.merge(context.idempotencyKey() + "#" + context.attempt(), 1, Integer::sum);
                    if (context.value("failures") instanceof Long failures && context.attempt() <= failures) {
                        throw new IllegalStateException("It fails at first");
                    }
                    return JsonObject.of("did", context.value("what"));
                })
                .build();
    }

    /** One run; how many statements it took until it had ended. */
    private static int play(Database database, Fault fault, int at) throws InterruptedException {
        Map<String, Integer> begins = new ConcurrentHashMap<>();
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
            FaultyDataSource faulty = new FaultyDataSource(source, fault, at);
            WorkflowEngine second = null;
            WorkflowEngine asks = engine(source, begins, false);
            asks.workflows().publish(WorkerMain.child());
            String id = asks.start(ExecutionRequest.of(WorkerMain.campaign())
                            .input(Map.of("n", 7))
                            .key("one"))
                    .id();
            asks.signal("go", "7", "signal-7", "signal 7");
            WorkflowEngine first = startQuietly(faulty, begins);
            try {
                long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (!store.standing("default", id).orElseThrow().status().isEnded()) {
                    assertThat(System.nanoTime())
                            .as("%s %s at %s: %s", database, fault, at, asks.explain(id))
                            .isLessThan(deadline);
                    if (second == null && (first == null || fault.isForGood() && faulty.hasHappened())) {
                        second = engine(source, begins, true);
                    }
                    Thread.sleep(10);
                }
                faulty.join();
                check(database, fault, at, store, id, begins);
                return faulty.count();
            } finally {
                closeQuietly(first);
                closeQuietly(second);
                asks.close();
            }
        }
    }

    /** Null if it cannot even start, because the process dies before. */
    private static WorkflowEngine startQuietly(FaultyDataSource faulty, Map<String, Integer> begins) {
        try {
            return engine(faulty, begins, true);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static void closeQuietly(WorkflowEngine engine) {
        if (engine != null) {
            engine.close();
        }
    }

    private static void check(
            Database database, Fault fault, int at, JdbcWorkflowStore store, String id, Map<String, Integer> begins) {
        String what = database + " " + fault + " at " + at;
        ExecutionRecord record = store.find("default", id).orElseThrow();
        assertThat(record.status()).as("%s: %s", what, record.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(Json.write(record.output()))
                .as(what)
                .isEqualTo("{'left':'left 7','right':'right 7','each':[{'did':'item 1 of 7'},{'did':'item 2 of 7'},"
                        .concat("{'did':'item 3 of 7'}],'call':'child of 7','signal':'signal 7','last':'last 7'}")
                        .replace('\'', '"'));
        // left, three attempts of right, three items, the child's own and last.
        assertThat(begins).as(what).hasSize(9);
        int most = fault.isForGood() ? 2 : 1;
        assertThat(begins.values())
                .as("%s: attempts, how often each was begun: %s", what, begins)
                .allMatch(count -> count <= most);
        assertThat(store.executions(ExecutionQuery.of("default")).items())
                .as(what)
                .hasSize(2);
    }
}
