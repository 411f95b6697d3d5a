package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each protocol: a row of this table each, with answers as the providers' documentation has them. */
class ProviderContractTest {

    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final ModelTool WEATHER = new ModelTool(
            "weather",
            "Says the weather of a city.",
            json("{'type': 'object', 'properties': {'city': {'type': 'string'}}, 'required': ['city'],"
                    + " 'additionalProperties': false}"));

    private final LocalProvider local = new LocalProvider();

    @BeforeEach
    void start() throws IOException {
        local.start();
    }

    @AfterEach
    void stop() {
        local.close();
    }

    static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static ModelRequest request(WireProtocol protocol, Message... messages) {
        String model = switch (protocol) {
            case RESPONSES, CHAT -> "gpt-6-luna";
            case ANTHROPIC -> "claude-sonnet-5-5";
            case GEMINI -> "gemini-3.8-flash";
        };
        return ModelRequest.of(model, List.of(messages));
    }

    private ModelAnswer call(WireProtocol protocol, ModelRequest request) {
        return local.provider(protocol).call(request, local.call(protocol));
    }

    private JsonObject sent() throws InterruptedException {
        RecordedRequest request = local.server().takeRequest(10, TimeUnit.SECONDS);
        return Json.object(Json.parse(request.getBody().utf8()));
    }

    /** An answer with two calls of a tool, in each protocol. */
    private static String calls(WireProtocol protocol) {
        return switch (protocol) {
            case RESPONSES ->
                "{'status': 'completed', 'output': ["
                        + "{'type': 'reasoning', 'id': 'rs_1', 'summary': [], 'encrypted_content': 'gAAA=='},"
                        + "{'type': 'function_call', 'id': 'fc_1', 'call_id': 'a', 'name': 'weather', 'arguments': '{\\'city\\': \\'Ulm\\'}'},"
                        + "{'type': 'function_call', 'id': 'fc_2', 'call_id': 'b', 'name': 'weather', 'arguments': '{\\'city\\'}'}],"
                        + "'usage': {'input_tokens': 100, 'input_tokens_details': {'cached_tokens': 40, 'cache_write_tokens': 10},"
                        + "'output_tokens': 30, 'output_tokens_details': {'reasoning_tokens': 12}}}";
            case CHAT ->
                "{'choices': [{'finish_reason': 'tool_calls', 'message': {'role': 'assistant', 'content': null, 'annotations': [],"
                        + "'tool_calls': [{'id': 'a', 'type': 'function', 'function': {'name': 'weather', 'arguments': '{\\'city\\': \\'Ulm\\'}'}},"
                        + "{'id': 'b', 'type': 'function', 'function': {'name': 'weather', 'arguments': '{\\'city\\'}'}}]}}],"
                        + "'usage': {'prompt_tokens': 100, 'prompt_tokens_details': {'cached_tokens': 40},"
                        + "'completion_tokens': 30, 'completion_tokens_details': {'reasoning_tokens': 12}}}";
            case ANTHROPIC ->
                "{'type': 'message', 'role': 'assistant', 'stop_reason': 'tool_use', 'content': ["
                        + "{'type': 'thinking', 'thinking': '', 'signature': 'EqQB=='},"
                        + "{'type': 'tool_use', 'id': 'a', 'name': 'weather', 'input': {'city': 'Ulm'}},"
                        + "{'type': 'tool_use', 'id': 'b', 'name': 'weather', 'input': '{\\'city\\'}'}],"
                        + "'usage': {'input_tokens': 50, 'cache_read_input_tokens': 40, 'cache_creation_input_tokens': 10,"
                        + "'output_tokens': 30, 'output_tokens_details': {'thinking_tokens': 12}}}";
            case GEMINI ->
                "{'candidates': [{'finishReason': 'STOP', 'content': {'role': 'model', 'parts': ["
                        + "{'functionCall': {'id': 'a', 'name': 'weather', 'args': {'city': 'Ulm'}}, 'thoughtSignature': 'CiQB=='},"
                        + "{'functionCall': {'id': 'b', 'name': 'weather'}}]}}],"
                        + "'usageMetadata': {'promptTokenCount': 100, 'cachedContentTokenCount': 40, 'candidatesTokenCount': 18,"
                        + "'thoughtsTokenCount': 12, 'totalTokenCount': 130}}";
        };
    }

