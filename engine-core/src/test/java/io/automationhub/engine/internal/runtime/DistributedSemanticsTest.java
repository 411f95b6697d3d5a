package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Flow;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A forEach whose iterations are runs of their own, plain and with a crash after every step. */
class DistributedSemanticsTest {

    private static NodeSpec each(String items, int parallel) {
        return node("each", "forEach")
                .with("items", items)
                .with("parallel", parallel)
                .with("distribute", true);
    }

    private static Workflow workflow(NodeSpec group, Consumer<Flow.Body> body) {
        return Workflow.builder("w")
                .variable("factor", Type.INTEGER, 10)
                .start(manualTrigger("start"))
                .then(calculate("base", Map.of("n", "100")))
                .group(group, body)
                .then(format("last", "{{previous}}"))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("iterations see item, index, input, variables and what is upstream, as they were when the group began")
    void reads(Mode mode) {
        Workflow workflow = workflow(
                each("input.list", 2),
                body -> body.then(delay("wait", Duration.ofSeconds(5)))
                        .then(
                                format(
                                        "say",
                                        "{{index}}:{{item}}:{{previous}}:{{nodes.base.output.n + factor}}:{{input.list.size()}}:{{groups.each.item}}")));
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("list", List.of("a", "b", "c")))) {
            run.await("two runs", () -> run.runsOf("w").size() == 3);
            run.await("both wait", () -> run.runsOf("w").subList(1, 3).stream().allMatch(run::waits));
            run.advance(Duration.ofSeconds(5));
            run.await("the third run", () -> run.runsOf("w").size() == 4);
            run.await(run.runsOf("w").get(3), io.automationhub.engine.event.ExecutionStatus.RUNNING);
            run.await("it waits", () -> run.waits(run.runsOf("w").get(3)));
            run.advance(Duration.ofSeconds(5)).awaitEnd().expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[\"0:a:a:110:3:a\",\"1:b:b:110:3:b\",\"2:c:c:110:3:c\"]");
            RunOrigin origin = run.record(run.runsOf("w").get(1)).origin();
            assertThat(origin).isNotNull();
            assertThat(origin.execution()).isEqualTo(run.record().id());
            assertThat(run.journal())
                    .as("one wake for each batch")
                    .filteredOn(ExecutionFact.NodeWoken.class::isInstance)
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fail: the first item that fails cancels the others of its batch, and the group fails with its index")
    void failFast(Mode mode) {
        Workflow workflow = workflow(
                each("[1, 2, 3, 4]", 3),
                body -> body.then(condition("bad", "item == 2"))
                        .when("true", fail("no", "bad", "item {{item}} is bad"))
                        .when("false", delay("wait", Duration.ofHours(1))));
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.awaitEnd().expect(FAILED);
            assertThat(run.record().error()).isNotNull();
            assertThat(run.record().error().kind()).isEqualTo("bad");
            assertThat(run.record().error().details())
                    .containsEntry("index", 1L)
                    .containsKey("execution");
            List<String> runs = run.runsOf("w");
            assertThat(runs).as("the fourth item never began").hasSizeLessThanOrEqualTo(4);
            for (String other : runs.subList(1, runs.size())) {
                run.await("it ends", () -> run.record(other).status().isEnded());
            }
            assertThat(runs.subList(1, runs.size()).stream()
                            .filter(each -> run.record(each).status() == FAILED))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("continue: null for an item that fails; collect: an entry with its error")
    void policies(Mode mode) {
        Consumer<Flow.Body> body = inner -> inner.then(calculate("half", Map.of("n", "10 / item")));
        try (Scenario run = new Scenario(
                        mode,
                        workflow(
                                each("[1, 0, 5]", 2)
                                        .with("onItemError", "continue")
                                        .with("output", "{{nodes.half.output.n}}"),
                                body))
                .start()) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[10,null,2]");
        }
        try (Scenario run =
                new Scenario(mode, workflow(each("[1, 0]", 5).with("onItemError", "collect"), body)).start()) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(Json.write(run.output()))
                    .contains("{\"index\":0,\"status\":\"succeeded\",\"output\":{\"n\":10}}")
                    .contains("{\"index\":1,\"status\":\"failed\",\"error\":{\"kind\":\"expression\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an empty list gives an empty list, and what is no list fails")
    void empty(Mode mode) {
        Consumer<Flow.Body> body = inner -> inner.then(format("f", "x"));
        try (Scenario run = new Scenario(mode, workflow(each("[]", 2), body)).start()) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("[]");
        }
        try (Scenario run = new Scenario(mode, workflow(each("input.none", 2), body)).start()) {
            run.awaitEnd().expect(FAILED);
            assertThat(String.valueOf(run.record().error())).contains("needs a list as 'items'");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("variables of the group, groups inside, and distribution inside of distribution")
    void nested(Mode mode) {
        Workflow workflow = workflow(
                each("[1, 2]", 2).with("variables", Map.of("own", Map.of("type", "integer", "default", 5))),
                body -> body.then(set("more", Map.of("own", "{{own + item}}")))
                        .group(
                                node("inner", "forEach")
                                        .with("items", "[10, 20]")
                                        .with("parallel", 2)
                                        .with("distribute", true),
                                deep -> deep.group(
                                        node("plain", "forEach").with("items", "[1]"),
                                        deepest -> deepest.then(
                                                format(
                                                        "f",
                                                        "{{groups.each.item}}-{{groups.inner.item}}-{{item}}-{{own}}-{{factor}}")))));
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(Json.write(run.output()))
                    .isEqualTo("[[[\"1-10-1-6-10\"],[\"1-20-1-6-10\"]],[[\"2-10-1-7-10\"],[\"2-20-1-7-10\"]]]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("cancel and time-out of the group cancel its runs")
    void cancelled(Mode mode) {
        Workflow workflow = workflow(each("[1, 2]", 2), body -> body.then(delay("wait", Duration.ofHours(1))));
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.await("two runs", () -> run.runsOf("w").size() == 3);
            run.cancel().expect(CANCELLED);
            run.runsOf("w").forEach(each -> run.await(each, CANCELLED));
        }
        Workflow timed = workflow(
                each("[1, 2]", 2).timeout(Duration.ofMinutes(1)).onError(OnError.CONTINUE),
                body -> body.then(delay("wait", Duration.ofHours(1))));
        try (Scenario run = new Scenario(mode, timed).start()) {
            run.await("two runs", () -> run.runsOf("w").size() == 3);
            run.await("each", NodeStatus.WAITING);
            run.advance(Duration.ofMinutes(1)).awaitEnd().expect(SUCCEEDED);
            run.runsOf("w").subList(1, 3).forEach(each -> run.await(each, CANCELLED));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a thousand items in batches of fifty")
    void many(Mode mode) {
        Workflow workflow =
                workflow(each("range(1, 1000)", 50), body -> body.then(calculate("n", Map.of("n", "item * 2"))));
        try (Scenario run = new Scenario(mode, workflow).start()) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat((List<?>) run.node("each").output()).hasSize(1000).last().isEqualTo(Map.of("n", 2000L));
        }
    }

    @Test
    @DisplayName("what is distributed may not set a variable outside of it, which validation says")
    void writes() {
        Workflow workflow = workflow(each("[1]", 1), body -> body.then(set("s", Map.of("factor", "{{item}}"))));
        try (Scenario run = new Scenario(Mode.PLAIN, workflow)) {
            assertThatThrownBy(run::start)
                    .isInstanceOf(InvalidWorkflowException.class)
                    .hasMessageContaining("DISTRIBUTED_EFFECT")
                    .hasMessageContaining("sets the variable 'factor'");
        }
    }

    @Test
    @DisplayName("an iteration is not run again by itself")
    void rerun() {
        Workflow workflow = workflow(each("[1]", 1), body -> body.then(fail("no", "bad", "bad")));
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start()) {
            run.awaitEnd().expect(FAILED);
            String iteration = run.runsOf("w").get(1);
            assertThatThrownBy(() -> run.rerunOf(iteration))
                    .hasMessageContaining("an iteration of the distributed group 'each'");
            run.rerun(null, true, Map.of()).awaitEnd().expect(FAILED);
        }
    }
}
