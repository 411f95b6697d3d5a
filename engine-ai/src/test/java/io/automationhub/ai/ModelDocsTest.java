package io.automationhub.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.provider.ProviderConnectors;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.testkit.DocsSection;
import io.automationhub.engine.testkit.NodeReferencePage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference pages of the node types that call models in docs/nodes/, and the examples on them. */
class ModelDocsTest {

    private static final List<String> TYPES = List.of("ai.prompt", "ai.extract", "ai.classify", "ai.agent");

    @TestFactory
    Stream<DynamicTest> eachTypeHasItsPageWithExamplesThatAreValid() {
        return TYPES.stream()
                .map(type -> DynamicTest.dynamicTest(type, () -> {
                    try (WorkflowEngine engine = WorkflowEngine.builder()
                            .install(AiModule.builder(ConnectorsModule.create()).build())
                            .build()) {
                        NodeMetadata metadata =
                                engine.nodeTypes().find(type).orElseThrow().metadata();
                        String page = NodeReferencePage.of(type, metadata);
                        assertThat(page.lines()).noneMatch(line -> line.endsWith("|  |"));
                        DocsSection.fileMustBe("nodes/" + type + ".md", page);
                        for (Object example :
                                (JsonArray) metadata.configSchema().get("examples")) {
                            Workflow workflow = Workflow.builder("w")
                                    .start(NodeSpec.of("n", type).with(Json.object(example)))
                                    .build();
                            assertThat(engine.validate(workflow)).isEmpty();
                        }
                    }
                }));
    }

    @Test
    void theConnectionsInTheDocumentationAreSome() throws IOException {
        String page = Files.readString(Path.of("../docs/models.md"));
        int begin = page.indexOf("```json") + "```json".length();
        JsonObject byId = Json.object(Json.parse(page.substring(begin, page.indexOf("```", begin))));
        Map<String, Connector> connectors =
                ProviderConnectors.all().stream().collect(Collectors.toMap(Connector::id, Function.identity()));
        assertThat(byId).hasSameSizeAs(connectors);
        byId.forEach((id, value) -> {
            JsonObject given = Json.object(value);
            Connector connector = connectors.get(Json.toText(given.get("connector")));
            Connection connection = Connection.of(id, connector.connection(given), AuthenticationMethods.STANDARD);
            assertThat(connection.connector()).contains(connector.id());
        });
    }
}
