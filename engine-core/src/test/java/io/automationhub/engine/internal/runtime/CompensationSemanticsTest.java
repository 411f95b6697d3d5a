package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.COMPENSATING;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.PAUSED;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.stop;
import static io.automationhub.engine.nodes.Nodes.stopFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.Compensation.Status;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of the table in docs/semantics.md that are about undoing, each plain and with a crash after every step. */
class CompensationSemanticsTest {

    private static NodeSpec work(String id) {
        return node(id, "work");
    }

    /** Books and charges, which can be undone, and ships, which fails. */
    private static final Workflow SAGA = Workflow.builder("saga")
            .start(manualTrigger("start"))
            .then(work("book").compensateWith("unbook"))
            .add(work("unbook").with("seat", "{{previous}} of {{nodes.start.output.order}}"))
            .then(work("charge").compensateWith("refund"))
            .add(work("refund").with("paid", "{{nodes.charge.output}}").with("seat", "{{nodes.book.output}}"))
            .then(work("ship"))
            .build();

    private static Scenario toShip(Mode mode, Workflow workflow) {
        return new Scenario(mode, workflow)
                .start(Map.of("order", 7))
                .completes("book", "seat 5")
                .completes("charge", 30);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "what succeeded is undone in reverse order, one after the other, with what was known when it succeeded")
    void reverseOrder(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.fails("ship").expect(COMPENSATING);
            assertThat(run.isStarted("unbook")).isFalse();
            run.completes("refund").expect(COMPENSATING).completes("unbook").expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().node()).isEqualTo("ship");
            assertThat(run.configs).contains("{\"paid\":30,\"seat\":\"seat 5\"}", "{\"seat\":\"seat 5 of 7\"}");
            assertThat(run.nodes()).extracting(NodeExecution::node).containsSubsequence("ship", "refund", "unbook");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a run that succeeds undoes nothing, and the nodes that undo have no entry")
    void success(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.completes("ship").expect(SUCCEEDED);
            assertThat(run.record().compensation()).isNull();
            assertThat(run.output()).isEqualTo("ship!");
            assertThat(run.hasRun("unbook")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("26 stop(success): no compensation")
    void row26(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(work("undo"))
                .then(stop("end", "enough"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").expect(SUCCEEDED);
            assertThat(run.isStarted("undo")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("27 stop(failure) inside forEach: run failed, compensation runs, that of iterations too")
    void row27(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[1, 2, 3]"),
                        body -> body.then(work("a").compensateWith("undo"))
                                .add(work("undo").with("item", "{{item}}").with("index", "{{index}}"))
                                .then(condition("last", "item == 2"))
                                .when("true", stopFailed("end", "two is too much")))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a@0").completes("a@1").expect(COMPENSATING);
            run.completes("undo@1").completes("undo@0").expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().message()).contains("two is too much");
            assertThat(run.configs).contains("{\"item\":2,\"index\":1}", "{\"item\":1,\"index\":0}");
            assertThat(run.keys).anyMatch(key -> key.endsWith("/undo/1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what a scope did before it failed and went on by its error is undone when the run fails later")
    void caughtScope(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("try", "scope").retry(RetryPolicy.attempts(2).delays(Duration.ZERO, 1, null)),
                        body -> body.then(work("a").compensateWith("undo"))
                                .add(work("undo"))
                                .then(work("b")))
                .then(work("c"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a@0").fails("b@0").completes("a@1").completes("b@1").fails("c");
            run.completes("undo@1").completes("undo@0").expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("30 run deadline passes while paused: run fails timeout; compensation waits for resume")
    void row30(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .timeout(Duration.ofMinutes(1))
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(work("undo").retry(RetryPolicy.attempts(2).delays(Duration.ofHours(1), 1, null)))
                .then(work("b"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").pause().advance(Duration.ofMinutes(1)).expect(PAUSED);
            assertThat(run.isStarted("undo")).isFalse();
            run.resume().expect(COMPENSATING).fails("undo");
            run.advance(Duration.ofHours(1)).completes("undo").expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("timeout");
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("37 cancel: no compensation unless asked; what runs is cancelled first")
    void row37(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.cancel().expect(CANCELLED);
            assertThat(run.record().compensation()).isNull();
        }
        try (Scenario run = toShip(mode, SAGA)) {
            run.cancelAndCompensate().expect(COMPENSATING).expect("ship", NodeStatus.CANCELLED);
            run.completes("refund").completes("unbook").expect(CANCELLED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("cancel while compensating changes nothing, nor does a second cancel")
    void cancelWhileCompensating(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.fails("ship").expect(COMPENSATING);
            assertThat(run.cancels()).isFalse();
            run.completes("refund");
            assertThat(run.cancels()).isFalse();
            run.completes("unbook").expect(FAILED);
            assertThat(run.cancels()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("pause while compensating: the next handler starts at resume")
    void pauseWhileCompensating(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.fails("ship");
            run.awaitStart("refund").pause().expect(PAUSED);
            if (mode == Mode.PLAIN) {
                run.completes("refund").expect(PAUSED);
                assertThat(run.isStarted("unbook")).isFalse();
                run.resume();
            } else {
                // An attempt that a crash broke off begins again only at resume.
                run.resume().completes("refund");
            }
            run.expect(COMPENSATING).completes("unbook").expect(FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("41 compensation handler fails for good: the rest goes on; run failed, compensation incomplete")
    void row41(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.fails("ship").failsForGood("refund").completes("unbook").expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.INCOMPLETE);
            run.expect("refund", NodeStatus.FAILED).expect("unbook", NodeStatus.SUCCEEDED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().node()).isEqualTo("ship");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a handler may fail by itself, which is incomplete")
    void failingHandler(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(fail("undo", "impossible", "It cannot be undone"))
                .then(work("b"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").fails("b").expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.INCOMPLETE);
            run.expect("undo", NodeStatus.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a handler whose configuration could not be rendered is not run; the rest goes on")
    void unrenderable(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undoA"))
                .add(work("undoA"))
                .then(work("b").compensateWith("undoB"))
                .add(work("undoB").with("id", "{{nodes.b.output.id.deep}}"))
                .then(work("c"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").completes("b", Map.of("id", 1)).fails("c");
            run.completes("undoA").expect(FAILED);
            assertThat(run.isStarted("undoB")).isFalse();
            assertThat(run.record().compensation()).isEqualTo(Status.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("42 crash while compensating: done ones not repeated; the one in flight again, same key")
    void row42(Mode mode) {
        try (Scenario run = toShip(mode, SAGA)) {
            run.fails("ship").completes("refund").awaitStart("unbook");
            run.completes("unbook").expect(FAILED);
            long refunds = run.startCount("refund");
            assertThat(refunds).isEqualTo(mode == Mode.PLAIN ? 1 : 2);
            assertThat(run.keys.stream().filter(key -> key.contains("/refund/")).distinct())
                    .hasSize(1);
            assertThat(run.keys.stream().filter(key -> key.contains("/unbook/")).distinct())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a handler is retried by its own policy")
    void retried(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(work("undo").retry(RetryPolicy.attempts(3).delays(Duration.ofSeconds(5), 1, null)))
                .then(work("b"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").fails("b").fails("undo").advance(Duration.ofSeconds(5));
            run.completes("undo").expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
            assertThat(run.node("undo").attempt()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("a sibling that succeeds while the run is failing is undone, too; one that failed is not")
    void siblings() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .parallel(
                        node("slow", "stubborn").compensateWith("undoSlow"),
                        work("bad").compensateWith("undoBad"))
                .add(work("undoSlow"))
                .add(work("undoBad"))
                .build();
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start()) {
            run.fails("bad")
                    .completes("slow")
                    .expect(COMPENSATING)
                    .completes("undoSlow")
                    .expect(FAILED);
            assertThat(run.isStarted("undoBad")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an output that cannot be rendered fails the run, which then is undone")
    void outputFails(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(work("undo"))
                .then(calculate("n", Map.of("n", "1")))
                .output("{{nodes.a.output.no.such}}")
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("a").expect(COMPENSATING).completes("undo").expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("expression");
        }
    }

    @Test
    @DisplayName("a failing run cancels the runs that it called, and they undo what they did")
    void childrenUndo() {
        Workflow child = Workflow.builder("child")
                .start(manualTrigger("start"))
                .then(work("step").compensateWith("unstep"))
                .add(work("unstep"))
                .then(work("more"))
                .build();
        Workflow parent = Workflow.builder("parent")
                .start(manualTrigger("start"))
                .parallel(callWorkflow("call", "child"), work("bad"))
                .build();
        try (Scenario run = new Scenario(Mode.PLAIN, parent, child).start()) {
            run.completes("child:step").awaitStart("child:more");
            // The attempt of the child may still be on its way to its future, and ends on its own thread then.
            run.fails("bad").awaitEnd().expect(FAILED);
            run.completes("child:unstep");
            run.await(run.runsOf("child").get(0), CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what undoes may call a workflow")
    void handlerCalls(Mode mode) {
        Workflow undo = Workflow.builder("undo-all")
                .start(manualTrigger("start"))
                .then(work("step"))
                .build();
        Workflow parent = Workflow.builder("parent")
                .start(manualTrigger("start"))
                .then(work("a").compensateWith("undo"))
                .add(callWorkflow("undo", "undo-all"))
                .then(work("b"))
                .build();
        try (Scenario run = new Scenario(mode, parent, undo).start()) {
            run.completes("a", "done").fails("b");
            run.awaitStart("undo-all:step");
            assertThat(run.record(run.runsOf("undo-all").get(0)).input()).isEqualTo("done");
            run.completes("undo-all:step").awaitEnd().expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("many undos run one after the other, in the reverse order in which they became possible")
    void many(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "range(1, 20)").with("parallel", 20),
                        body -> body.then(work("a").compensateWith("undo")).add(work("undo")))
                .then(work("b"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            int items = 20;
            for (int i = items - 1; i >= 0; i--) {
                run.completes("a@" + i);
            }
            run.fails("b");
            for (int i = 0; i < items; i++) {
                assertThat(run.nodes().stream().filter(each -> each.status() == NodeStatus.RUNNING))
                        .hasSize(1);
                run.completes("undo@" + i);
            }
            run.expect(FAILED);
            assertThat(run.record().compensation()).isEqualTo(Status.COMPLETE);
        }
    }
}
