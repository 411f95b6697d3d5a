package io.automationhub.benchmarks.http;

import dev.langchain4j.model.openai.OpenAiChatModel;
import io.automationhub.ai.AiModule;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The ways to ask a model on loopback by Chat Completions. Each gives the same text. */
final class ModelWays implements AutoCloseable {

    private static final String PROMPT = "What is this about?";
    private static final String SENT =
            "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";

    private final ModelServer server = new ModelServer(0, 0);
    private final OkHttpClient client = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(RequestWays.IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();
    private final Request request = new Request.Builder()
            .url(server.url() + "/chat/completions")
            .post(RequestBody.create(SENT, MediaType.get("application/json")))
            .build();
    private final OpenAiChatModel langChain = OpenAiChatModel.builder()
            .baseUrl(server.url())
            .apiKey("none")
            .modelName("bench")
            .build();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final WorkflowEngine engine = engine(door, server.url());
    private final Workflow workflow = Workflow.builder("ask")
            .start(NodeSpec.of("ask", "ai.prompt")
                    .connection("model")
                    .with("model", "bench")
                    .with("prompt", PROMPT))
            .output("{{nodes.ask.output.text}}")
            .build();

    /** Starts the server, and compares the answers. */
    ModelWays() throws IOException {
        Object expected = okHttp();
        if (!expected.equals(langChain()) || !expected.equals(workflow())) {
            throw new IllegalStateException("The answers differ: " + expected + ", " + langChain() + ", " + workflow());
        }
    }

    /** An engine whose connection {@code model} leads to a server. */
    static WorkflowEngine engine(HttpDoor door, String url) {
        return engine(door, url, false);
    }

    /** @param callerRuns whether a lone attempt is made on the caller's thread */
    static WorkflowEngine engine(HttpDoor door, String url, boolean callerRuns, AgentTool... tools) {
        JsonObject connection = Json.object(Json.of(Map.of("connector", "openai-compatible", "baseUrl", url)));
        ConnectorsModule connectors = ConnectorsModule.builder()
                .door(door)
                .connections(new InMemoryConnections()
                        .put(
                                WorkflowEngine.DEFAULT_TENANT,
                                Connection.of("model", connection, AuthenticationMethods.STANDARD)))
                .build();
        AiModule.Builder models = AiModule.builder(connectors);
        List.of(tools).forEach(models::tool);
        return WorkflowEngine.builder()
                .install(connectors)
                .install(models.build())
                .callerRuns(callerRuns)
                .build();
    }

    /** The bare exchange, and the text of its JSON. */
    Object okHttp() throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return JsonPointer.read(Json.parse(response.body().string()), "/choices/0/message/content");
        }
    }

    /** LangChain4j, on the caller's thread. */
    Object langChain() {
        return langChain.chat(PROMPT);
    }

    /** A run of a workflow with one {@code ai.prompt}. */
    Object workflow() {
        return engine.run(workflow, null).orElseThrow().output();
    }

    @Override
    public void close() throws IOException {
        engine.close();
        door.close();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        server.close();
    }
}
