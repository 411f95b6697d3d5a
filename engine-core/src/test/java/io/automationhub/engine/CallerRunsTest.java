package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallerRunsTest {

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<String> executions = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CyclicBarrier meeting = new CyclicBarrier(2);
    private final WorkflowEngine engine = WorkflowEngine.builder()
            .callerRuns(true)
            .node("work", call -> {
                threads.add(Thread.currentThread());
                return NodeResult.completed(call.input());
            })
            .node("meet", call -> {
                threads.add(Thread.currentThread());
                meeting.await(20, TimeUnit.SECONDS);
                return NodeResult.completed(null);
            })
            .node("heedful", call -> {
                threads.add(Thread.currentThread());
                executions.add(call.executionId());
                begun.countDown();
                if (call.attempt() == 1) {
                    new CountDownLatch(1).await();
                }
                release.await();
                return NodeResult.completed("again");
            })
            .node("heedless", call -> {
                threads.add(Thread.currentThread());
                begun.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                return NodeResult.completed("done");
            })
            .node("pure", NodeTraits.PURE_INLINE, call -> NodeResult.completed(Thread.interrupted()))
            .build();

    @AfterEach
    void close() {
        release.countDown();
        engine.close();
    }

    private static Workflow chain(NodeSpec... nodes) {
        WorkflowBuilder builder = Workflow.builder("chain").start(manualTrigger("start"));
        for (NodeSpec node : nodes) {
            builder.then(node);
        }
        return builder.build();
    }

    private Thread calling(Runnable work) {
        Thread caller = new Thread(work, "caller");
        caller.start();
        return caller;
    }

    @Test
    void nodesThatFollowEachOtherAreMadeByWhoRunsTheWorkflow() {
        WorkflowExecution run =
                engine.run(chain(node("a", "work"), node("p", "pure"), node("b", "work"), node("c", "work")), "in");
        assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
    }

    @Test
    void aLongChainLeavesTheStackFlat() {
        NodeSpec[] many = new NodeSpec[3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = node("n" + i, "work");
        }
        assertThat(engine.run(chain(many), 1).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(many.length).containsOnly(Thread.currentThread());
    }

    @Test
    void nodesBesideEachOtherRunAtTheSameTime() {
        WorkflowBuilder builder = Workflow.builder("two").start(manualTrigger("start"));
        builder.add(node("a", "meet")).add(node("b", "meet")).add(node("c", "work"));
        builder.edge("start", "a").edge("start", "b").edge("a", "c").edge("b", "c");
        assertThat(engine.run(builder.build(), null).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(3);
        assertThat(threads.subList(0, 2)).doesNotHaveDuplicates().doesNotContain(Thread.currentThread());
    }

    @Test
    void afterAWaitANodeHasAThreadOfItsOwn() {
        Workflow workflow = chain(node("a", "work"), delay("w", Duration.ofMillis(5)), node("b", "work"));
        assertThat(engine.run(workflow, null).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(2).startsWith(Thread.currentThread());
        assertThat(threads.get(1)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void whoWaitsOnlySoLongWaitsOnlySoLong() {
        assertThatThrownBy(() -> engine.run(chain(node("a", "heedful")), null, Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        ExecutionWaitException.class,
                        e -> assertThat(e.handle().cancel()).isTrue());
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void aTimeOutEndsTheNodeAndLeavesTheThreadAsItWas() {
        WorkflowExecution run = engine.run(chain(node("a", "heedful").timeout(Duration.ofMillis(20))), null);
        assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(run.error().orElseThrow().kind()).isEqualTo("timeout");
        assertThat(threads).containsOnly(Thread.currentThread());
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void cancellingEndsTheNodeAndLeavesTheThreadAsItWas() throws InterruptedException {
        Thread other = calling(() -> {
            awaitBegun();
            engine.handle(executions.get(0)).orElseThrow().cancel();
        });
        WorkflowExecution run = engine.run(chain(node("a", "heedful"), node("b", "work")), null);
        assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        other.join();
    }

    private void awaitBegun() {
        try {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoIsInterruptedWaitsNoLongerAndTheRunGoesOnElsewhere() throws InterruptedException {
        List<Object> seen = new CopyOnWriteArrayList<>();
        Thread caller = calling(() -> {
            try {
                engine.run(chain(node("a", "heedful").retry(RetryPolicy.attempts(2)), node("b", "work")), null);
            } catch (ExecutionWaitException e) {
                seen.add(Thread.currentThread().isInterrupted());
                seen.add(e.handle());
            }
        });
        awaitBegun();
        caller.interrupt();
        caller.join();
        assertThat(seen).hasSize(2).startsWith(true);
        release.countDown();
        WorkflowExecution run = ((ExecutionHandle) seen.get(1)).await();
        assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(3).startsWith(caller);
        assertThat(threads.subList(1, 3)).doesNotContain(caller);
    }

    @Test
    void anInterruptThatTheNodeLeavesIsTheCallersAndWhatFollowsGoesOnElsewhere() throws InterruptedException {
        List<Object> seen = new CopyOnWriteArrayList<>();
        Thread caller = calling(() -> {
            try {
                engine.run(
                        chain(
                                node("a", "heedless"),
                                node("p", "pure"),
                                node("b", "heedful").retry(RetryPolicy.attempts(2))),
                        null);
            } catch (ExecutionWaitException e) {
                seen.add(Thread.currentThread().isInterrupted());
                e.handle().cancel();
            }
        });
        awaitBegun();
        caller.interrupt();
        caller.join();
        assertThat(seen).containsExactly(true);
    }

    @Test
    void whoIsInterruptedAlreadyMakesNothing() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> engine.run(chain(node("a", "heedful")), null))
                    .isInstanceOfSatisfying(
                            ExecutionWaitException.class,
                            e -> assertThat(e.handle().cancel()).isTrue());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void whatIsOnlyStartedIsMadeElsewhere() {
        ExecutionHandle run = engine.start(chain(node("a", "work")), null);
        assertThat(run.await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
    }
}
