package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.RUNNING;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static io.automationhub.engine.nodes.Nodes.stop;
import static io.automationhub.engine.nodes.Nodes.stopFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Flow;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of the table in docs/semantics.md that are about groups, each plain and with a crash after every step. */
class GroupSemanticsTest {

    private static final Map<String, Object> THREE = Map.of("items", List.of("x", "y", "z"));

    private static NodeSpec work(String id) {
        return node(id, "work");
    }

    private static NodeSpec forEach(String id) {
        return node(id, "forEach").with("items", "input.items");
    }

    private static WorkflowBuilder workflow() {
        return Workflow.builder("groups").start(manualTrigger("start"));
    }

    private static Workflow around(NodeSpec group, Consumer<Flow.Body> body) {
        return workflow().group(group, body).build();
    }

    private static Scenario play(Mode mode, Workflow workflow) {
        return new Scenario(mode, workflow).start(THREE);
    }

    private static ExecutionError error(Scenario run) {
        return Objects.requireNonNull(run.record().error());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a forEach runs its body for one item after the other, and gives the list of the results")
    void oneAfterTheOther(Mode mode) {
        Workflow workflow = around(
                forEach("each"),
                body -> body.then(work("a").with("v", "{{item}}{{index}}")).then(format("b", "{{previous}}?")));
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.isStarted("a@1")).isFalse();
            run.completes("a@0", "one")
                    .completes("a@1", "two")
                    .completes("a@2", "three")
                    .expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(List.of("one?", "two?", "three?")));
            assertThat(run.configs).containsOnly("{\"v\":\"x0\"}", "{\"v\":\"y1\"}", "{\"v\":\"z2\"}");
            assertThat(run.keys).contains(run.record().id() + "/a/2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a forEach with parallel runs so many at a time; results stand in the order of the items")
    void parallel(Mode mode) {
        Workflow workflow = around(forEach("each").with("parallel", 2), body -> body.then(work("a")));
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.isStarted("a@1")).isTrue();
            assertThat(run.isStarted("a@2")).isFalse();
            run.completes("a@1", 1).completes("a@2", 2).completes("a@0", 0).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(List.of(0, 1, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("20 forEach over [] gives []; over what is no list it fails")
    void row20(Mode mode) {
        Workflow workflow = around(forEach("each"), body -> body.then(work("a")));
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("items", List.of()))) {
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(List.of()));
        }
        try (Scenario run = new Scenario(mode, workflow).start(Map.of())) {
            run.expect(FAILED);
            assertThat(error(run).kind()).isEqualTo("config");
            assertThat(error(run).message()).contains("'each' needs a list as 'items', found null");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("21 forEach parallel, fail, an item fails: others cancelled, group failed with its index")
    void row21(Mode mode) {
        Workflow workflow = around(forEach("each").with("parallel", 3), body -> body.then(work("a")));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0").fails("a@2", "busy").expect(FAILED);
            assertThat(error(run).kind()).isEqualTo("busy");
            assertThat(error(run).node()).isEqualTo("a");
            assertThat(error(run).details()).containsEntry("index", 2L);
            run.expect("each", NodeStatus.FAILED)
                    .expect("a@1", NodeStatus.CANCELLED)
                    .expect("a@0", NodeStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("22 continue: null for the item, and its error in nodes.g.errors; group succeeded")
    void row22Continue(Mode mode) {
        Workflow workflow = workflow()
                .group(forEach("each").with("onItemError", "continue"), body -> body.then(work("a")))
                .then(calculate(
                        "after", Map.of("results", "previous", "failed", "nodes.each.errors.map(item.details.index)")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0", 1).fails("a@1").completes("a@2", 3).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.parse("{\"failed\":[1],\"results\":[1,null,3]}"));
            run.expect("each", NodeStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("22 collect: an entry with the error; group succeeded")
    void row22Collect(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("onItemError", "collect").with("parallel", 9), body -> body.then(work("a")));
        try (Scenario run = play(mode, workflow)) {
            run.fails("a@1", "busy").completes("a@2", 3).completes("a@0", 1).expect(SUCCEEDED);
            assertThat(Json.write(run.output()))
                    .isEqualTo("[{\"index\":0,\"status\":\"succeeded\",\"output\":1},"
                            + "{\"index\":1,\"status\":\"failed\",\"error\":{\"kind\":\"busy\",\"message\":\"a@1 failed\","
                            + "\"node\":\"a\",\"details\":{\"iteration\":\"1\",\"index\":1}}},"
                            + "{\"index\":2,\"status\":\"succeeded\",\"output\":3}]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("23 loop: false at once gives null")
    void row23Never(Mode mode) {
        try (Scenario run =
                play(mode, around(node("again", "loop").with("while", "false"), body -> body.then(work("a"))))) {
            run.expect(SUCCEEDED);
            assertThat(run.output()).isNull();
            assertThat(run.isStarted("a@0")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("23 loop: bound reached fails with loop-limit")
    void row23Bound(Mode mode) {
        NodeSpec loop = node("again", "loop").with("until", "last.done").with("maxIterations", 2);
        try (Scenario run = play(mode, around(loop, body -> body.then(work("a"))))) {
            run.completes("a@0", Map.of("done", false))
                    .completes("a@1", Map.of("done", false))
                    .expect(FAILED);
            assertThat(error(run).kind()).isEqualTo("loop-limit");
            assertThat(error(run).node()).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a loop sees index and the last result, before (while) and after (until) an iteration")
    void loops(Mode mode) {
        NodeSpec before = node("again", "loop").with("while", "index < 2 && last != 'stop'");
        try (Scenario run =
                play(mode, around(before, body -> body.then(work("a").with("last", "{{last}}"))))) {
            run.completes("a@0", "go").completes("a@1", "on").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("on");
            assertThat(run.configs).containsOnly("{\"last\":null}", "{\"last\":\"go\"}");
        }
        NodeSpec counted = node("again", "loop").with("until", "index == 1");
        try (Scenario run = play(mode, around(counted, body -> body.then(work("a"))))) {
            run.completes("a@0", "go").completes("a@1", "on").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("on");
        }
        NodeSpec after = node("again", "loop").with("until", "last == 'stop'");
        try (Scenario run = play(mode, around(after, body -> body.then(work("a").with("p", "{{previous}}"))))) {
            run.completes("a@0", "go").completes("a@1", "stop").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("stop");
            assertThat(run.configs).containsOnly("{\"p\":null}", "{\"p\":\"go\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("24 group skipped: nothing in it runs, its output is null")
    void row24(Mode mode) {
        Workflow workflow = workflow()
                .then(condition("if", "false"))
                .when("true", branch -> branch.group(forEach("each"), body -> body.then(work("a"))))
                .when("false")
                .then(calculate("after", Map.of("o", "nodes.each.output", "s", "nodes.each.status")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.expect(SUCCEEDED).expect("each", NodeStatus.SKIPPED);
            assertThat(run.output()).isEqualTo(Json.parse("{\"o\":null,\"s\":\"skipped\"}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("25a scope with retry 2, body fails once: runs again as a new iteration, succeeds")
    void row25aOnce(Mode mode) {
        NodeSpec scope = node("try", "scope").retry(RetryPolicy.attempts(2).delays(Duration.ofSeconds(5), 1, null));
        Workflow workflow = around(scope, body -> body.then(work("a")).then(work("b")));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0").fails("b@0").expect(RUNNING);
            run.advance(Duration.ofSeconds(5))
                    .completes("a@1")
                    .completes("b@1", "done")
                    .expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("done");
            assertThat(run.node("try").attempt()).isEqualTo(2);
            assertThat(run.node("try").failedAttempts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("25a scope with retry 2, body fails twice: fails, then its onError")
    void row25aTwice(Mode mode) {
        NodeSpec scope = node("try", "scope")
                .retry(RetryPolicy.attempts(2).delays(Duration.ofSeconds(5), 1, null))
                .onError(OnError.CONTINUE);
        Workflow workflow = workflow()
                .group(scope, body -> body.then(work("a")))
                .then(format("after", "{{nodes.try.error.kind}} {{previous.kind}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a@0", "one")
                    .advance(Duration.ofSeconds(5))
                    .fails("a@1", "two")
                    .expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("two two");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a scope is the border of errors: what runs in it is cancelled, what runs beside it goes on")
    void errorBorder(Mode mode) {
        Workflow workflow = workflow()
                .parallel(List.of(
                        branch -> branch.group(
                                node("in", "scope").onError(OnError.CONTINUE),
                                body -> body.parallel(work("a"), work("b"))),
                        branch -> branch.then(work("beside"))))
                .then(format("after", "{{nodes.in.error.node}} {{nodes.beside.output}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a@0").expect(RUNNING).expect("b@0", NodeStatus.CANCELLED).expect("in", NodeStatus.FAILED);
            run.completes("beside", "fine").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("a fine");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("26 stop(success) in a group ends the run, with its output; all else is cancelled")
    void row26(Mode mode) {
        Workflow workflow = workflow()
                .parallel(List.of(
                        branch -> branch.group(
                                forEach("each").with("parallel", 3),
                                body -> body.then(work("a"))
                                        .then(condition("found", "previous == 'hit'"))
                                        .when("true", stop("end", "{{item}}"))
                                        .when("false")),
                        branch -> branch.then(work("beside"))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0", "miss").completes("a@1", "hit").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("y");
            run.expect("a@2", NodeStatus.CANCELLED).expect("beside", NodeStatus.CANCELLED);
            run.expect("each", NodeStatus.CANCELLED).expect("end@1", NodeStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("27 stop(failure) inside forEach: the whole run failed")
    void row27(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("onItemError", "continue"),
                body -> body.then(work("a")).then(stopFailed("end", "no use")));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0").expect(FAILED);
            assertThat(error(run).message()).isEqualTo("no use");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("cancel ends what runs and waits at every depth")
    void cancel(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("parallel", 2),
                body -> body.group(
                        node("inner", "loop").with("while", "true"),
                        inner -> inner.parallel(work("a"), delay("wait", Duration.ofHours(1)))));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@1.0").cancel().expect(CANCELLED);
            run.expect("a@0.0", NodeStatus.CANCELLED).expect("wait@1.0", NodeStatus.CANCELLED);
            run.expect("inner@0", NodeStatus.CANCELLED).expect("each", NodeStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("28 pause while an iteration runs: it ends and is recorded; the next one starts at resume")
    void pause(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("parallel", 2),
                body -> body.then(work("a")).then(format("b", "{{previous}}")));
        try (Scenario run = play(mode, workflow)) {
            run.pause().completes("a@0", 1).completes("a@1", 2);
            assertThat(run.isStarted("a@2")).isFalse();
            assertThat(run.hasRun("b@0")).isFalse();
            run.resume().completes("a@2", 3).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(List.of(1, 2, 3)));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("groups nested three deep, with retries and timers inside")
    void nested(Mode mode) {
        Workflow workflow = around(
                forEach("outer").with("parallel", 2),
                body -> body.group(
                        node("middle", "loop").with("while", "index < 2"),
                        middle -> middle.group(
                                node("inner", "forEach").with("items", "[groups.outer.item, groups.middle.index]"),
                                inner -> inner.then(work("a")
                                                .retry(RetryPolicy.attempts(2).delays(Duration.ofSeconds(1), 1, null))
                                                .with("v", "{{item}}"))
                                        .then(delay("pause", Duration.ofSeconds(2)))
                                        .then(format("text", "{{nodes.a.output}}{{index}}")))));
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("items", List.of("p", "q")))) {
            for (String outer : List.of("0", "1")) {
                for (String middle : List.of("0", "1")) {
                    for (String inner : List.of("0", "1")) {
                        String path = outer + "." + middle + "." + inner;
                        run.fails("a@" + path)
                                .advance(Duration.ofSeconds(1))
                                .completes("a@" + path, path + "/")
                                .advance(Duration.ofSeconds(2));
                    }
                }
            }
            run.expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[[\"0.1.0/0\",\"0.1.1/1\"],[\"1.1.0/0\",\"1.1.1/1\"]]");
            assertThat(run.node("a@1.1.1").attempt()).isEqualTo(2);
            assertThat(run.configs).contains("{\"v\":\"p\"}", "{\"v\":\"q\"}", "{\"v\":0}", "{\"v\":1}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an iteration has variables of its own, and writes those outside of it")
    void variables(Mode mode) {
        Workflow workflow = Workflow.builder("variables")
                .variable("total", Type.INTEGER, 0)
                .start(manualTrigger("start"))
                .group(
                        forEach("each").with("variables", Map.of("own", Map.of("type", "integer", "default", 10))),
                        body -> body.then(work("a"))
                                .then(set("set", Map.of("own", "{{own + 1}}", "total", "{{total + previous}}")))
                                .then(format("b", "{{own}}")))
                .then(calculate("after", Map.of("total", "total", "each", "previous")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0", 1).completes("a@1", 2).completes("a@2", 3).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.parse("{\"each\":[11,11,11],\"total\":6}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an iteration gives its output template, or an object of what its last nodes gave")
    void results(Mode mode) {
        Workflow template = around(
                forEach("each").with("output", List.of("{{index}}", "{{nodes.a.output}}")),
                body -> body.parallel(work("a"), work("b")));
        try (Scenario run = new Scenario(mode, template).start(Map.of("items", List.of(1)))) {
            run.completes("a@0", "A").completes("b@0", "B").expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[[0,\"A\"]]");
        }
        Workflow sinks = around(forEach("each"), body -> body.parallel(work("a"), work("b")));
        try (Scenario run = new Scenario(mode, sinks).start(Map.of("items", List.of(1)))) {
            run.completes("a@0", "A").completes("b@0", "B").expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[{\"a\":\"A\",\"b\":\"B\"}]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an output template that does not fit the data fails its iteration")
    void badResult(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("output", "{{nodes.a.output.b.c}}").with("onItemError", "continue"),
                body -> body.then(work("a")));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0", Map.of("b", Map.of("c", 1)));
            run.completes("a@1", Map.of())
                    .completes("a@2", Map.of("b", Map.of("c", 3)))
                    .expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(java.util.Arrays.asList(1, null, 3)));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a fail node fails its iteration, and an error edge inside it is followed")
    void errorsInside(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("onItemError", "collect").with("output", "{{nodes.b.status}}"),
                body -> body.then(work("a"))
                        .when("out", fail("no", "refused", "not {{item}}"))
                        .when("error", format("b", "{{previous.kind}}")));
        try (Scenario run = play(mode, workflow)) {
            run.fails("a@0").completes("a@1").fails("a@2").expect(SUCCEEDED);
            assertThat(Json.write(run.output()))
                    .contains("\"index\":0,\"status\":\"succeeded\",\"output\":\"succeeded\"")
                    .contains("\"kind\":\"refused\",\"message\":\"not y\",\"node\":\"no\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a group that takes too long is cancelled and fails with kind timeout")
    void timeout(Mode mode) {
        Workflow workflow = workflow()
                .group(
                        forEach("each").timeout(Duration.ofSeconds(10)).onError(OnError.CONTINUE),
                        body -> body.then(work("a")))
                .then(format("after", "{{nodes.each.error.kind}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0").advance(Duration.ofSeconds(9)).expect(RUNNING);
            run.advance(Duration.ofSeconds(1)).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("timeout");
            run.expect("a@1", NodeStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("a group that is cancelled waits for code that ignores that, at most for cancelGrace")
    void grace(Mode mode) {
        Workflow workflow = workflow()
                .cancelGrace(Duration.ofSeconds(5))
                .group(forEach("each").with("parallel", 2), body -> body.then(node("a", "stubborn")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a@0").expect(RUNNING);
            run.advance(Duration.ofMillis(4_999)).expect(RUNNING);
            run.advance(Duration.ofMillis(1)).expect(FAILED);
            assertThat(run.abandoned()).isEqualTo(1);
            assertThat(error(run).details()).containsEntry("index", 0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a disabled group passes previous through, and nothing in it runs")
    void disabled(Mode mode) {
        Workflow workflow = workflow()
                .then(work("a"))
                .group(forEach("each").disabled(), body -> body.then(work("b")))
                .then(format("after", "{{previous}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a", "kept").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("kept");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an empty group gives null, or a list of nulls")
    void empty(Mode mode) {
        try (Scenario run = play(mode, around(forEach("each"), body -> {}))) {
            run.expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[{},{},{}]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("all iterations together run at most maxParallelism attempts")
    void maxParallelism(Mode mode) {
        Workflow workflow = Workflow.builder("bounded")
                .maxParallelism(2)
                .start(manualTrigger("start"))
                .group(
                        forEach("each").with("parallel", 3),
                        body -> body.then(work("a").timeout(Duration.ofHours(1))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.awaitStart("a@0").awaitStart("a@1");
            assertThat(run.isStarted("a@2")).isFalse();
            run.completes("a@1")
                    .awaitStart("a@2")
                    .completes("a@2")
                    .completes("a@0")
                    .awaitEnd()
                    .expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a node in a group waits under names of its own and goes on when they are completed")
    void waits(Mode mode) {
        Workflow workflow = around(forEach("each"), body -> body.then(node("a", "twoWaits")));
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("items", List.of(1)))) {
            assertThat(run.complete("first", 1)).isTrue();
            assertThat(run.complete("second", 2)).isTrue();
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(List.of("second")));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("history has the node runs of each iteration together, before that of the group")
    void history(Mode mode) {
        Workflow workflow = around(
                forEach("each").with("parallel", 3),
                body -> body.then(work("a")).then(format("b", "{{previous}}")));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@2").completes("a@0").completes("a@1").expect(SUCCEEDED);
            assertThat(run.nodes())
                    .extracting(each -> each.node() + each.iteration())
                    .containsExactly("start", "a2", "b2", "a0", "b0", "a1", "b1", "each");
            assertThat(run.nodes()).extracting(NodeExecution::status).containsOnly(NodeStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the error of nested groups names the outer item by its index, and the iteration that failed")
    void nestedError(Mode mode) {
        Workflow workflow = around(
                forEach("each"),
                body -> body.group(node("inner", "forEach").with("items", "[1, 2]"), inner -> inner.then(work("a"))));
        try (Scenario run = play(mode, workflow)) {
            run.completes("a@0.0")
                    .completes("a@0.1")
                    .completes("a@1.0")
                    .fails("a@1.1")
                    .expect(FAILED);
            assertThat(error(run).details()).containsEntry("index", 1L).containsEntry("iteration", "1.1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("a later failure of an item does not change what the group fails with")
    void firstFailureWins(Mode mode) {
        Workflow workflow = around(forEach("each").with("parallel", 3), body -> body.then(node("a", "stubborn")));
        try (Scenario run = play(mode, workflow)) {
            run.failsForGood("a@1").fails("a@0", "late").completes("a@2").expect(FAILED);
            assertThat(error(run).details()).containsEntry("index", 1L);
            assertThat(error(run).kind()).isEqualTo("config");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("a result that comes for an iteration that is over changes nothing")
    void lateResult(Mode mode) {
        Workflow workflow = workflow()
                .cancelGrace(Duration.ofSeconds(5))
                .group(
                        forEach("each").with("onItemError", "continue"),
                        body -> body.then(node("a", "stubborn").timeout(Duration.ofSeconds(10))))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("items", List.of(1, 2)))) {
            var late = run.detach("a@0");
            run.advance(Duration.ofSeconds(10)).awaitStopRequest("a@0").advance(Duration.ofSeconds(5));
            late.complete("too late");
            run.completes("a@1", "in time").awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(Json.of(java.util.Arrays.asList(null, "in time")));
        }
    }
}
