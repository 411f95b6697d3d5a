package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.internal.runtime.SystemClock;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes on machines whose clocks are wrong. */
@Tag("campaign")
class WrongClockTest {

    private static final Duration WAIT = Duration.ofMillis(400);
    private static final Duration LEASE = Duration.ofSeconds(1);

    /** Processes that died, or that others took for dead. */
    private final AtomicInteger lost = new AtomicInteger();

    private final Set<String> processes = ConcurrentHashMap.newKeySet();

    static List<Database> databases() {
        return Database.available();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void clocksThatAreAnHourOffWakeNobodyEarlyAndLoseNoLease(Database database) throws Exception {
        Workflow workflow = Workflow.builder("waits")
                .start(manualTrigger("begin"))
                .then(node("before", "mark"))
                .then(delay("wait", WAIT))
                .then(node("after", "mark"))
                .build();
        try (HikariDataSource source = database.fresh();
                WorkflowEngine early = engine(source, "early", Duration.ofHours(-1));
                WorkflowEngine right = engine(source, "right", Duration.ZERO);
                WorkflowEngine late = engine(source, "late", Duration.ofHours(1))) {
            Instant began = Instant.now();
            List<ExecutionHandle> handles = new ArrayList<>();
            // For longer than a lease, so that each process is looked at by the others.
            DurableRunTest.await("that it has gone on for three leases", () -> {
                for (WorkflowEngine engine : List.of(early, right, late)) {
                    handles.add(engine.start(workflow, Map.of()));
                }
                pause();
                return Duration.between(began, Instant.now()).compareTo(LEASE.multipliedBy(3)) > 0;
            });
            for (ExecutionHandle handle : handles) {
                WorkflowExecution run = handle.await(Duration.ofSeconds(20));
                assertThat(run.isSucceeded()).isTrue();
                List<NodeExecution> nodes = run.nodes();
                assertThat(Duration.between(nodes.get(1).endedAt(), nodes.get(3).startedAt()))
                        .isGreaterThanOrEqualTo(WAIT);
                assertThat(nodes)
                        .extracting(NodeExecution::endedAt)
                        .allMatch(at -> at.isAfter(began.minusSeconds(5))
                                && at.isBefore(Instant.now().plusSeconds(5)));
            }
            assertThat(lost).as("processes that were taken for dead").hasValue(0);
            assertThat(processes).containsExactlyInAnyOrder("early", "right", "late");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private WorkflowEngine engine(HikariDataSource source, String name, Duration off) {
        StoreMetrics metrics = new StoreMetrics() {
            @Override
            public void recovered(int runs) {
                lost.addAndGet(runs);
            }

            @Override
            public void fenced(long process) {
                lost.incrementAndGet();
            }
        };
        InstantSource wall = () -> Instant.now().plus(off);
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.builder(source).metrics(metrics).build())
                .clock(new SystemClock(wall))
                .processName(name)
                .leaseTime(LEASE)
                .pollInterval(Duration.ofMillis(20))
                .keepWaiting(Duration.ofMillis(50))
                .node("mark", context -> processes.add(name))
                .build();
    }
}
