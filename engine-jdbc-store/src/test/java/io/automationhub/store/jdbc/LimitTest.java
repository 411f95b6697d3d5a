package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.store.LimitClaim;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Limit;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits of attempts and of runs, which hold in all processes of a store together. */
@Tag("campaign")
class LimitTest {

    private static final int RUNS = 20;
    private static final int MOST = 2;

    /** How many attempts run now, and the most that ever did at once. */
    private final AtomicInteger running = new AtomicInteger();

    private final AtomicInteger most = new AtomicInteger();
    private final Set<String> processes = ConcurrentHashMap.newKeySet();

    static List<Database> databases() {
        return Database.available();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aNamedLimitBoundsTheAttemptsOfAllProcesses(Database database) throws Exception {
        runAll(database, Workflow.builder("named").limit("crm", MOST));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theLimitOfAWorkflowBoundsItsRunsInAllProcesses(Database database) throws Exception {
        runAll(database, Workflow.builder("limited").limit(MOST));
    }

    private void runAll(Database database, WorkflowBuilder limited) throws Exception {
        Workflow workflow =
                limited.start(manualTrigger("begin")).then(node("work", "work")).build();
        CountDownLatch bothHaveBegun = new CountDownLatch(MOST);
        try (HikariDataSource source = database.fresh();
                WorkflowEngine one = engine(source, "one", bothHaveBegun);
                WorkflowEngine two = engine(source, "two", bothHaveBegun)) {
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                handles.add((i % 2 == 0 ? one : two).start(workflow, Map.of()));
            }
            for (ExecutionHandle handle : handles) {
                assertThat(handle.await(Duration.ofSeconds(60)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            }
            assertThat(most).as("attempts at the same time").hasValue(MOST);
            assertThat(processes).as("processes that took part").hasSize(2);
            DurableRunTest.await("no place is taken any more", () -> Database.count(source, "ahe_limit_claim") == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void placesOfAProcessThatDiedGoToOthers(Database database) throws Exception {
        Workflow workflow = Workflow.builder("after")
                .limit("crm", 1)
                .start(manualTrigger("begin"))
                .then(node("work", "work"))
                .build();
        try (HikariDataSource source = database.fresh();
                StoreMember dead = JdbcWorkflowStore.create(source).join("dead", () -> Micros.of(Instant.now()))) {
            LimitClaim claim =
                    new LimitClaim(dead.nextNumber(), "default", Map.of("crm", Limit.atOnce(1)), 0, Instant.now());
            assertThat(dead.limits(List.of(claim), List.of(), List.of())).containsExactly(claim.ticket());
            try (WorkflowEngine engine = engine(source, "alive", new CountDownLatch(0))) {
                ExecutionHandle handle = engine.start(workflow, Map.of());
                DurableRunTest.await(
                        "it waits for the limit",
                        () -> engine.explain(handle.id()).toString().contains("crm") || !processes.isEmpty());
                assertThat(handle.await(Duration.ofSeconds(30)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(dead.ahead(claim.ticket())).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void beginningsCountUnderARateForItsTimeWhateverBecomesOfTheirProcess(Database database) {
        AtomicLong now = new AtomicLong(Micros.of(Instant.parse("2026-01-01T00:00:00Z")));
        try (HikariDataSource source = database.fresh();
                StoreMember two = JdbcWorkflowStore.create(source).join("two", now::get)) {
            StoreMember one = JdbcWorkflowStore.create(source).join("one", now::get);
            List<LimitClaim> first = claims(one, 3);
            assertThat(one.limits(first, List.of(), List.of())).containsExactlyInAnyOrderElementsOf(tickets(first));
            now.addAndGet(TimeUnit.SECONDS.toMicros(10));
            assertThat(one.limits(List.of(), first, List.of())).isEmpty();
            one.close();
            List<LimitClaim> second = claims(two, 3);
            assertThat(two.full(second.get(0))).isEmpty();
            assertThat(two.limits(second, List.of(), List.of()))
                    .containsExactly(second.get(0).ticket());
            assertThat(two.limits(List.of(), second.subList(0, 1), List.of())).isEmpty();
            assertThat(two.full(second.get(1))).containsExactly("api");
            now.addAndGet(TimeUnit.SECONDS.toMicros(50) - 1);
            assertThat(two.limits(List.of(), List.of(), List.of())).isEmpty();
            now.addAndGet(1);
            assertThat(two.limits(List.of(), List.of(), List.of()))
                    .containsExactlyInAnyOrderElementsOf(tickets(second.subList(1, 3)));
            List<LimitClaim> third = claims(two, 2);
            assertThat(two.limits(third, second, List.of()))
                    .containsExactly(third.get(0).ticket());
            assertThat(two.limits(List.of(), third.subList(1, 2), List.of()))
                    .containsExactly(third.get(0).ticket());
            assertThat(Database.count(source, "ahe_limit_claim")).isEqualTo(4);
        }
    }

    private static List<LimitClaim> claims(StoreMember member, int count) {
        return Stream.generate(() -> new LimitClaim(
                        member.nextNumber(),
                        "default",
                        Map.of("api", Limit.rate(4, Duration.ofMinutes(1))),
                        0,
                        Instant.parse("2026-01-01T00:00:00Z")))
                .limit(count)
                .toList();
    }

    private static List<Long> tickets(List<LimitClaim> claims) {
        return claims.stream().map(LimitClaim::ticket).toList();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRateBoundsTheAttemptsOfAllProcesses(Database database) throws Exception {
        Workflow workflow = Workflow.builder("rated")
                .rate("api", 4, Duration.ofMillis(500))
                .start(manualTrigger("begin"))
                .then(node("work", "work"))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine one = engine(source, "one", new CountDownLatch(0));
                WorkflowEngine two = engine(source, "two", new CountDownLatch(0))) {
            long began = System.nanoTime();
            List<ExecutionHandle> handles = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                handles.add((i % 2 == 0 ? one : two).start(workflow, Map.of()));
            }
            for (ExecutionHandle handle : handles) {
                assertThat(handle.await(Duration.ofSeconds(60)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("16 attempts, 4 in each half of a second")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1500));
            assertThat(processes).as("processes that took part").hasSize(2);
        }
    }

    private WorkflowEngine engine(HikariDataSource source, String name, CountDownLatch begun) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .processName(name)
                .leaseTime(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20))
                .node("work", context -> {
                    processes.add(name);
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    begun.countDown();
                    // As many as may run do so at once, or the bound would not be seen to be reached.
                    boolean together = begun.await(10, TimeUnit.SECONDS);
                    running.decrementAndGet();
                    return together;
                })
                .build();
    }
}