    private void answer(int status, String body) {
        local.enqueue(status, "application/json", wire(body));
    }

    /** In texts of this test ' is a quotation mark, and \' one inside of a text. */
    private static String wire(String body) {
        return body.replace("\\'", "\u0000").replace('\'', '"').replace("\u0000", "\\\"");
    }

    // ---------------------------------------------------------------- what a model says

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void callsOfToolsGoThereAndBackWithWhatTheProviderWroteBesideThem(WireProtocol protocol) throws Exception {
        answer(200, calls(protocol));
        ModelRequest asked =
                request(protocol, Message.user("Is it raining?")).withTools(List.of(WEATHER), new ToolChoice.Auto());

        ModelAnswer answer = call(protocol, asked);

        assertThat(answer.stop()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.message().toolCalls()).extracting(Part.ToolCall::id).containsExactly("a", "b");
        assertThat(answer.message().toolCalls().get(0).arguments()).isEqualTo(json("{'city': 'Ulm'}"));
        if (protocol != WireProtocol.GEMINI) {
            assertThat(answer.message().toolCalls().get(1).unread()).isEqualTo("{\"city\"}");
        }
        assertThat(answer.usage().input()).isEqualTo(100);
        assertThat(answer.usage().cacheRead()).isEqualTo(40);
        assertThat(answer.usage().output()).isEqualTo(30);
        assertThat(answer.usage().reasoning()).isEqualTo(12);
        assertThat(Json.write(sent())).contains("\"weather\"", "Is it raining?");

        // Kept as JSON and read again, as a conversation is.
        Message kept = MessageJson.read(Json.parse(Json.write(MessageJson.write(answer.message()))));
        assertThat(kept).isEqualTo(answer.message());
        Message results = Message.of(
                Role.USER,
                new Part.ToolResult("a", "weather", List.of(new Part.Text("rain")), false),
                new Part.ToolResult("b", "weather", List.of(new Part.Text("no such city")), true));
        answer(200, calls(protocol));
        ModelAnswer unused = call(protocol, asked.withMessages(List.of(Message.user("Is it raining?"), kept, results)));
        String again = Json.write(sent());
        String signature = switch (protocol) {
            case RESPONSES -> "\"encrypted_content\":\"gAAA==\"";
            case CHAT -> "\"tool_calls\"";
            case ANTHROPIC -> "\"signature\":\"EqQB==\"";
            case GEMINI -> "\"thoughtSignature\":\"CiQB==\"";
        };
        assertThat(again).contains(signature, "rain", "no such city").doesNotContain("annotations");
        assertThat(again.split("no such city", -1)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void aConversationGoesOnWithAModelOfAnotherProvider(WireProtocol protocol) throws Exception {
        for (WireProtocol other : WireProtocol.values()) {
            answer(200, calls(other));
            Message said = call(other, request(other, Message.user("Hi"))).message();
            JsonObject unusedFirst = sent();
            answer(200, calls(protocol));
            ModelRequest asked = request(protocol, Message.user("Hi"), said).withModel("another");

            ModelAnswer unused = call(protocol, asked);

            String body = Json.write(sent());
            assertThat(body).contains("weather", "Ulm");
            assertThat(body).doesNotContain("gAAA==", "EqQB==", "CiQB==");
        }
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void imagesAndDocumentsAreSent(WireProtocol protocol) throws Exception {
        answer(200, calls(protocol));
        String pdf = Base64.getEncoder().encodeToString("%PDF-1.7 …".getBytes(StandardCharsets.UTF_8));
        Message message = Message.of(
                Role.USER,
                new Part.Media("image/png", null, new MediaSource.Base64(PIXEL)),
                new Part.Media("application/pdf", "bill.pdf", new MediaSource.Base64(pdf)),
                new Part.Text("What is it?"));

        ModelAnswer unused = call(protocol, request(protocol, message));

        assertThat(Json.write(sent())).contains(PIXEL, pdf, "What is it?");
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void anImageThatIsNoneIsNotSent(WireProtocol protocol) {
        Message message = Message.of(
                Role.USER, new Part.Media("image/png", "cat.png", new MediaSource.Base64("PGh0bWw+PC9odG1sPg==")));

        assertThatThrownBy(() -> call(protocol, request(protocol, message)))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContaining("'cat.png' is no image/png");
        assertThat(local.server().getRequestCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void theShapeOfAnAnswerIsAskedForInTheProvidersWay(WireProtocol protocol) throws Exception {
        answer(200, calls(protocol));
        ModelRequest asked = request(protocol, Message.user("Read: Ada, 36"))
                .withAnswer(new AnswerSchema("person", WEATHER.parameters()));

        ModelAnswer unused = call(protocol, asked);

        JsonObject body = sent();
        String pointer = switch (protocol) {
            case RESPONSES -> "/text/format/schema";
            case CHAT -> "/response_format/json_schema/schema";
            case ANTHROPIC -> "/output_config/format/schema";
            case GEMINI -> "/generationConfig/responseJsonSchema";
        };
        assertThat(JsonPointer.read(body, pointer)).isEqualTo(WEATHER.parameters());
        assertThat(body.toString()).doesNotContain("tool_choice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            RESPONSES | {'status': 'incomplete', 'incomplete_details': {'reason': 'max_output_tokens'}, 'output': []} | MAX_TOKENS
            RESPONSES | {'status': 'incomplete', 'output': []}                                                         | OTHER
            RESPONSES | {'status': 'incomplete', 'incomplete_details': {'reason': 'content_filter'}, 'output': []}    | SAFETY
            RESPONSES | {'status': 'completed', 'output': [{'type': 'message', 'content': [{'type': 'refusal', 'refusal': 'No.'}]}]} | REFUSAL
            CHAT      | {'choices': [{'finish_reason': 'length', 'message': {'content': 'a'}}]}                        | MAX_TOKENS
            CHAT      | {'choices': [{'finish_reason': 'content_filter', 'message': {}}]}                              | SAFETY
            CHAT      | {'choices': [{'finish_reason': 'stop', 'message': {'refusal': 'No.'}}]}                        | REFUSAL
            CHAT      | {'choices': [{'finish_reason': 'stop', 'message': {'tool_calls': [{'id': 'a', 'function': {'name': 'f', 'arguments': {}}}]}}]} | TOOL_CALLS
            ANTHROPIC | {'stop_reason': 'max_tokens', 'content': []}                                                   | MAX_TOKENS
            ANTHROPIC | {'stop_reason': 'refusal', 'content': []}                                                      | REFUSAL
            ANTHROPIC | {'stop_reason': 'pause_turn', 'content': []}                                                   | PAUSED
            ANTHROPIC | {'stop_reason': 'model_context_window_exceeded', 'content': []}                                | CONTEXT_EXCEEDED
            ANTHROPIC | {'stop_reason': 'something_new', 'content': []}                                                | OTHER
            GEMINI    | {'candidates': [{'finishReason': 'MAX_TOKENS', 'content': {'parts': [{'text': 'a'}]}}]}         | MAX_TOKENS
            GEMINI    | {'candidates': [{'finishReason': 'SAFETY'}]}                                                   | SAFETY
            GEMINI    | {'promptFeedback': {'blockReason': 'PROHIBITED_CONTENT'}}                                      | SAFETY
            GEMINI    | {'candidates': [{'finishReason': 'MALFORMED_FUNCTION_CALL'}]}                                  | OTHER
            RESPONSES | {'status': 'completed', 'service_tier': 5, 'model': 5, 'usage': 5, 'output': 5}                | END
            CHAT      | {'service_tier': 5, 'model': 5, 'usage': 5, 'choices': [{'finish_reason': 'stop', 'message': 5}]} | END
            ANTHROPIC | {'stop_reason': 'end_turn', 'model': 5, 'usage': {'service_tier': 5}, 'content': 5}            | END
            GEMINI    | {'modelVersion': 5, 'usageMetadata': 5, 'candidates': [{'finishReason': 'STOP', 'content': 5}]}  | END
            """)
    void whyAModelStops(WireProtocol protocol, String body, StopReason reason) {
        answer(200, body);

        assertThat(call(protocol, request(protocol, Message.user("Hi"))).stop()).isEqualTo(reason);
    }

    // ---------------------------------------------------------------- what newer models do not take

    @Test
    void newerClaudesAreAskedWithoutWhatTheyAnswerBy400() throws Exception {
        for (String model : List.of("claude-opus-5-5", "claude-fable-5-1")) {
            answer(200, calls(WireProtocol.ANTHROPIC));
            ModelAnswer answer = call(
                    WireProtocol.ANTHROPIC,
                    request(WireProtocol.ANTHROPIC, Message.user("Hi"))
                            .withModel(model)
                            .withTemperature(new BigDecimal("0.2"))
                            .withEffort("none")
                            .withTools(List.of(WEATHER), new ToolChoice.Required()));

            JsonObject body = sent();
            assertThat(body).doesNotContainKeys("temperature", "top_p", "top_k", "thinking");
            assertThat(body.get("tool_choice")).isEqualTo(json("{'type': 'auto'}"));
            assertThat(body.get("output_config")).isEqualTo(json("{'effort': 'low'}"));
            assertThat(answer.notes()).hasSize(3);
        }
    }

    @Test
    void newerGptsAreAskedWithoutWhatTheyAnswerBy400() throws Exception {
        for (String model : List.of("gpt-6-astra", "gpt-6.1-sol")) {
            answer(200, calls(WireProtocol.RESPONSES));
            ModelAnswer answer = call(
                    WireProtocol.RESPONSES,
                    request(WireProtocol.RESPONSES, Message.user("Hi"))
                            .withModel(model)
                            .withTemperature(new BigDecimal("0.2"))
                            .withEffort("none")
                            .withTools(List.of(WEATHER), new ToolChoice.Auto()));

            JsonObject body = sent();
            assertThat(body).doesNotContainKeys("temperature", "previous_response_id");
            assertThat(body.get("reasoning")).isEqualTo(json("{'effort': 'low'}"));
            assertThat(answer.notes()).hasSize(2);
        }
    }

    // ---------------------------------------------------------------- failures

    private static Stream<Arguments> refusals() {
        String openAi = "{'error': {'message': 'm', 'type': 't', 'code': '%s'}}";
        String anthropic = "{'type': 'error', 'error': {'type': '%s', 'message': 'm'}, 'request_id': 'r'}";
        String gemini = "{'error': {'code': %d, 'message': '%s', 'status': '%s'}}";
        return Stream.of(
                Arguments.of(WireProtocol.RESPONSES, 429, openAi.formatted("rate_limit_exceeded"), "rate-limit", true),
                Arguments.of(WireProtocol.RESPONSES, 429, openAi.formatted("insufficient_quota"), "quota", false),
                Arguments.of(WireProtocol.RESPONSES, 429, openAi.formatted("credit_balance_exhausted"), "quota", false),
                Arguments.of(
                        WireProtocol.RESPONSES, 429, openAi.formatted("project_spend_limit_exceeded"), "quota", false),
                Arguments.of(
                        WireProtocol.RESPONSES, 503, openAi.formatted("server_is_overloaded"), "unavailable", true),
                Arguments.of(WireProtocol.RESPONSES, 500, openAi.formatted("server_error"), "unavailable", true),
                Arguments.of(
                        WireProtocol.RESPONSES,
                        400,
                        openAi.formatted("context_length_exceeded"),
                        "model-context",
                        false),
                Arguments.of(WireProtocol.RESPONSES, 404, openAi.formatted("model_not_found"), "model-request", false),
                Arguments.of(WireProtocol.RESPONSES, 401, openAi.formatted("invalid_api_key"), "auth", false),
                Arguments.of(
                        WireProtocol.CHAT,
                        400,
                        "{'error': {'message': 'Function tools with reasoning_effort are not supported for gpt-5.6-luna in"
                                + " /v1/chat/completions.', 'type': 'invalid_request_error', 'param': 'reasoning_effort'}}",
                        "model-request",
                        false),
                Arguments.of(WireProtocol.CHAT, 429, openAi.formatted("slow_down"), "unavailable", true),
                Arguments.of(WireProtocol.CHAT, 404, "{'error': 'model \\'x\\' not found'}", "model-request", false),
                Arguments.of(WireProtocol.ANTHROPIC, 429, anthropic.formatted("rate_limit_error"), "rate-limit", true),
                Arguments.of(
                        WireProtocol.ANTHROPIC,
                        429,
                        "{'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'm', 'details':"
                                + " {'error_code': 'enforced_spend_limit_reached'}}}",
                        "quota",
                        false),
                Arguments.of(WireProtocol.ANTHROPIC, 529, anthropic.formatted("overloaded_error"), "unavailable", true),
                Arguments.of(WireProtocol.ANTHROPIC, 500, anthropic.formatted("api_error"), "unavailable", true),
                Arguments.of(WireProtocol.ANTHROPIC, 402, anthropic.formatted("billing_error"), "quota", false),
                Arguments.of(WireProtocol.ANTHROPIC, 401, anthropic.formatted("authentication_error"), "auth", false),
                Arguments.of(WireProtocol.ANTHROPIC, 403, anthropic.formatted("permission_error"), "auth", false),
                Arguments.of(
                        WireProtocol.ANTHROPIC, 404, anthropic.formatted("not_found_error"), "model-request", false),
                Arguments.of(
                        WireProtocol.ANTHROPIC,
                        400,
                        anthropic.formatted("invalid_request_error"),
                        "model-request",
                        false),
                Arguments.of(
                        WireProtocol.ANTHROPIC,
                        400,
                        "{'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'prompt is too long:"
                                + " 210000 tokens > 200000 maximum'}}",
                        "model-context",
                        false),
                Arguments.of(
                        WireProtocol.GEMINI,
                        429,
                        gemini.formatted(429, "Please retry in 46.2s.", "RESOURCE_EXHAUSTED"),
                        "rate-limit",
                        true),
                Arguments.of(
                        WireProtocol.GEMINI,
                        429,
                        gemini.formatted(429, "Quota exceeded, limit: 0", "RESOURCE_EXHAUSTED"),
                        "quota",
                        false),
                Arguments.of(
                        WireProtocol.GEMINI,
                        503,
                        gemini.formatted(503, "overloaded", "UNAVAILABLE"),
                        "unavailable",
                        true),
                Arguments.of(
                        WireProtocol.GEMINI,
                        400,
                        gemini.formatted(
                                400,
                                "Function call is missing a thought_signature in functionCall parts",
                                "INVALID_ARGUMENT"),
                        "model-request",
                        false),
                Arguments.of(
                        WireProtocol.GEMINI,
                        400,
                        gemini.formatted(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"),
                        "auth",
                        false));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatAProviderRefusesHasItsKind(WireProtocol protocol, int status, String body, String kind, boolean passes) {
        answer(status, body);

        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .isInstanceOf(passes ? RetriableException.class : NonRetriableException.class)
                .satisfies(e -> assertThat(kind(e)).isEqualTo(kind))
                .hasMessageContaining("node 'ask'")
                .hasMessageNotContaining(LocalProvider.KEY);
    }

    private static String kind(Throwable e) {
        return e instanceof RetriableException passing ? passing.kind() : ((NonRetriableException) e).kind();
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void aProviderSaysHowLongToWait(WireProtocol protocol) {
        String body =
                "{'error': {'message': 'Please retry in 46.2s.', 'type': 'rate_limit_error', 'status': 'RESOURCE_EXHAUSTED'}}";
        local.server()
                .enqueue(new MockResponse(
                        429,
                        Headers.of("Content-Type", "application/json", "retry-after", "7", "retry-after-ms", "6500"),
                        wire(body)));
        local.server()
                .enqueue(new MockResponse(429, Headers.of("retry-after", "Sun, 01 Nov 2026 12:00:30 GMT"), wire(body)));
        answer(429, body);

        assertThat(wait(protocol)).isEqualTo(Duration.ofMillis(6500));
        assertThat(wait(protocol)).isEqualTo(Duration.ofSeconds(30));
        assertThat(wait(protocol))
                .isEqualTo(protocol == WireProtocol.GEMINI ? Duration.ofMillis(46_200) : Duration.ZERO);
    }

    private Duration wait(WireProtocol protocol) {
        AtomicReference<Duration> wait = new AtomicReference<>();
        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> wait.set(e.retryAfter().orElse(Duration.ZERO)));
        return wait.get();
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void anErrorThatFollowsA200EndsTheStream(WireProtocol protocol) {
        String event = switch (protocol) {
            case RESPONSES -> "{'type': 'error', 'code': 'server_error', 'message': 'm'}";
            case CHAT -> "{'error': {'message': 'm', 'code': 'server_error'}}";
            case ANTHROPIC -> "{'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'm'}}";
            case GEMINI -> "[{'error': {'code': 503, 'message': 'm', 'status': 'UNAVAILABLE'}}]";
        };
        local.enqueueStream(("data: " + wire(event) + "\n\n").getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> local.provider(protocol).stream(
                        request(protocol, Message.user("Hi")), local.call(protocol), delta -> {}))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.kind()).isEqualTo("unavailable"));
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void whatIsNoAnswerIsSaidAndTheKeyIsNot(WireProtocol protocol) {
        local.enqueue(200, "text/html", "<html><body>Log in with " + LocalProvider.KEY + "</body></html>");
        local.enqueue(502, "text/html", "<html><body>Bad gateway, " + LocalProvider.KEY + "</body></html>");
        local.enqueue(200, "application/json", "{\"half\": ");
        local.enqueue(200, "text/html", "<html>no stream</html>");

        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("content"))
                .hasMessageContaining("text/html")
                .hasMessageContaining("base URL")
                .hasMessageNotContaining(LocalProvider.KEY);
        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.kind()).isEqualTo("unavailable"))
                .hasMessageContaining("Bad gateway")
                .hasMessageNotContaining(LocalProvider.KEY);
        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("content"));
        assertThatThrownBy(() -> local.provider(protocol).stream(
                        request(protocol, Message.user("Hi")), local.call(protocol), delta -> {}))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("content"));
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void aBrokenOrStuckServerIsAFailureThatMayPass(WireProtocol protocol) {
        local.server()
                .enqueue(new MockResponse.Builder()
                        .onResponseStart(new SocketEffect.CloseSocket())
                        .build());
        local.server()
                .enqueue(new MockResponse.Builder()
                        .onResponseStart(SocketEffect.Stall.INSTANCE)
                        .build());

        assertThatThrownBy(() -> call(protocol, request(protocol, Message.user("Hi"))))
                .satisfies(e -> assertThat(kind(e)).isEqualTo("network"));
        ProviderCall hurried = local.call(protocol, Duration.ofMillis(150), CancelSignal.NONE);
        assertThatThrownBy(() -> local.provider(protocol).call(request(protocol, Message.user("Hi")), hurried))
                .satisfies(e -> assertThat(kind(e)).isEqualTo("timeout"));
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void aStreamInWhichNothingComesIsAFailureThatMayPass(WireProtocol protocol) {
        local.server()
                .enqueue(new MockResponse.Builder()
                        .code(200)
                        .addHeader("Content-Type", "text/event-stream")
                        .body("data: {}\n\n".repeat(20))
                        .onResponseBody(SocketEffect.Stall.INSTANCE)
                        .build());
        ProviderCall impatient =
                local.call(protocol, Duration.ofSeconds(20), Duration.ofMillis(500), CancelSignal.NONE);
        assertThatThrownBy(() ->
                        local.provider(protocol).stream(request(protocol, Message.user("Hi")), impatient, delta -> {}))
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("timeout");
                    assertThat(e.getMessage()).contains("nothing came for PT0.5S");
                    assertThat(JsonPointer.read(e.details(), "/usage/estimated"))
                            .isEqualTo(true);
                });
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void aCancelledCallClosesItsConnection(WireProtocol protocol) throws Exception {
        local.server()
                .enqueue(new MockResponse.Builder()
                        .onResponseStart(SocketEffect.Stall.INSTANCE)
                        .build());
        AtomicReference<Runnable> close = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        ProviderCall call = local.call(protocol, Duration.ofSeconds(20), action -> {
            close.set(action);
            asked.countDown();
            return () -> {};
        });
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                ModelAnswer unused = local.provider(protocol).call(request(protocol, Message.user("Hi")), call);
            } catch (RuntimeException e) {
                ended.set(e);
            }
        });
        caller.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(local.server().takeRequest(20, TimeUnit.SECONDS)).isNotNull();

        close.get().run();

        caller.join(20_000);
        assertThat(ended.get()).isInstanceOf(CancellationException.class);
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void tenMegabytesOfArgumentsArrive(WireProtocol protocol) {
        String long10 = "x".repeat(10 * 1024 * 1024);
        answer(200, calls(protocol).replace("Ulm", long10));

        ModelAnswer answer = call(protocol, request(protocol, Message.user("Hi")));

        assertThat(answer.message().toolCalls().get(0).arguments().get("city")).isEqualTo(long10);
    }

    @ParameterizedTest
    @EnumSource(WireProtocol.class)
    void fieldsOfTheProvidersOwnArePutIntoTheRequest(WireProtocol protocol) throws Exception {
        answer(200, calls(protocol));
        ModelRequest asked = request(protocol, Message.user("Hi"))
                .withMaxTokens(7)
                .withOptions(json("{'metadata': {'user': 'u'}, 'generationConfig': {'seed': 1}}"));

        ModelAnswer unused = call(protocol, asked);

        JsonObject body = sent();
        assertThat(body.get("metadata")).isEqualTo(json("{'user': 'u'}"));
        assertThat(Json.write(body)).contains("\"seed\":1", ":7");
    }

    @Test
    void piecesOfAStreamAreHeardAsTheyCome() {
        List<ModelDelta> heard = new ArrayList<>();
        local.enqueueStream(("data: {\"choices\": [{\"delta\": {\"content\": \"a\"}}]}\n\n"
                        + "data: {\"choices\": [{\"delta\": {\"tool_calls\": [{\"index\": 0, \"id\": \"c\", \"function\": {\"name\": \"f\", \"arguments\": \"\"}}]}}]}\n\n"
                        + "data: {\"choices\": [{\"delta\": {\"tool_calls\": [{\"index\": 0, \"id\": \"\", \"type\": \"\", \"function\": {\"name\": \"\", \"arguments\": \"{}\"}}]}}]}\n\n"
                        + "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"tool_calls\"}]}\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8));

        ModelAnswer answer = local.provider(WireProtocol.CHAT).stream(
                request(WireProtocol.CHAT, Message.user("Hi")), local.call(WireProtocol.CHAT), heard::add);

        assertThat(heard)
                .containsExactly(
                        new ModelDelta.Text("a"),
                        new ModelDelta.ToolCall(0, "f", ""),
                        new ModelDelta.ToolCall(0, "", "{}"));
        assertThat(answer.message().toolCalls()).containsExactly(new Part.ToolCall("c", "f", JsonObject.EMPTY, null));
        // Nobody counted, which is not the same as nothing.
        assertThat(answer.usage().estimated()).isTrue();
        assertThat(answer.usage().total()).isPositive();
    }

    @Test
    void aStreamThatDoesNotSayWhatItIsIsReadAsOne() {
        local.server()
                .enqueue(new MockResponse.Builder()
                        .code(200)
                        .body(wire("data:{'choices': [{'delta': {'content': 'Hello'}}]}\n\n"
                                + "data:{'choices': [{'delta': {}, 'finish_reason': 'stop'}]}\n\ndata:[DONE]\n\n"))
                        .build());
        ModelAnswer answer = local.provider(WireProtocol.CHAT).stream(
                request(WireProtocol.CHAT, Message.user("Hi")), local.call(WireProtocol.CHAT), delta -> {});
        assertThat(answer.message().text()).isEqualTo("Hello");
    }

    @Test
    void aKeyThatComesBackInPiecesIsNotInTheAnswer() {
        String first = LocalProvider.KEY.substring(0, 8);
        local.enqueueStream(("data: {\"choices\": [{\"delta\": {\"content\": \"Your key is " + first + "\"}}]}\n\n"
                        + "data: {\"choices\": [{\"delta\": {\"content\": \"" + LocalProvider.KEY.substring(8)
                        + ", keep it\"}}]}\n\n"
                        + "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8));
        ModelAnswer answer = local.provider(WireProtocol.CHAT).stream(
                request(WireProtocol.CHAT, Message.user("Hi")), local.call(WireProtocol.CHAT), delta -> {});
        assertThat(answer.message().text())
                .startsWith("Your key is")
                .endsWith("keep it")
                .doesNotContain(first);
        assertThat(Json.write(MessageJson.write(answer.message()))).doesNotContain(first);
    }
}
