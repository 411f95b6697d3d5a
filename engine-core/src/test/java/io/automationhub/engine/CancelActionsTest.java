package io.automationhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node can do for whoever reaches other systems: close what an interrupt does not reach, and fail with facts. */
@Timeout(60)
class CancelActionsTest {

    private static Workflow workflow(NodeSpec node) {
        return Workflow.builder("w").start(node).build();
    }

    @Test
    void aCancelledAttemptClosesWhatItOpened() throws InterruptedException {
        List<String> closed = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("work", call -> {
                    Runnable withdraw = call.onCancel(() -> closed.add("taken back"));
                    Runnable broken = call.onCancel(() -> {
                        throw new IllegalStateException("cannot close");
                    });
                    Runnable connection = call.onCancel(() -> {
                        closed.add("connection");
                        released.countDown();
                    });
                    withdraw.run();
                    begun.countDown();
                    // As a socket does: it hears of no interrupt, only of being closed.
                    while (true) {
                        try {
                            if (released.await(10, TimeUnit.SECONDS)) {
                                break;
                            }
                        } catch (InterruptedException e) {
                            continue;
                        }
                    }
                    Runnable late = call.onCancel(() -> closed.add("late"));
                    late.run();
                    broken.run();
                    connection.run();
                    return null;
                })
                .build()) {
            ExecutionHandle run = engine.start(workflow(NodeSpec.of("n", "work")), null);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            run.cancel();
            assertThat(run.await(Duration.ofSeconds(20)).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(engine.abandonedAttempts()).isZero();
        }
        assertThat(closed).containsExactly("connection", "late");
    }

    @Test
    void anAttemptThatTakesTooLongClosesWhatItOpened() {
        CountDownLatch released = new CountDownLatch(1);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("work", call -> {
                    Runnable unused = call.onCancel(released::countDown);
                    while (released.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return null;
                })
                .build()) {
            WorkflowExecution run = engine.run(workflow(NodeSpec.of("n", "work").timeout(Duration.ofMillis(50))), null);
            assertThat(run.error().orElseThrow().kind()).isEqualTo("timeout");
        }
        assertThat(released.getCount()).isZero();
    }

    @Test
    void anInlineNodeHasNothingToClose() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("work", NodeTraits.PURE_INLINE, call -> call.onCancel(() -> {}))
                .build()) {
            WorkflowExecution run = engine.run(workflow(NodeSpec.of("n", "work")), null);
            assertThat(run.error().orElseThrow().message()).contains("'n' is inline", "onCancel()");
        }
    }

    @Test
    void whatAFailureKnowsStandsInItsDetails() {
        JsonObject details = JsonObject.of("status", 422);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("refused", call -> {
                    throw new NonRetriableException("http-status", "refused", details, null);
                })
                .node("busy", call -> {
                    throw new RetriableException("unavailable", "busy", details, null, null);
                })
                .build()) {
            for (String type : List.of("refused", "busy")) {
                WorkflowExecution run = engine.run(workflow(NodeSpec.of("n", type)), null);
                assertThat(JsonPointer.read(run.error().orElseThrow().toJson(), "/details/status"))
                        .isEqualTo(422L);
            }
        }
    }

    @Test
    void aNodeKnowsTheConnectionThatItNames() {
        try (WorkflowEngine engine =
                WorkflowEngine.builder().node("work", new NamesItsConnection()).build()) {
            assertThat(engine.run(workflow(NodeSpec.of("n", "work").connection("crm")), null)
                            .output())
                    .isEqualTo("crm");
        }
    }

    private static final class NamesItsConnection implements NodeExecutor {
        @Override
        public NodeResult execute(WorkflowNode node, ExecutionContext context) {
            return NodeResult.completed(node.connection());
        }
    }
}
