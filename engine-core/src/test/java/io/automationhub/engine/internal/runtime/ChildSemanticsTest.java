package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.RUNNING;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of the table in docs/semantics.md that are about runs in runs, each plain and with a crash after every step. */
class ChildSemanticsTest {

    private static Workflow chain(String id, NodeSpec... nodes) {
        var builder = Workflow.builder(id).start(manualTrigger("start"));
        for (NodeSpec each : nodes) {
            builder.then(each);
        }
        return builder.build();
    }

    private static final Workflow CHILD = chain("child", node("step", "work"));

    @ParameterizedTest
    @EnumSource
    @DisplayName("a call's output is that of the run it began, which knows where it came from")
    void output(Mode mode) {
        Workflow parent = chain("parent", node("a", "work"), callWorkflow("call", "child"), node("b", "work"));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.completes("a")
                    .completes("child:step", 42)
                    .completes("b", "done")
                    .awaitEnd()
                    .expect(SUCCEEDED);
            assertThat(run.node("call").output()).isEqualTo(42L);
            assertThat(run.runsOf("child")).hasSize(1);
            assertThat(run.record(run.runsOf("child").get(0)).origin())
                    .isEqualTo(new RunOrigin(RunOrigin.Kind.CALL, run.record().id(), "call", "", 1));
            assertThat(run.record(run.runsOf("child").get(0)).input()).isEqualTo("a!");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("37 cancel with a child: the child is cancelled, too")
    void row37(Mode mode) {
        Workflow parent = chain("parent", callWorkflow("call", "child"));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.awaitStart("child:step").cancel().expect(CANCELLED);
            run.await(run.runsOf("child").get(0), CANCELLED);
            run.expect("call", NodeStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("38 child cancelled by someone else: the node fails with kind cancelled, without a retry")
    void row38(Mode mode) {
        Workflow parent = chain(
                "parent",
                callWorkflow("call", "child").retry(RetryPolicy.attempts(3).delays(Duration.ofSeconds(1), 1, null)));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.awaitStart("child:step");
            run.handle(run.runsOf("child").get(0)).cancel(false);
            run.awaitEnd().expect(FAILED);
            assertThat(run.node("call").attempt()).isEqualTo(1);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("cancelled");
            assertThat(run.runsOf("child")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("38 call node retried: a new run, and the old one is cancelled if it goes on")
    void row38Retried(Mode mode) {
        Workflow parent = chain(
                "parent",
                callWorkflow("call", "child")
                        .timeout(Duration.ofMinutes(1))
                        .retry(RetryPolicy.attempts(3).delays(Duration.ofSeconds(1), 1, null)));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.awaitStart("child:step").fails("child:step");
            run.await("a retry", () -> run.node("call").failedAttempts().size() == 1);
            run.advance(Duration.ofSeconds(1)).detach("child:step");
            run.await("a second run", () -> run.runsOf("child").size() == 2);
            run.advance(Duration.ofMinutes(1));
            run.await("another retry", () -> run.node("call").failedAttempts().size() == 2);
            run.await(run.runsOf("child").get(1), CANCELLED);
            run.advance(Duration.ofSeconds(1));
            run.await("a third run", () -> run.runsOf("child").size() == 3);
            run.completes("child:step", "at last").awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("at last");
            assertThat(run.runsOf("child")).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a failure of the called run is the node's, with its kind, and onError decides")
    void failure(Mode mode) {
        Workflow parent = chain(
                "parent",
                callWorkflow("call", "child").onError(OnError.CONTINUE),
                format("after", "{{nodes.call.error.kind}}: {{nodes.call.error.message}}"));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.fails("child:step", "busy").awaitEnd().expect(SUCCEEDED);
            assertThat(String.valueOf(run.output()))
                    .startsWith("busy: The run '" + run.runsOf("child").get(0) + "' of workflow 'child' failed")
                    .contains("step failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("calls side by side, in the iterations of a group, are runs of their own")
    void inGroups(Mode mode) {
        Workflow parent = Workflow.builder("parent")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[1, 2, 3]").with("parallel", 3),
                        body -> body.then(callWorkflow("call", "pass").with("input", "{{item * 10}}")))
                .build();
        try (Scenario run = new Scenario(mode, parent, chain("pass", delay("wait", Duration.ofSeconds(5)))).start()) {
            run.await(
                    "three runs wait",
                    () -> run.runsOf("pass").stream()
                                    .filter(each -> run.record(each).status() == RUNNING)
                                    .count()
                            == 3);
            run.await("call@2", NodeStatus.WAITING);
            run.advance(Duration.ofSeconds(5)).awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(List.of(10L, 20L, 30L));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a workflow may call itself, 32 deep; what would be deeper fails its node")
    void recursion(Mode mode) {
        Workflow down = Workflow.builder("down")
                .start(manualTrigger("start"))
                .then(condition("more", "input.n > 0"))
                .when("true", callWorkflow("again", "down").with("input", Map.of("n", "{{input.n - 1}}")))
                .when("false", format("bottom", "bottom"))
                .output("{{nodes.again.output ?? nodes.bottom.output}}")
                .build();
        try (Scenario run = new Scenario(mode, down, down).start(Map.of("n", 32))) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("bottom");
            assertThat(run.runsOf("down")).hasSize(33);
        }
        try (Scenario run = new Scenario(mode, down, down).start(Map.of("n", 33))) {
            run.awaitEnd().expect(FAILED);
            assertThat(String.valueOf(run.record().error())).contains("32 runs are above it");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("39 child of the same workflow, limit 1: runs (children do not count)")
    void row39(Mode mode) {
        Workflow self = Workflow.builder("self")
                .limit(1)
                .start(manualTrigger("start"))
                .then(condition("outer", "input.n > 0"))
                .when("true", callWorkflow("call", "self").with("input", Map.of("n", 0)))
                .when("false", node("step", "work"))
                .output("{{nodes.call.output ?? nodes.step.output}}")
                .build();
        Workflow parent = chain("parent", callWorkflow("call", "self").with("input", Map.of("n", 1)));
        try (Scenario run = new Scenario(mode, parent, self).start()) {
            run.completes("self:step", "deep").awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("deep");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a pause of the caller does not pause what it called; the end of that is recorded at once")
    void pausedCaller(Mode mode) {
        Workflow parent = chain("parent", callWorkflow("call", "child"), node("b", "work"));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.awaitStart("child:step").await("call", NodeStatus.WAITING).pause();
            run.completes("child:step", 1);
            run.await(run.runsOf("child").get(0), SUCCEEDED);
            assertThat(run.isStarted("b")).isFalse();
            run.resume().completes("b").awaitEnd().expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a signal reaches a run that another one began, and ends both")
    void signalled(Mode mode) {
        Workflow parent = chain("parent", callWorkflow("call", "waits"));
        try (Scenario run = new Scenario(mode, parent, chain("waits", waitForSignal("wait", "go"))).start()) {
            run.await("waits:wait", NodeStatus.WAITING);
            run.handle(run.runsOf("waits").get(0)).signal("go", "1", 7);
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Map.of("name", "go", "data", 7L));
        }
    }

    /** How a wait for everything is ended. */
    private enum Winner {
        TIME("ByTime", run -> run.advance(Duration.ofMinutes(1))),
        SIGNAL("BySignal", run -> run.signal("go", "1", null)),
        KEYED_SIGNAL("BySignal", run -> run.signalByKey("go", "key", "2", null)),
        COMPLETION("ByCompletion", run -> run.complete("done", null)),
        CHILD("ByChild", run -> run.completes("child:step"));

        private final String woken;
        private final Consumer<Scenario> act;

        Winner(String woken, Consumer<Scenario> act) {
            this.woken = woken;
            this.act = act;
        }
    }

    private static Stream<Arguments> winners() {
        return Stream.of(Winner.values())
                .flatMap(winner -> Stream.of(Mode.values()).map(mode -> Arguments.of(mode, winner)));
    }

    @ParameterizedTest
    @MethodSource("winners")
    @DisplayName("of several things that are waited for the first ends the wait, and the others are withdrawn")
    void firstOfSeveral(Mode mode, Winner winner) {
        Workflow parent =
                chain("parent", node("race", "race"), node("after", "work").with("by", "{{previous}}"));
        try (Scenario run = new Scenario(mode, parent, CHILD).start()) {
            run.awaitStart("child:step").await("race", NodeStatus.WAITING);
            winner.act.accept(run);
            run.awaitStart("after").expect("race", NodeStatus.SUCCEEDED);
            assertThat(run.node("race").output()).isEqualTo(winner.woken);
            run.await(run.runsOf("child").get(0), winner == Winner.CHILD ? SUCCEEDED : CANCELLED);
            assertThat(run.signalByKey("go", "key", "late", null))
                    .as("nobody waits")
                    .isEqualTo(SignalReceipt.KEPT);
            assertThat(run.signal("go", "late", null)).as("nobody waits").isEqualTo(SignalReceipt.KEPT);
        }
    }
}
