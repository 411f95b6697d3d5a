package io.automationhub.benchmarks.http;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The ways to have an agent of two turns with one call of a tool between them, by a model on loopback. Each gives the same text. */
final class AgentWays implements AutoCloseable {

    private static final String PROMPT = "Do I need an umbrella in Ulm?";
    private static final String INSTRUCTIONS = "You advise people. Look at the weather first.";

    private final ModelServer server;
    private final OkHttpClient client = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(RequestWays.IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();
    private final List<Request> exchanges;
    private final Adviser adviser;
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final AgentTool weather = AgentTool.of(
            "weather", "Says the weather of a city.", City.class, (city, invocation) -> "rain in " + city.city());
    private final WorkflowEngine engine;
    private final WorkflowEngine callersEngine;
    private final Workflow workflow = Workflow.builder("advise")
            .start(NodeSpec.of("agent", "ai.agent")
                    .connection("model")
                    .with("model", "bench")
                    .with("instructions", INSTRUCTIONS)
                    .with("prompt", "{{input}}")
                    .with("tools", List.of("weather")))
            .output("{{nodes.agent.output.text}}")
            .build();

    record City(String city) {}

    /** An agent of LangChain4j. */
    public interface Adviser {
        @UserMessage(INSTRUCTIONS + " {{question}}")
        @Agent("Advises people.")
        String advise(@V("question") String question);
    }

    /** Its tool. */
    public static final class Weather {
        @Tool("Says the weather of a city.")
        public String weather(@P("The city.") String city) {
            return "rain in " + city;
        }
    }

    /**
     * Starts the server, and compares the answers.
     *
     * @param calls of the tool that the model wants, one after the other, before it answers
     */
    AgentWays(int calls) throws IOException {
        server = ModelServer.wantingTool(calls);
        exchanges = IntStream.rangeClosed(0, calls).mapToObj(this::request).toList();
        adviser = AgenticServices.agentBuilder(Adviser.class)
                .chatModel(OpenAiChatModel.builder()
                        .baseUrl(server.url())
                        .apiKey("none")
                        .modelName("bench")
                        .build())
                .tools(new Weather())
                .build();
        engine = ModelWays.engine(door, server.url(), false, weather);
        callersEngine = ModelWays.engine(door, server.url(), true, weather);
        Object expected = okHttp();
        if (!expected.equals(langChain()) || !expected.equals(agent())) {
            throw new IllegalStateException("The answers differ: " + expected + ", " + langChain() + ", " + agent());
        }
    }

    private Request request(int results) {
        String told = IntStream.rangeClosed(1, results)
                .mapToObj(number -> ",{\"role\":\"tool\",\"tool_call_id\":\"call-" + number
                        + "\",\"content\":\"rain in Ulm " + number + "\"}")
                .collect(Collectors.joining());
        return new Request.Builder()
                .url(server.url() + "/chat/completions")
                .post(RequestBody.create(
                        "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}" + told
                                + "]}",
                        MediaType.get("application/json")))
                .build();
    }

    /** The exchanges by themselves, and the text of the last one's JSON. */
    Object okHttp() throws IOException {
        Object last = null;
        for (Request exchange : exchanges) {
            last = content(exchange);
        }
        return Objects.requireNonNull(last);
    }

    private Object content(Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return JsonPointer.read(Json.parse(response.body().string()), "/choices/0/message/content");
        }
    }

    /** LangChain4j agentic, on the caller's thread. */
    Object langChain() {
        return adviser.advise(PROMPT);
    }

    /** A run of a workflow with one {@code ai.agent}. */
    Object agent() {
        return engine.run(workflow, PROMPT).orElseThrow().output();
    }

    /** The same on the caller's thread, which a host may choose. */
    Object agentOnCaller() {
        return callersEngine.run(workflow, PROMPT).orElseThrow().output();
    }

    @Override
    public void close() throws IOException {
        engine.close();
        callersEngine.close();
        door.close();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        server.close();
    }
}
