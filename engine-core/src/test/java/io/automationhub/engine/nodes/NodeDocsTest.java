package io.automationhub.engine.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.testkit.DocsSection;
import io.automationhub.engine.testkit.NodeReferencePage;
import io.automationhub.engine.validation.WorkflowValidator;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference pages in docs/nodes/, and the examples on them. */
class NodeDocsTest {

    private static NodeExecutorRegistry registry() {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        return registry.build();
    }

    private static NodeMetadata metadata(String type) {
        return registry().find(type).orElseThrow().metadata();
    }

    @TestFactory
    Stream<DynamicTest> eachTypeHasItsPage() {
        return registry().types().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type,
                        () -> DocsSection.fileMustBe(
                                "nodes/" + type + ".md", NodeReferencePage.of(type, metadata(type)))));
    }

    @Test
    void eachFieldIsDescribed() {
        assertThat(registry().types())
                .allSatisfy(type -> assertThat(
                                NodeReferencePage.of(type, metadata(type)).lines())
                        .noneMatch(line -> line.endsWith("|  |")));
    }

    @Test
    void thePagesAreListed() {
        StringBuilder table = new StringBuilder("| type | what it does | goes on by |\n|---|---|---|\n");
        for (String type : registry().types()) {
            NodeMetadata metadata = metadata(type);
            table.append("| [`%s`](nodes/%s.md) | %s | %s |\n"
                    .formatted(
                            type,
                            type,
                            metadata.description(),
                            String.join(
                                    ", ",
                                    metadata.handles().stream()
                                            .map(handle -> "`" + handle + "`")
                                            .toList())));
        }
        new DocsSection("workflow-file.md", "node types").mustBe(table.toString());
    }

    @TestFactory
    Stream<DynamicTest> eachExampleOfAConfigIsValid() {
        return registry().types().stream()
                .filter(type -> !type.startsWith("trigger."))
                .flatMap(type -> ((JsonArray) metadata(type).configSchema().get("examples"))
                        .stream()
                                .map(example -> DynamicTest.dynamicTest(
                                        type + " " + Json.write(example), () -> isValid(type, Json.object(example)))));
    }

    private static void isValid(String type, JsonObject config) {
        Workflow workflow = Workflow.builder("w")
                .variable("total", WorkflowVariable.Type.NUMBER, null)
                .variable("team", WorkflowVariable.Type.STRING, null)
                .start(Nodes.manualTrigger("start"))
                .then(NodeSpec.of("n", type).with(config))
                .build();
        assertThat(new WorkflowValidator(registry(), StandardFunctions.library()).validate(workflow))
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNUSED_VARIABLE));
    }
}
