package io.automationhub.interop;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.provider.ChatQuirks;
import io.automationhub.ai.provider.HttpProvider;
import io.automationhub.ai.provider.ProviderConnectors;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.FileNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The providers, with a connection each that leads to a server on this machine. */
final class Models implements AutoCloseable {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;

    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final ConnectorsModule connectors;

    /** @param origin of the server, as {@code http://127.0.0.1:4010} */
    Models(String origin, String key) {
        connectors = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(new InMemorySecrets().put(TENANT, "key", key))
                .build();
        for (Protocol protocol : Protocol.values()) {
            Connector connector = ProviderConnectors.all().stream()
                    .filter(each -> each.id().equals(protocol.connector))
                    .findFirst()
                    .orElseThrow();
            JsonObject given = Json.object(
                    Json.parse("{\"baseUrl\": \"" + origin + protocol.path + "\", \"auth\": " + auth(protocol) + "}"));
            connections.put(
                    TENANT,
                    Connection.of(protocol.connector, connector.connection(given), AuthenticationMethods.STANDARD));
        }
    }

    private static String auth(Protocol protocol) {
        String secret = "{\"$secret\": \"key\"}";
        return switch (protocol) {
            case RESPONSES, CHAT -> "{\"type\": \"bearer\", \"token\": " + secret + "}";
            case ANTHROPIC, GEMINI -> "{\"type\": \"apiKey\", \"value\": " + secret + "}";
        };
    }

    private AgentProvider provider(Protocol protocol) {
        ConnectionClient client = connectors.client();
        ModelCatalog catalog = ModelCatalog.standard();
        return switch (protocol) {
            case RESPONSES -> HttpProvider.openAi(client, catalog);
            case CHAT -> HttpProvider.chat(client, catalog, ChatQuirks.COMPATIBLE);
            case ANTHROPIC -> HttpProvider.anthropic(client, catalog);
            case GEMINI -> HttpProvider.gemini(client, catalog);
        };
    }

    private ProviderCall call(Protocol protocol) {
        return new ProviderCall(
                "node 'ask'",
                TENANT,
                connections.find(TENANT, protocol.connector),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                CancelSignal.NONE,
                Instant::now,
                file -> {
                    throw new FileNotFoundException(file.name());
                });
    }

    static ModelRequest request(Protocol protocol, Message... messages) {
        return ModelRequest.of(protocol.model, List.of(messages));
    }

    ModelAnswer call(Protocol protocol, ModelRequest request) {
        return provider(protocol).call(request, call(protocol));
    }

    ModelAnswer stream(Protocol protocol, ModelRequest request, Consumer<ModelDelta> listener) {
        return provider(protocol).stream(request, call(protocol), listener);
    }

    /** A run of a workflow with one node of a type. */
    WorkflowExecution run(Protocol protocol, String type, JsonObject config, AgentTool... tools) {
        AiModule.Builder ai = AiModule.builder(connectors);
        for (AgentTool tool : tools) {
            ai.tool(tool);
        }
        try (WorkflowEngine engine =
                WorkflowEngine.builder().install(connectors).install(ai.build()).build()) {
            NodeSpec node =
                    NodeSpec.of("ask", type).connection(protocol.connector).with("model", protocol.model);
            for (String field : config.keySet()) {
                node = node.with(field, Optional.ofNullable(config.get(field)).orElseThrow());
            }
            return engine.run(Workflow.builder("ask").start(node).build(), null);
        }
    }

    @Override
    public void close() {
        door.close();
    }
}
