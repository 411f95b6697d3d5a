package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many attempts may begin within some time. */
class RateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualClock clock = new ManualClock();

    /** When attempts began, in seconds, in this order; and of which run. */
    private final List<Long> begun = new CopyOnWriteArrayList<>();

    private final List<Object> inputs = new CopyOnWriteArrayList<>();

    private final WorkflowEngine engine = WorkflowEngine.builder()
            .clock(clock)
            .node("call", context -> {
                begun.add(Duration.ofNanos(clock.nanos()).toSeconds());
                inputs.add(String.valueOf(context.value("run")));
                if (Boolean.TRUE.equals(context.value("fails")) && context.attempt() == 1) {
                    throw new RetriableException("busy");
                }
                return "done";
            })
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Workflow calls(String id, int count, int most, Duration per) {
        return Workflow.builder(id)
                .rate("api", most, per)
                .start(manualTrigger("start"))
                .parallel(IntStream.range(0, count)
                        .mapToObj(i -> node("call" + i, "call").with("run", "{{ input.run }}"))
                        .toArray(NodeSpec[]::new))
                .build();
    }

    private void awaitBegun(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (begun.size() < count) {
            assertThat(System.nanoTime()).as("%s have begun", begun).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(begun).hasSize(count);
    }

    @Test
    void attemptsBeginAsManyAsTheRateAllows() {
        ExecutionHandle run = engine.start(calls("w", 7, 3, MINUTE), Map.of("run", 1));
        awaitBegun(3);
        assertThat(engine.explain(run.id()).orElseThrow().reasons())
                .contains(new Explanation.WaitingForLimit("api", 3, MINUTE));
        clock.advance(MINUTE.minusNanos(1));
        assertThat(begun).hasSize(3);
        clock.advance(Duration.ofNanos(1));
        awaitBegun(6);
        clock.advance(MINUTE);
        assertThat(run.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        assertThat(begun).containsExactly(0L, 0L, 0L, 60L, 60L, 60L, 120L);
    }

    @Test
    void noStretchOfTimeSeesMore() {
        Random random = new Random(7);
        List<Long> expected = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < 60; i++) {
            long free = i < 5 ? 0 : expected.get(i - 5) + MINUTE.toSeconds();
            expected.add(Math.max(at, free));
            engine.start(calls("w", 1, 5, MINUTE), Map.of("run", i));
            for (int seconds = random.nextInt(12); seconds > 0; seconds--) {
                awaitExpected(expected, at);
                clock.advance(Duration.ofSeconds(1));
                at++;
            }
        }
        for (; at <= expected.get(59); at++) {
            awaitExpected(expected, at);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(begun).isEqualTo(expected);
    }

    private void awaitExpected(List<Long> expected, long now) {
        awaitBegun((int) expected.stream().filter(at -> at <= now).count());
    }

    @Test
    void whoHasTheHigherPriorityGoesFirst() {
        assertThat(engine.start(calls("w", 1, 1, MINUTE), Map.of("run", "first"))
                        .await(Duration.ofSeconds(10))
                        .isSucceeded())
                .isTrue();
        Workflow workflow = calls("w", 1, 1, MINUTE);
        ExecutionHandle later = engine.start(workflow, Map.of("run", "later"));
        ExecutionHandle cancelled = engine.start(
                ExecutionRequest.of(workflow).input(Map.of("run", "cancelled")).priority(10));
        ExecutionHandle urgent = engine.start(
                ExecutionRequest.of(workflow).input(Map.of("run", "urgent")).priority(5));
        cancelled.cancel();
        assertThat(cancelled.await(Duration.ofSeconds(10)).isSucceeded()).isFalse();
        clock.advance(MINUTE);
        assertThat(urgent.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        clock.advance(MINUTE);
        assertThat(later.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        assertThat(inputs).containsExactly("first", "urgent", "later");
    }

    @Test
    void eachTryCountsAndOtherTenantsDoNot() {
        Workflow workflow = Workflow.builder("w")
                .rate("api", 1, MINUTE)
                .start(manualTrigger("start"))
                .then(node("a", "call").with("fails", true).retry(RetryPolicy.attempts(2)))
                .build();
        ExecutionHandle run = engine.start(workflow, null);
        awaitBegun(1);
        ExecutionHandle other = engine.forTenant("b").start(calls("other", 1, 1, MINUTE), Map.of("run", "other"));
        assertThat(other.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        assertThat(begun).hasSize(2);
        clock.advance(MINUTE);
        assertThat(run.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        assertThat(begun).containsExactly(0L, 0L, 60L);
    }

    @Test
    void aRateAndALimitHoldTogether() {
        Workflow workflow = Workflow.builder("w")
                .rate("api", 2, MINUTE)
                .rate("api-per-hour", 3, Duration.ofHours(1))
                .limit("db", 1)
                .start(manualTrigger("start"))
                .parallel(node("a", "call"), node("b", "call"), node("c", "call"), node("d", "call"))
                .build();
        ExecutionHandle run = engine.start(workflow, null);
        awaitBegun(2);
        clock.advance(MINUTE);
        awaitBegun(3);
        clock.advance(Duration.ofMinutes(58));
        assertThat(begun).hasSize(3);
        clock.advance(MINUTE);
        assertThat(run.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
        assertThat(begun).containsExactly(0L, 0L, 60L, 3600L);
    }

    @Test
    void aFileSaysItLikeTheBuilder() {
        Workflow built = Workflow.builder("w")
                .rate("api", 100, MINUTE)
                .limit("crm", 3)
                .start(manualTrigger("start"))
                .build();
        assertThat(WorkflowJson.parse(file("{\"crm\": 3, \"api\": {\"most\": 100, \"per\": \"1m\"}}")))
                .isEqualTo(built);
        assertThat(WorkflowJson.parse(file("{\"crm\": 3, \"api\": {\"most\": 100, \"per\": \"2m\"}}")))
                .isNotEqualTo(built);
        assertThat(WorkflowJson.parse(WorkflowJson.write(built))).isEqualTo(built);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"most\": 5} | The field 'per' is missing; say in which time",
                "{\"per\": \"1m\"} | The field 'most' is missing; say how many attempts may begin",
                "{\"most\": 0, \"per\": \"1m\"} | it must be a whole number from 1 to 10000",
                "{\"most\": 10001, \"per\": \"1m\"} | it must be a whole number from 1 to 10000",
                "{\"most\": 5, \"per\": \"0s\"} | The time of a rate is PT0.001S to PT744H, but was PT0S",
                "{\"most\": 5, \"per\": \"32d\"} | The time of a rate is PT0.001S to PT744H, but was PT768H",
                "{\"most\": 5, \"per\": \"soon\"} | The field 'per' is no duration",
                "\"many\" | it must be a whole number from 1 to 2147483647",
            })
    void whatIsNoRateIsRefused(String limit, String message) {
        Workflow workflow = WorkflowJson.parse(file("{\"api\": " + limit + "}"));
        assertThatThrownBy(() -> engine.start(workflow, null))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining(message);
    }

    private static String file(String limits) {
        return "{\"format\": 1, \"id\": \"w\", \"settings\": {\"limits\": " + limits
                + "}, \"nodes\": [{\"id\": \"start\","
                + " \"type\": \"trigger.manual\", \"data\": {}}], \"edges\": []}";
    }
}
