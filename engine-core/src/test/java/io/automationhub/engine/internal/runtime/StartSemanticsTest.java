package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.PAUSED;
import static io.automationhub.engine.event.ExecutionStatus.QUEUED;
import static io.automationhub.engine.event.ExecutionStatus.RUNNING;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of the table in docs/semantics.md that are about starting, each plain and with a crash after every step. */
class StartSemanticsTest {

    private static Workflow limited(int limit) {
        return Workflow.builder("w")
                .limit(limit)
                .start(manualTrigger("start"))
                .then(node("a", "work"))
                .build();
    }

    private static StartRequest request(Workflow workflow, @Nullable Object input, @Nullable String key) {
        return new StartRequest(workflow, "default", input, null, Map.of(), key, null, null, List.of());
    }

    private static StartRequest prior(Workflow workflow, String name, int priority) {
        return new StartRequest(workflow, "default", name, null, Map.of(), null, priority, null, List.of());
    }

    private static StartRequest until(Workflow workflow, Instant deadline) {
        return new StartRequest(workflow, "default", null, null, Map.of(), null, null, deadline, List.of());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("44 same start key, same / other input: first run / IDEMPOTENCY_CONFLICT")
    void row44(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(node("a", "work"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start(request(workflow, Map.of("n", 1), "order-7"))) {
            String first = run.record().id();
            run.start(request(workflow, Map.of("n", 1), "order-7"));
            assertThat(run.record().id()).isEqualTo(first);
            assertThatThrownBy(() -> run.start(request(workflow, Map.of("n", 2), "order-7")))
                    .isInstanceOfSatisfying(
                            IdempotencyConflictException.class,
                            conflict -> assertThat(conflict.executionId()).isEqualTo(first))
                    .hasMessageContaining("IDEMPOTENCY_CONFLICT");
            run.completes("a");
            assertThat(run.startBeside(request(workflow, Map.of("n", 1), "order-7"))
                            .id())
                    .as("also when it has ended")
                    .isEqualTo(first);
            assertThat(run.startBeside(request(workflow, Map.of("n", 2), "order-8"))
                            .id())
                    .isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a run beyond its workflow's limit is queued, and begins when another one has ended")
    void queued(Mode mode) {
        Workflow workflow = limited(1);
        try (Scenario run = new Scenario(mode, workflow).start(request(workflow, "first", null))) {
            String first = run.record().id();
            run.start(request(workflow, "second", null)).expect(QUEUED);
            run.await(first, RUNNING);
            assertThat(run.hasRun("start")).isFalse();
            run.detach("a");
            run.handle(first).cancel(false);
            run.await(first, CANCELLED).await("it begins", () -> run.status() == RUNNING);
            run.completes("a").awaitEnd().expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a queued run can be cancelled, paused and resumed, and fails at its deadline")
    void queuedControls(Mode mode) {
        Workflow workflow = limited(1);
        try (Scenario run = new Scenario(mode, workflow).start(request(workflow, "first", null))) {
            String first = run.record().id();
            run.start(request(workflow, "second", null)).expect(QUEUED);
            run.pause().expect(PAUSED).resume().expect(QUEUED).cancel().expect(CANCELLED);
            run.start(until(workflow, ManualClock.START.plusSeconds(60))).expect(QUEUED);
            run.advance(Duration.ofSeconds(60)).expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("timeout");
            assertThat(run.record().error().message()).contains("deadline");
            run.start(request(workflow, "third", null)).expect(QUEUED).pause();
            run.detach("a");
            run.handle(first).cancel(false);
            run.await(first, CANCELLED).expect(PAUSED).resume();
            run.completes("a").awaitEnd().expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of several that wait the one with the highest priority goes first, then the one that came first")
    void priorities(Mode mode) {
        Workflow workflow = limited(1);
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start(prior(workflow, "running", 0))) {
            RunHandle low = run.startBeside(prior(workflow, "low", -1));
            RunHandle first = run.startBeside(prior(workflow, "first", 0));
            RunHandle second = run.startBeside(prior(workflow, "second", 0));
            RunHandle high = run.startBeside(prior(workflow, "high", 5));
            RunHandle before = run.handle(run.record().id());
            for (RunHandle next : List.of(high, first, second, low)) {
                before.cancel(false);
                run.await("the next begins", () -> next.status() == RUNNING);
                before = next;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a run fails at its deadline, whatever its time-out")
    void deadline(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .timeout(Duration.ofHours(1))
                .start(manualTrigger("start"))
                .then(node("a", "work"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start(until(workflow, ManualClock.START.plusSeconds(60)))) {
            run.advance(Duration.ofSeconds(59)).expect(RUNNING);
            run.advance(Duration.ofSeconds(1)).expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().message()).contains("deadline, " + ManualClock.START.plusSeconds(60));
        }
        try (Scenario run = new Scenario(mode, workflow).start(until(workflow, ManualClock.START.minusSeconds(60)))) {
            run.advance(Duration.ZERO).expect(FAILED);
        }
    }
}
