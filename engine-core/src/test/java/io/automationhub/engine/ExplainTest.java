package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.approval;
import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One test for each reason for which a run may stand still. */
class ExplainTest {

    private final ManualClock clock = new ManualClock();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch ignores = new CountDownLatch(1);
    private final WorkflowEngine engine = WorkflowEngine.builder()
            .clock(clock)
            .closeTimeout(Duration.ofSeconds(5))
            .node("blocks", call -> {
                open.await();
                return "done";
            })
            .node("ignores", call -> {
                ignores.countDown();
                boolean done = false;
                while (!done) {
                    try {
                        done = open.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        // It ignores that it is asked to end.
                        continue;
                    }
                }
                return "done";
            })
            .node("fails", call -> {
                throw new RetriableException("out of order");
            })
            .node(
                    "completed",
                    NodeTraits.PURE_INLINE,
                    call -> call.wake().isPresent()
                            ? ((Woken.ByCompletion) call.wake().get()).value()
                            : NodeResult.suspended(Wake.completion("receipt")))
            .build();

    @AfterEach
    void close() {
        open.countDown();
        engine.close();
    }

    private static Workflow chain(NodeSpec... nodes) {
        var builder = Workflow.builder("w").start(manualTrigger("start"));
        for (NodeSpec each : nodes) {
            builder.then(each);
        }
        return builder.build();
    }

    private Explanation explain(ExecutionHandle run) {
        return engine.explain(run.id()).orElseThrow();
    }

    private List<Explanation.Reason> reasons(ExecutionHandle run) {
        return explain(run).reasons();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aTimer() {
        ExecutionHandle run = engine.start(chain(delay("wait", Duration.ofHours(2))), null);
        Instant until = ManualClock.START.plus(Duration.ofHours(2));
        assertThat(reasons(run)).containsExactly(new Explanation.WaitingForTime("wait", "", until));
        assertThat(explain(run))
                .hasToString("Execution '" + run.id() + "' of workflow 'w' is running; 1 of 2 nodes have ended"
                        + "\n  Node 'wait' waits until 2026-01-01T02:00:00Z");
    }

    @Test
    void aSignalAndItsExpiry() {
        ExecutionHandle run =
                engine.start(chain(waitForSignal("wait", "yes", "no").with("expires", "1h")), null);
        assertThat(reasons(run))
                .containsExactly(
                        new Explanation.WaitingForTime("wait", "", ManualClock.START.plus(Duration.ofHours(1))),
                        new Explanation.WaitingForSignal("wait", "", List.of("yes", "no"), null));
        ExecutionHandle keyed = engine.start(chain(waitForSignal("wait", "paid").with("key", "7")), null);
        assertThat(reasons(keyed)).containsExactly(new Explanation.WaitingForSignal("wait", "", List.of("paid"), "7"));
    }

    @Test
    void aCompletion() {
        ExecutionHandle run = engine.start(chain(node("c", "completed")), null);
        assertThat(reasons(run)).containsExactly(new Explanation.WaitingForCompletion("c", "", "receipt"));
    }

    @Test
    void anApproval() {
        ExecutionHandle run = engine.start(chain(approval("ok", "Pay?").with("assignees", List.of("ann"))), null);
        assertThat(reasons(run)).containsExactly(new Explanation.WaitingForApproval("ok", "", "Pay?", List.of("ann")));
        assertThat(reasons(run).get(0)).hasToString("Node 'ok' waits for a decision: Pay?; asked are 'ann'");
    }

    @Test
    void anotherRun() {
        engine.workflows()
                .publish(Workflow.builder("child")
                        .start(manualTrigger("start"))
                        .then(delay("wait", Duration.ofHours(1)))
                        .build());
        ExecutionHandle run = engine.start(chain(callWorkflow("call", "child")), null);
        await(() -> reasons(run).stream().anyMatch(Explanation.WaitingForRun.class::isInstance));
        Explanation.WaitingForRun reason =
                (Explanation.WaitingForRun) reasons(run).get(0);
        assertThat(reason.workflow()).isEqualTo("child");
        await(() -> engine.explain(reason.execution()).isPresent());
    }

    @Test
    void theRunsOfADistributedGroup() {
        ExecutionHandle run = engine.start(
                Workflow.builder("w")
                        .start(manualTrigger("start"))
                        .group(
                                node("each", "forEach")
                                        .with("items", "range(1, 10)")
                                        .with("parallel", 4)
                                        .with("distribute", true),
                                body -> body.then(delay("wait", Duration.ofHours(1))))
                        .build(),
                null);
        await(() -> reasons(run).contains(new Explanation.WaitingForIterations("each", "", 0, 4)));
    }

    /** A run whose thread is in a node that does not return cannot answer; that is said after some seconds. */
    @Test
    void aNodeThatHoldsUpItsRun() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<String> id = new AtomicReference<>("");
        try (WorkflowEngine other = WorkflowEngine.builder()
                .node("holds", NodeTraits.PURE_INLINE, call -> {
                    id.set(call.executionId());
                    begun.countDown();
                    held.await();
                    return null;
                })
                .build()) {
            Thread starter = new Thread(() -> other.run(chain(node("h", "holds")), null));
            starter.start();
            await(() -> begun.getCount() == 0);
            assertThat(other.explain(id.get()).orElseThrow().reasons()).containsExactly(new Explanation.Busy());
            held.countDown();
        }
    }

