package io.automationhub.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.automationhub.ai.AiModule;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.AnswerSchema;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LangChain4j's own model of OpenAI, against a server that speaks Chat Completions. */
@Timeout(60)
class LangChain4jProviderTest {

    private static final ModelTool WEATHER = new ModelTool(
            "weather",
            "Says the weather of a city.",
            json(
                    "{'type': 'object', 'properties': {'city': {'type': 'string', 'minLength': 2}, 'day': {'$ref': '#/$defs/day'}},"
                            + " 'required': ['city'], 'additionalProperties': false, '$defs': {'day': {'enum': ['today', 'tomorrow']}}}"));
    private static final ModelTool CLOCK = new ModelTool("clock", "Says the time.", json("{'type': 'object'}"));

    private static final String CALLS =
            "{'id': 'chat-1', 'model': 'gpt-6-luna-2026', 'choices': [{'index': 0, 'finish_reason': 'tool_calls', 'message': {"
                    + "'role': 'assistant', 'content': null, 'tool_calls': ["
                    + "{'id': 'a', 'type': 'function', 'function': {'name': 'weather', 'arguments': '{\\'city\\': \\'Ulm\\'}'}},"
                    + "{'id': 'b', 'type': 'function', 'function': {'name': 'weather', 'arguments': '{\\'city\\'}'}}]}}],"
                    + "'usage': {'prompt_tokens': 100, 'completion_tokens': 30, 'total_tokens': 130}}";

    private final MockWebServer server = new MockWebServer();
    private LangChain4jProvider provider;

