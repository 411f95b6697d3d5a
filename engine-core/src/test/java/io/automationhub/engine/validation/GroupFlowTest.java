package io.automationhub.engine.validation;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.nodes.BuiltInNodes;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the validator knows of data that flows into groups, inside of them, and out. */
class GroupFlowTest {

    private static List<Problem> validate(Workflow workflow) {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        return new WorkflowValidator(registry.build(), StandardFunctions.library()).validate(workflow);
    }

    private static String codes(Workflow workflow) {
        return String.join(
                " ",
                validate(workflow).stream()
                        .map(problem -> problem.code().name())
                        .sorted()
                        .toList());
    }

    /** before → each [ first → loop [ deep ] → second ] → after; a template stands in one of them. */
    private static Workflow nested(String place, String template) {
        NodeSpec each = node("each", "forEach").with("items", "input.list");
        NodeSpec loop = node("loop", "loop").with("while", "index < 3");
        return Workflow.builder("w")
                .variable("v", Type.INTEGER, 0)
                .start(manualTrigger("t"))
                .then(format("before", place.equals("before") ? template : "{{v}}"))
                .group(
                        place.startsWith("each.") ? each.with(place.substring(5), template) : each,
                        body -> body.then(format("first", place.equals("first") ? template : "{{item}}"))
                                .group(
                                        place.startsWith("loop.")
                                                ? node("loop", "loop")
                                                        .with("while", "true")
                                                        .with(place.substring(5), template)
                                                : loop,
                                        deep -> deep.then(format("deep", place.equals("deep") ? template : "{{last}}")))
                                .then(format("second", place.equals("second") ? template : "x")))
                .then(format("after", place.equals("after") ? template : "x"))
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                // where | template | codes
                "first | {{nodes.before.output}} {{item}} {{index}} {{v}} | ``",
                "deep | {{nodes.before.output}} {{nodes.first.output}} {{item}} {{index}} {{last}} {{groups.each.index}} | ``",
                "deep | {{groups.each.item}} {{groups.loop.last}} | ``",
                "second | {{nodes.first.output}} {{nodes.loop.output}} | ``",
                "after | {{nodes.each.output}} {{nodes.each.errors}} | ``",
                "each.output | {{nodes.first.output}} {{nodes.second.output}} {{item}} {{nodes.before.output}} | ``",
                "loop.output | {{nodes.deep.output}} {{nodes.first.output}} {{last}} | ``",
                "loop.while | index < size(nodes.first.output) | ``",
                "before | {{v}} {{item}} | INVALID_EXPRESSION",
                "after | {{index}} | INVALID_EXPRESSION",
                "first | {{last}} | INVALID_EXPRESSION",
                "second | {{groups.loop.index}} | INVALID_EXPRESSION",
                "deep | {{groups.each.last}} | INVALID_EXPRESSION",
                "deep | {{groups.nobody.item}} | INVALID_EXPRESSION",
                "each.items | item | INVALID_EXPRESSION",
                "after | {{nodes.first.output}} | NOT_UPSTREAM",
                "after | {{nodes.deep.output}} | NOT_UPSTREAM",
                "second | {{nodes.deep.output}} | NOT_UPSTREAM",
                "first | {{nodes.second.output}} | NOT_UPSTREAM",
                "first | {{nodes.each.output}} | NOT_UPSTREAM",
                "deep | {{nodes.loop.output}} | NOT_UPSTREAM",
                "deep | {{nodes.second.output}} | NOT_UPSTREAM",
                "deep | {{nodes.after.output}} | NOT_UPSTREAM",
                "loop.while | nodes.deep.output == 1 | NOT_UPSTREAM",
                "each.output | {{nodes.deep.output}} | NOT_UPSTREAM",
                "each.items | nodes.first.output | NOT_UPSTREAM",
            })
    void knowsWhatCanBeReadWhere(String place, String template, String codes) {
        assertThat(codes(nested(place, template))).isEqualTo(codes);
    }

    @Test
    void readingIntoAGroupSaysWhatToReadInstead() {
        Problem problem = validate(nested("after", "{{nodes.first.output}}")).get(0);
        assertThat(problem.message())
                .isEqualTo("Column 3: 'first' stands in the group 'each', and 'after' outside of it, so it cannot read"
                        + " nodes.first.output");
        assertThat(problem.hint()).isEqualTo("read what the group comes to, as nodes.each.output");
    }

    @Test
    void whatTheOutputOfAnIterationReadsNeedNotHaveSucceeded() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("t"))
                .group(
                        node("each", "forEach").with("items", "[1]").with("output", "{{nodes.a.output}}"),
                        body -> body.then(condition("if", "item > 1")).when("true", format("a", "x")))
                .build();
        assertThat(codes(workflow)).isEqualTo("NOT_ON_EVERY_PATH");
    }

    private static Workflow setting(NodeSpec group, String name) {
        return Workflow.builder("w")
                .variable("v", Type.INTEGER, 0)
                .start(manualTrigger("t"))
                .group(group, body -> body.then(set("a", Map.of(name, 1))).then(format("b", "{{" + name + "}}")))
                .then(format("after", "{{v}}"))
                .build();
    }

    @Test
    void iterationsSideBySideThatSetAnOuterVariableRace() {
        NodeSpec each = node("each", "forEach").with("items", "[1, 2]");
        assertThat(codes(setting(each, "v"))).isEmpty();
        assertThat(codes(setting(each.with("parallel", 2), "v"))).isEqualTo("VARIABLE_RACE");
        Map<String, Object> own = Map.of("own", Map.of("type", "integer", "default", 0));
        assertThat(codes(setting(each.with("parallel", 2).with("variables", own), "own")))
                .isEmpty();
    }

    @Test
    void aVariableOfAGroupIsKnownOnlyInside() {
        NodeSpec each = node("each", "forEach")
                .with("items", "[1]")
                .with("variables", Map.of("own", Map.of("type", "integer")));
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("t"))
                .group(each, body -> body.then(set("a", Map.of("own", 1))))
                .then(set("b", Map.of("own", 2)))
                .then(format("c", "{{own}}"))
                .build();
        assertThat(codes(workflow)).isEqualTo("INVALID_EXPRESSION UNKNOWN_VARIABLE");
    }

    @Test
    void aVariableOfAGroupIsCheckedLikeThoseOfTheWorkflow() {
        NodeSpec each = node("each", "forEach").with("items", "[1]");
        assertThat(codes(setting(each.with("variables", Map.of("v", Map.of("type", "string"))), "v")))
                .isEqualTo("INVALID_VARIABLE VARIABLE_VALUE");
        assertThat(codes(setting(each.with("variables", Map.of("own", Map.of("type", "string", "default", 1))), "own")))
                .isEqualTo("INVALID_VARIABLE VARIABLE_VALUE");
        assertThat(codes(setting(each.with("variables", Map.of("own", Map.of("type", "list"))), "v")))
                .isEqualTo("UNUSED_VARIABLE");
    }

    /** Groups, or drawings around groups, in each other, as a hostile file may have them. */
    private static Workflow deep(int count, String type, String innermost) {
        StringBuilder nodes = new StringBuilder("{'id':'n0','type':'" + type + "'}");
        for (int i = 1; i < count; i++) {
            nodes.append(
                    ",{'id':'n%d','type':'%s','parentId':'n%d'}".formatted(i, i < count / 2 ? type : innermost, i - 1));
        }
        return WorkflowJson.parse(("{'format':1,'id':'w','nodes':[" + nodes + "],'edges':[]}").replace('\'', '"'));
    }

    @Test
    void groupsThatStandTooDeepInEachOtherAreAProblem() {
        assertThat(codes(deep(32, "scope", "scope"))).isEmpty();
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(codes(deep(5_000, "scope", "scope"))).isEqualTo("TOO_DEEP");
            assertThat(codes(deep(5_000, "group", "scope"))).isEqualTo("TOO_DEEP");
            assertThat(codes(deep(5_000, "group", "note"))).isEqualTo("NO_NODES");
        });
    }
}