    @Test
    void aRetry() {
        ExecutionHandle run = engine.start(
                chain(node("f", "fails").retry(RetryPolicy.attempts(2).delays(Duration.ofSeconds(30), 1, null))), null);
        await(() -> reasons(run).stream().anyMatch(Explanation.WaitingForRetry.class::isInstance));
        Explanation.WaitingForRetry reason =
                (Explanation.WaitingForRetry) reasons(run).get(0);
        assertThat(reason.at()).isEqualTo(ManualClock.START.plusSeconds(30));
        assertThat(reason.error().message()).isEqualTo("out of order");
    }

    @Test
    void anAttemptThatRunsAndOneThatWaitsForAPlace() {
        ExecutionHandle run = engine.start(
                Workflow.builder("w")
                        .maxParallelism(1)
                        .start(manualTrigger("start"))
                        .parallel(node("a", "blocks"), node("b", "blocks"))
                        .build(),
                null);
        assertThat(reasons(run))
                .containsExactlyInAnyOrder(
                        new Explanation.Running("a", "", 1, ManualClock.START),
                        new Explanation.WaitingForPlace("b", "", 1));
    }

    @Test
    void aPause() {
        ExecutionHandle run = engine.start(chain(delay("wait", Duration.ofHours(2))), null);
        run.pause();
        assertThat(reasons(run)).contains(new Explanation.Paused());
        assertThat(explain(run).status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    void theQueueOfAWorkflow() {
        Workflow workflow = Workflow.builder("w")
                .limit(1)
                .start(manualTrigger("start"))
                .then(delay("wait", Duration.ofHours(1)))
                .build();
        engine.start(workflow, null);
        engine.start(workflow, null);
        ExecutionHandle third = engine.start(workflow, null);
        assertThat(reasons(third)).containsExactly(new Explanation.Queued(1, 1));
    }

    @Test
    void aLimitThatSeveralWorkflowsName() {
        Workflow workflow = Workflow.builder("w")
                .limit("crm", 1)
                .start(manualTrigger("start"))
                .then(node("a", "blocks"))
                .build();
        Workflow other = Workflow.builder("other")
                .limit("crm", 1)
                .start(manualTrigger("start"))
                .parallel(node("b", "blocks"), node("c", "blocks"))
                .build();
        ExecutionHandle first = engine.start(workflow, null);
        ExecutionHandle second = engine.start(other, null);
        assertThat(reasons(second)).containsExactly(new Explanation.WaitingForLimit("crm", 1, null));
        open.countDown();
        assertThat(first.await(Duration.ofSeconds(10)).output()).isEqualTo("done");
        assertThat(second.await(Duration.ofSeconds(10)).isSucceeded()).isTrue();
    }

    @Test
    void anAttemptThatDoesNotEndWhenItIsAskedTo() {
        ExecutionHandle run = engine.start(
                chain(node("i", "ignores")
                        .timeout(Duration.ofSeconds(10))
                        .retry(RetryPolicy.attempts(2).delays(Duration.ofHours(1), 1, null))),
                null);
        await(() -> ignores.getCount() == 0);
        clock.advance(Duration.ofSeconds(10));
        assertThat(reasons(run)).containsExactly(new Explanation.Ending("i", "", 1, ManualClock.START.plusSeconds(40)));
        clock.advance(Duration.ofSeconds(30));
        assertThat(reasons(run)).contains(new Explanation.Abandoned("i", "", 1));
        assertThat(engine.abandonedAttempts()).isEqualTo(1);
        run.cancel();
    }

    @Test
    void progressOfGroupsAndTheProbableEnd() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "range(1, 10)"),
                        body -> body.then(delay("wait", Duration.ofMinutes(1))))
                .then(format("last", "x"))
                .build();
        for (int i = 0; i < 3; i++) {
            ExecutionHandle earlier = engine.start(workflow, null);
            clock.advance(Duration.ofMinutes(10));
            assertThat(earlier.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        }
        Instant begin = ManualClock.START.plus(Duration.ofMinutes(30));
        ExecutionHandle run = engine.start(workflow, null);
        clock.advance(Duration.ofSeconds(250));
        Explanation.Progress progress = explain(run).progress();
        assertThat(progress.endedNodes()).isEqualTo(1);
        assertThat(progress.nodes()).isEqualTo(3);
        assertThat(progress.groups()).containsExactly(new Explanation.GroupProgress("each", "", 4, 10));
        assertThat(progress.estimatedEnd()).isEqualTo(begin.plus(Duration.ofMinutes(10)));
    }

    @Test
    void whatHasEndedOrIsUnknown() {
        ExecutionHandle run = engine.start(chain(format("f", "x")), Map.of());
        assertThat(reasons(run)).isEmpty();
        assertThat(explain(run))
                .hasToString("Execution '" + run.id() + "' of workflow 'w' is succeeded; 2 of 2 nodes have ended");
        assertThat(engine.explain("no-such")).isEmpty();
        assertThat(engine.forTenant("other").explain(run.id())).isEmpty();
    }
}
