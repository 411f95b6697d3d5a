package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnCrash;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rows of the table in docs/semantics.md that are about what comes after: a run's failure, its re-run, and what a crash
 * must not repeat. Each plain and with a crash after every step.
 */
class AfterwardsSemanticsTest {

    private static NodeSpec work(String id) {
        return node(id, "work");
    }

    private static final Workflow JOINED = Workflow.builder("joined")
            .variable("count", Type.INTEGER, 1)
            .start(manualTrigger("start"))
            .parallel(List.of(
                    body -> body.then(work("left")).then(set("count", Map.of("count", "{{count + 1}}"))),
                    body -> body.then(work("right"))))
            .then(work("join")
                    .with("left", "{{nodes.left.output}}")
                    .with("right", "{{nodes.right.output}}")
                    .with("count", "{{count}}"))
            .then(work("after"))
            .build();

    private static Scenario failedAfter(Mode mode) {
        return new Scenario(mode, JOINED)
                .start()
                .completes("left", "L")
                .completes("right", "R")
                .completes("join")
                .fails("after")
                .expect(FAILED);
    }

    // ---------------------------------------------------------------- re-run

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 re-run from N behind a join: N and downstream run, other ended branches copied")
    void row43(Mode mode) {
        try (Scenario run = failedAfter(mode)) {
            String first = run.record().id();
            run.rerun("join", false, Map.of());
            run.completes("join").completes("after", "done").expect(SUCCEEDED);
            assertThat(run.starts).allMatch(start -> start.startsWith("join#") || start.startsWith("after#"));
            assertThat(run.configs).contains("{\"left\":\"L\",\"right\":\"R\",\"count\":2}");
            assertThat(run.record().origin()).isEqualTo(new RunOrigin(RunOrigin.Kind.RERUN, first, "join", "", 0));
            assertThat(run.record().variables()).isEqualTo(JsonObject.of("count", 2L));
            assertThat(run.output()).isEqualTo("done");
            assertThat(run.keys.stream().filter(key -> key.contains("/after/")).distinct())
                    .as("new keys")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 outputs of copied nodes may be edited")
    void edited(Mode mode) {
        try (Scenario run = failedAfter(mode)) {
            run.rerun("join", false, Map.of("left", "edited"));
            run.completes("join").completes("after").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"left\":\"edited\",\"right\":\"R\",\"count\":2}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 unfinished branches run, too")
    void unfinished(Mode mode) {
        try (Scenario run = new Scenario(mode, JOINED).start()) {
            run.completes("left", "L").fails("right").expect(FAILED);
            run.rerun(null, true, Map.of());
            assertThat(run.isStarted("left")).isFalse();
            run.completes("right", "R").completes("join").completes("after").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"left\":\"L\",\"right\":\"R\",\"count\":2}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "43 what was compensated runs again, with what depends on it; what is copied is undone if the new run fails")
    void compensated(Mode mode) {
        Workflow saga = Workflow.builder("saga")
                .start(manualTrigger("start"))
                .then(work("check"))
                .then(work("book").compensateWith("unbook"))
                .add(work("unbook"))
                .then(work("ship"))
                .build();
        try (Scenario run = new Scenario(mode, saga).start()) {
            run.completes("check")
                    .completes("book")
                    .fails("ship")
                    .completes("unbook")
                    .expect(FAILED);
            run.rerun(null, true, Map.of());
            assertThat(run.isStarted("check")).isFalse();
            run.completes("book").cancel().expect(CANCELLED);
            run.rerun(null, true, Map.of());
            assertThat(run.isStarted("book")).isFalse();
            run.fails("ship").completes("unbook").expect(FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 a branch that a join cancelled is not run again for the sake of what follows the join")
    void cancelledByJoin(Mode mode) {
        Workflow race = Workflow.builder("race")
                .start(manualTrigger("start"))
                .parallel(work("fast"), work("slow"))
                .then(work("first").join(Join.ANY).cancelRest())
                .then(work("last"))
                .build();
        try (Scenario run = new Scenario(mode, race).start()) {
            run.completes("fast").completes("first").fails("last").expect(FAILED);
            run.rerun(null, true, Map.of()).completes("last").expect(SUCCEEDED);
            assertThat(run.isStarted("slow")).isFalse();
            run.expect("slow", NodeStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 skipped branches stay skipped, and an error that was routed stays routed")
    void skippedAndRouted(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(condition("if", "true"))
                .when("true", work("yes"))
                .when("false", work("no"))
                .then(work("may").onError(OnError.CONTINUE))
                .then(work("last").with("kind", "{{nodes.may.error.kind}}"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.completes("yes").fails("may", "busy").fails("last").expect(FAILED);
            run.rerun(null, true, Map.of());
            run.completes("last")
                    .expect(SUCCEEDED)
                    .expect("no", NodeStatus.SKIPPED)
                    .expect("may", NodeStatus.FAILED);
            assertThat(run.starts).allMatch(start -> start.startsWith("last#"));
            assertThat(run.configs).contains("{\"kind\":\"busy\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("43 what failed on another way than that to a join which cancelled the rest runs again")
    void failedBesideAJoin(Mode mode) {
        Workflow race = Workflow.builder("race")
                .start(manualTrigger("start"))
                .parallel(work("fast"), work("slow"))
                .then(work("first").join(Join.ANY).cancelRest())
                .add(work("other"))
                .edge("slow", "other")
                .build();
        try (Scenario run = new Scenario(mode, race).start()) {
            run.completes("fast").completes("first").fails("slow").expect(FAILED);
            run.rerun(null, true, Map.of()).completes("first").completes("slow").completes("other");
            run.expect(SUCCEEDED);
        }
    }

    @Test
    @DisplayName("re-run of a running or unknown run, from an unknown node or one in a group: refused with the reason")
    void refused() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(node("each", "forEach").with("items", "[1]"), body -> body.then(work("inner")))
                .then(work("last"))
                .build();
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start()) {
            assertThatThrownBy(() -> run.rerun(null, false, Map.of()))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("it has not ended");
            run.completes("inner@0").fails("last").expect(FAILED);
            assertThatThrownBy(() -> run.rerun("lst", false, Map.of()))
                    .hasMessageContaining("no node 'lst'")
                    .hasMessageContaining("did you mean 'last'?");
            assertThatThrownBy(() -> run.rerun("inner", false, Map.of()))
                    .hasMessageContaining("stands in the group 'each'");
            assertThatThrownBy(() -> run.rerun("each", false, Map.of("last", 1)))
                    .hasMessageContaining("'last' cannot be edited, because the node runs again");
            run.rerun("last", false, Map.of("each", List.of("edited")))
                    .completes("last")
                    .expect(SUCCEEDED);
            assertThat(run.node("each").output()).isEqualTo(List.of("edited"));
        }
    }

    // ---------------------------------------------------------------- errorWorkflow

    private static Workflow failing(String errorWorkflow) {
        return Workflow.builder("failing")
                .errorWorkflow(errorWorkflow)
                .start(manualTrigger("start"))
                .then(work("a"))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("40 the errorWorkflow gets what failed and why; its own failure starts no other, and changes nothing")
    void row40(Mode mode) {
        Workflow alarm = Workflow.builder("alarm")
                .errorWorkflow("alarm")
                .start(manualTrigger("start"))
                .then(format(
                        "tell",
                        "{{input.workflow.id}}: {{input.error.kind}} of {{input.error.node}} for {{input.input.n}}"))
                .then(work("page").with("text", "{{previous}}"))
                .build();
        try (Scenario run = new Scenario(mode, failing("alarm"), alarm).start(Map.of("n", 5))) {
            run.fails("a", "busy").expect(FAILED);
            run.awaitStart("alarm:page").fails("alarm:page");
            run.await(run.runsOf("alarm").get(0), FAILED);
            assertThat(run.configs).contains("{\"text\":\"failing: busy of a for 5\"}");
            assertThat(run.runsOf("alarm")).hasSize(1);
            assertThat(run.record(run.runsOf("alarm").get(0)).origin())
                    .isEqualTo(new RunOrigin(RunOrigin.Kind.ERROR, run.record().id(), null, "", 1));
            run.expect(FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("40 errorWorkflow missing: original unchanged; cancelled runs and runs that others called start none")
    void row40Missing(Mode mode) {
        try (Scenario run = new Scenario(mode, failing("no-such")).start()) {
            run.fails("a", "busy").expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("busy");
        }
        Workflow alarm = Workflow.builder("alarm").start(manualTrigger("start")).build();
        try (Scenario run = new Scenario(mode, failing("alarm"), alarm).start()) {
            run.cancel().expect(CANCELLED);
            assertThat(run.runsOf("alarm")).isEmpty();
        }
        Workflow parent = Workflow.builder("parent")
                .start(manualTrigger("start"))
                .then(node("call", "workflow.call").with("workflow", "failing").onError(OnError.CONTINUE))
                .build();
        try (Scenario run = new Scenario(mode, parent, alarm, failing("alarm")).start()) {
            run.fails("failing:a").awaitEnd().expect(SUCCEEDED);
            assertThat(run.runsOf("alarm")).isEmpty();
        }
    }

    // ---------------------------------------------------------------- onCrash

    @ParameterizedTest
    @EnumSource
    @DisplayName("16 onCrash: fail node in flight at crash: fails interrupted without a retry, then onError")
    void row16(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(work("once")
                        .onCrash(OnCrash.FAIL)
                        .onError(OnError.CONTINUE)
                        .retry(RetryPolicy.attempts(3).delays(Duration.ZERO, 1, null)))
                .then(format("after", "{{nodes.once.error?.kind ?? nodes.once.output}}"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            if (mode == Mode.PLAIN) {
                run.completes("once", "fine");
            }
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(mode == Mode.PLAIN ? "fine" : "interrupted");
            assertThat(run.startCount("once")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("16 in an iteration as well; a node that is not in flight is not touched")
    void row16InGroups(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[1, 2]").with("onItemError", "collect"),
                        body -> body.then(work("once").onCrash(OnCrash.FAIL)))
                .then(work("last"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            if (mode == Mode.PLAIN) {
                run.completes("once@0").completes("once@1");
            } else {
                // The first crash interrupts the first item, the next one comes with the second.
                run.awaitStart("once@1").advance(Duration.ZERO);
            }
            run.completes("last").expect(SUCCEEDED);
            assertThat(String.valueOf(run.node("each").output()).contains("interrupted"))
                    .isEqualTo(mode == Mode.CRASHING);
        }
    }
}