    @BeforeEach
    void start() throws IOException {
        server.start();
        provider = LangChain4jProvider.of(
                OpenAiChatModel.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("key")
                        .modelName("default")
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(2))
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .build(),
                OpenAiStreamingChatModel.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("key")
                        .modelName("default")
                        .build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(wire(text)));
    }

    private static String wire(String body) {
        return body.replace("\\'", "\u0000").replace('\'', '"').replace("\u0000", "\\\"");
    }

    private void answer(int status, String body) {
        server.enqueue(new MockResponse(status, Headers.of("Content-Type", "application/json"), wire(body)));
    }

    private void streamed(MockResponse.Builder response, String... events) {
        StringBuilder body = new StringBuilder();
        for (String event : events) {
            body.append("data: ").append(wire(event)).append("\n\n");
        }
        server.enqueue(response.code(200)
                .addHeader("Content-Type", "text/event-stream")
                .body(body.toString())
                .build());
    }

    private static String piece(String text) {
        return "{'id': 'c', 'model': 'm', 'choices': [{'index': 0, 'delta': {'content': '" + text + "'}}]}";
    }

    private static String text(String text) {
        return "{'id': 'chat-1', 'model': 'm-1', 'choices': [{'index': 0, 'finish_reason': 'stop', 'message': {'role': 'assistant',"
                + "'content': '" + text
                + "'}}], 'usage': {'prompt_tokens': 10, 'completion_tokens': 3, 'total_tokens': 13}}";
    }

    private JsonObject sent() throws InterruptedException {
        return Json.object(
                Json.parse(server.takeRequest(10, TimeUnit.SECONDS).getBody().utf8()));
    }

    private static ProviderCall call(Duration timeout, CancelSignal cancel) {
        return call(timeout, timeout, cancel);
    }

    private static ProviderCall call(Duration timeout, Duration idleTimeout, CancelSignal cancel) {
        return new ProviderCall(
                "node 'ask'",
                "acme",
                Optional.empty(),
                timeout,
                idleTimeout,
                cancel,
                () -> Instant.parse("2026-11-01T12:00:00Z"),
                file -> {
                    throw new FileNotFoundException(file.name());
                });
    }

    private static ProviderCall call() {
        return call(Duration.ofSeconds(20), CancelSignal.NONE);
    }

    private static ModelRequest ask(Message... messages) {
        return ModelRequest.of("gpt-6-luna", List.of(messages));
    }

    @Test
    void aWholeRequestIsSent() throws Exception {
        answer(200, text("Rain."));

        ModelAnswer answer = provider.call(
                ask(
                                Message.user("Hi"),
                                Message.assistant("Hello."),
                                Message.of(
                                        Role.USER,
                                        new Part.Text("What is this?"),
                                        new Part.Media(
                                                "image/png", null, new MediaSource.Url("https://example.com/a.png"))))
                        .withInstructions("Be short.")
                        .withMaxTokens(50)
                        .withTemperature(new BigDecimal("0.5"))
                        .withStop(List.of("END"))
                        .withEffort("high")
                        .withOptions(JsonObject.of("seed", 1)),
                call());

        JsonObject body = sent();
        assertThat(body)
                .containsEntry("model", "gpt-6-luna")
                .containsEntry("max_tokens", 50L)
                .containsEntry("stop", Json.parse("[\"END\"]"));
        assertThat(Json.write(body.get("messages")))
                .contains("Be short.", "\"system\"", "Hello.", "\"assistant\"", "https://example.com/a.png");
        assertThat(answer.message().text()).isEqualTo("Rain.");
        assertThat(answer.stop()).isEqualTo(StopReason.END);
        assertThat(answer.model()).isEqualTo("m-1");
        assertThat(answer.requestId()).isEqualTo("chat-1");
        assertThat(answer.usage().input()).isEqualTo(10);
        assertThat(answer.usage().output()).isEqualTo(3);
        assertThat(answer.usage().estimated()).isFalse();
        assertThat(answer.notes())
                .hasSize(2)
                .anyMatch(note -> note.contains("effort"))
                .anyMatch(note -> note.contains("seed"));
    }

    @Test
    void callsOfToolsGoThereAndBack() throws Exception {
        answer(200, CALLS);
        ModelRequest asked =
                ask(Message.user("Is it raining?")).withTools(List.of(WEATHER, CLOCK), new ToolChoice.Auto());

        ModelAnswer answer = provider.call(asked, call());

        Object parameters = JsonPointer.read(sent(), "/tools/0/function/parameters");
        assertThat(JsonPointer.read(parameters, "/properties/city/minLength")).isEqualTo(2L);
        assertThat(JsonPointer.read(parameters, "/properties/day/$ref")).isEqualTo("#/$defs/day");
        assertThat(JsonPointer.read(parameters, "/$defs/day/enum/1")).isEqualTo("tomorrow");
        assertThat(JsonPointer.read(parameters, "/required/0")).isEqualTo("city");
        assertThat(answer.stop()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.message().toolCalls()).extracting(Part.ToolCall::id).containsExactly("a", "b");
        assertThat(answer.message().toolCalls().get(0).arguments()).isEqualTo(json("{'city': 'Ulm'}"));
        assertThat(answer.message().toolCalls().get(1).unread()).isEqualTo("{\"city\"}");

        Message kept = MessageJson.read(Json.parse(Json.write(MessageJson.write(answer.message()))));
        assertThat(kept).isEqualTo(answer.message());
        Message results = Message.of(
                Role.USER,
                new Part.ToolResult("a", "weather", List.of(new Part.Text("rain")), false),
                new Part.ToolResult("b", "weather", List.of(), true),
                new Part.Text("Well?"));
        for (String model : List.of("gpt-6-luna", "another")) {
            answer(200, text("It rains."));
            ModelAnswer unused = provider.call(
                    asked.withMessages(List.of(Message.user("Is it raining?"), kept, results))
                            .withModel(model),
                    call());
            JsonObject body = sent();
            assertThat(JsonPointer.read(body, "/messages/1/tool_calls/1/function/arguments"))
                    .isEqualTo("{\"city\"}");
            assertThat(JsonPointer.read(body, "/messages/2/tool_call_id")).isEqualTo("a");
            assertThat(Json.write(JsonPointer.read(body, "/messages/2/content")))
                    .contains("rain");
            assertThat(JsonPointer.read(body, "/messages/4/role")).isEqualTo("user");
        }
    }

    @Test
    void theToolToBeCalledIsTheOnlyOne() throws Exception {
        answer(200, CALLS);
        ModelAnswer unused = provider.call(
                ask(Message.user("?")).withTools(List.of(WEATHER, CLOCK), new ToolChoice.Named("clock")), call());
        JsonObject body = sent();
        assertThat((List<?>) body.get("tools")).hasSize(1);
        assertThat(JsonPointer.read(body, "/tools/0/function/name")).isEqualTo("clock");
        assertThat(body).containsEntry("tool_choice", "required");
    }

    @Test
    void aSchemaIsSentToModelsThatKeepToOne() throws Exception {
        answer(200, text("{}"));
        ModelRequest asked = ask(Message.user("?"))
                .withAnswer(new AnswerSchema(
                        "value", json("{'type': 'object', 'properties': {'a': {'type': 'integer'}}}")));
        ModelAnswer unused = provider.call(asked, call());
        assertThat(JsonPointer.read(sent(), "/response_format/json_schema/schema/properties/a/type"))
                .isEqualTo("integer");

        LangChain4jProvider plain = LangChain4jProvider.of(OpenAiChatModel.builder()
                .baseUrl(server.url("/v1").toString())
                .apiKey("key")
                .build());
        answer(200, text("{}"));
        ModelAnswer unusedToo = plain.call(asked, call());
        assertThat(sent()).doesNotContainKey("response_format");
    }

    @ParameterizedTest
    @CsvSource({
        "401, auth, false",
        "403, auth, false",
        "404, model-request, false",
        "400, model-request, false",
        "429, rate-limit, true",
        "500, unavailable, true",
        "503, unavailable, true"
    })
    void failuresHaveTheKindsOfOtherProviders(int status, String kind, boolean passing) {
        answer(status, "{'error': {'message': 'no'}}");
        assertThatThrownBy(() -> provider.call(ask(Message.user("?")), call())).satisfies(e -> {
            assertThat(e.getMessage()).contains("node 'ask'", "gpt-6-luna");
            if (passing) {
                assertThat(e)
                        .isInstanceOfSatisfying(
                                RetriableException.class,
                                r -> assertThat(r.kind()).isEqualTo(kind));
            } else {
                assertThat(e)
                        .isInstanceOfSatisfying(
                                NonRetriableException.class,
                                r -> assertThat(r.kind()).isEqualTo(kind));
            }
        });
    }

    @Test
    void aServerThatSaysNothingTimesOut() {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        assertThatThrownBy(() -> provider.call(ask(Message.user("?")), call()))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.kind()).isEqualTo("timeout"));
    }

    @Test
    void aQuestionThatIsHeldBackIsAnAnswer() {
        LangChain4jProvider strict = LangChain4jProvider.of(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                throw new ContentFilteredException("not that");
            }
        });
        ModelAnswer answer = strict.call(ask(Message.user("?")), call());
        assertThat(answer.stop()).isEqualTo(StopReason.SAFETY);
        assertThat(answer.stopText()).isEqualTo("not that");
    }

    // ---------------------------------------------------------------- streams

    @Test
    void aStreamComesPieceByPieceOnTheCallersThread() {
        streamed(
                new MockResponse.Builder(),
                piece("It "),
                piece("rains."),
                "{'id': 'c', 'model': 'm', 'choices': [{'index': 0, 'delta': {'tool_calls': [{'index': 0, 'id': 'a',"
                        + "'function': {'name': 'weather', 'arguments': '{\\'city\\':'}}]}}]}",
                "{'id': 'c', 'model': 'm', 'choices': [{'index': 0, 'delta': {'tool_calls': [{'index': 0,"
                        + "'function': {'arguments': '\\'Ulm\\'}'}}]}}]}",
                "{'id': 'c', 'model': 'm', 'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'tool_calls'}]}",
                "{'id': 'c', 'model': 'm', 'choices': [], 'usage': {'prompt_tokens': 10, 'completion_tokens': 3, 'total_tokens': 13}}",
                "[DONE]");
        List<ModelDelta> deltas = new ArrayList<>();
        Thread caller = Thread.currentThread();
        ModelAnswer answer = provider.stream(ask(Message.user("?")), call(), delta -> {
            assertThat(Thread.currentThread()).isEqualTo(caller);
            deltas.add(delta);
        });
        assertThat(deltas).startsWith(new ModelDelta.Text("It "), new ModelDelta.Text("rains."));
        assertThat(deltas)
                .anyMatch(delta ->
                        delta instanceof ModelDelta.ToolCall tool && tool.name().equals("weather"));
        assertThat(answer.message().text()).isEqualTo("It rains.");
        assertThat(answer.message().toolCalls().get(0).arguments()).isEqualTo(json("{'city': 'Ulm'}"));
        assertThat(answer.usage().output()).isEqualTo(3);
    }

    private static MockResponse.Builder stalling() {
        return new MockResponse.Builder().onResponseBody(SocketEffect.Stall.INSTANCE);
    }

    private static MockResponse.Builder slow() {
        return new MockResponse.Builder().throttleBody(200, 100, TimeUnit.MILLISECONDS);
    }

    private static String[] endless() {
        String[] events = new String[2000];
        java.util.Arrays.setAll(events, i -> piece("word " + i + " "));
        return events;
    }

    @Test
    void aStreamThatTakesTooLongEndsAndItsUsageIsGuessed() {
        streamed(slow(), endless());
        assertThatThrownBy(() -> provider.stream(
                        ask(Message.user("?")), call(Duration.ofMillis(1500), CancelSignal.NONE), delta -> {}))
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("timeout");
                    assertThat(JsonPointer.read(e.details(), "/usage/estimated"))
                            .isEqualTo(true);
                });
    }

    @Test
    void aStreamThatSaysNothingTimesOut() {
        streamed(stalling(), piece("never"));
        ProviderCall impatient = call(Duration.ofSeconds(20), Duration.ofMillis(500), CancelSignal.NONE);
        assertThatThrownBy(() -> provider.stream(ask(Message.user("?")), impatient, delta -> {}))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.kind()).isEqualTo("timeout"))
                .hasMessageContaining("said nothing for PT0.5S");
    }

    @Test
    void aStreamThatIsCancelledEnds() {
        streamed(slow(), endless());
        AtomicReference<Runnable> cancel = new AtomicReference<>();
        assertThatThrownBy(() -> provider.stream(
                        ask(Message.user("?")),
                        call(Duration.ofSeconds(30), action -> {
                            cancel.set(action);
                            return () -> {};
                        }),
                        delta -> cancel.get().run()))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void whatAListenerThrowsEndsTheStream() {
        streamed(slow(), endless());
        assertThatThrownBy(() -> provider.stream(ask(Message.user("?")), call(), delta -> {
                    throw new IllegalStateException("enough");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
    }

    @Test
    void withoutAFormForStreamsTheAnswerComesInOnePiece() {
        LangChain4jProvider whole = LangChain4jProvider.of(OpenAiChatModel.builder()
                .baseUrl(server.url("/v1").toString())
                .apiKey("key")
                .build());
        answer(200, text("All at once."));
        List<ModelDelta> deltas = new ArrayList<>();
        ModelAnswer answer = whole.stream(ask(Message.user("?")), call(), deltas::add);
        assertThat(deltas).containsExactly(new ModelDelta.Text("All at once."));
        assertThat(answer.message().text()).isEqualTo("All at once.");
    }

    // ---------------------------------------------------------------- in a workflow

    @Test
    void aNodeAsksItByItsName() {
        answer(200, text("Rain."));
        ConnectorsModule connectors = ConnectorsModule.builder().build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .install(connectors)
                .install(
                        AiModule.builder(connectors).provider("house", provider).build())
                .build()) {
            WorkflowExecution run = engine.run(
                    Workflow.builder("ask")
                            .start(NodeSpec.of("ask", "ai.prompt")
                                    .with("provider", "house")
                                    .with("model", "gpt-6-luna")
                                    .with("prompt", "What is the weather?"))
                            .build(),
                    null);
            JsonObject output = Json.object(run.orElseThrow().output());
            assertThat(output).containsEntry("text", "Rain.").containsEntry("model", "m-1");
            assertThat(JsonPointer.read(output, "/usage/input")).isEqualTo(10L);
        }
    }
}
