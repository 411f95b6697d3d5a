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
import io.automationhub.engine.workflow.OnError;
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

/** On which threads the engine makes the attempts of a run for whose end somebody waits, unless that lends its own. */
@Timeout(60)
class StandInTest {

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CyclicBarrier meeting = new CyclicBarrier(2);
    private final WorkflowEngine engine = WorkflowEngine.builder()
            .node("work", call -> {
                threads.add(Thread.currentThread());
                return NodeResult.completed(call.input());
            })
            .node("meet", call -> {
                threads.add(Thread.currentThread());
                meeting.await(20, TimeUnit.SECONDS);
                return NodeResult.completed(null);
            })
            .node("wait", call -> {
                threads.add(Thread.currentThread());
                begun.countDown();
                release.await();
                return NodeResult.completed(null);
            })
            .node("heedless", call -> {
                threads.add(Thread.currentThread());
                while (release.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return NodeResult.completed(null);
            })
            .node("leave", call -> {
                threads.add(Thread.currentThread());
                Thread.currentThread().interrupt();
                return NodeResult.completed(null);
            })
            .node("flag", call -> {
                threads.add(Thread.currentThread());
                return NodeResult.completed(Thread.currentThread().isInterrupted());
            })
            .node("pure", NodeTraits.PURE_INLINE, call -> NodeResult.completed(call.input()))
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

    private void succeeds(WorkflowExecution run) {
        assertThat(run.status()).as(() -> String.valueOf(run.error())).isEqualTo(ExecutionStatus.SUCCEEDED);
    }

    @Test
    void nodesThatFollowEachOtherAreMadeByOneThreadThatIsNotTheCallers() {
        succeeds(engine.run(chain(node("a", "work"), node("p", "pure"), node("b", "work"), node("c", "work")), "in"));
        assertThat(threads).hasSize(3).doesNotContain(Thread.currentThread());
        assertThat(threads).containsOnly(threads.get(0));
    }

    @Test
    void itIsTheSameForWhoWaitsOnlySoLong() {
        succeeds(engine.run(chain(node("a", "work"), node("b", "work")), "in", Duration.ofSeconds(20)));
        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread()).containsOnly(threads.get(0));
    }

    @Test
    void aLongChainLeavesTheStackFlat() {
        NodeSpec[] many = new NodeSpec[3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = node("n" + i, "work");
        }
        succeeds(engine.run(chain(many), 1));
        assertThat(threads).hasSize(many.length).containsOnly(threads.get(0));
    }

    @Test
    void nodesBesideEachOtherRunAtTheSameTime() {
        WorkflowBuilder builder = Workflow.builder("two").start(manualTrigger("start"));
        builder.add(node("a", "meet")).add(node("b", "meet")).add(node("c", "work"));
        builder.edge("start", "a").edge("start", "b").edge("a", "c").edge("b", "c");
        succeeds(engine.run(builder.build(), null));
        assertThat(threads).hasSize(3).doesNotContain(Thread.currentThread());
        assertThat(threads.subList(0, 2)).doesNotHaveDuplicates();
    }

    @Test
    void afterAWaitARunGoesOn() {
        succeeds(engine.run(chain(node("a", "work"), delay("w", Duration.ofMillis(5)), node("b", "work")), null));
        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread());
    }

    @Test
    void aNodeThatHeedsNoInterruptHoldsUpNeitherTheCallerNorWhatFollows() {
        Workflow workflow = chain(
                node("a", "heedless").timeout(Duration.ofMillis(20)).onError(OnError.CONTINUE), node("b", "work"));
        succeeds(engine.run(workflow, null));
        assertThat(threads).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void whoWaitsOnlySoLongIsBackInTimeAndTheRunGoesOn() {
        assertThatThrownBy(() -> engine.run(chain(node("a", "wait"), node("b", "work")), null, Duration.ofMillis(20)))
                .isInstanceOfSatisfying(ExecutionWaitException.class, e -> {
                    release.countDown();
                    succeeds(e.handle().await());
                });
        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread());
    }

    @Test
    void whoIsInterruptedIsBackAndTheNodeHearsNothingOfIt() throws InterruptedException {
        List<ExecutionHandle> handles = new CopyOnWriteArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                engine.run(chain(node("a", "wait"), node("b", "work")), null);
            } catch (ExecutionWaitException e) {
                handles.add(e.handle());
            }
        });
        caller.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join();
        release.countDown();
        succeeds(handles.get(0).await());
        assertThat(threads).hasSize(2).doesNotContain(caller);
    }

    @Test
    void anInterruptThatANodeLeavesReachesNoOther() {
        WorkflowExecution run = engine.run(chain(node("a", "leave"), node("b", "flag")), 1);
        succeeds(run);
        assertThat(run.output()).isEqualTo(false);
        assertThat(threads).hasSize(2).doesNotHaveDuplicates();
    }
}
