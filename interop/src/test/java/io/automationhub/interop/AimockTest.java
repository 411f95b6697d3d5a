package io.automationhub.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All four protocols against {@code @copilotkit/aimock}, which needs Node.js 20. */
class AimockTest extends ModelServerContract {

    private static final String KEY = "sk-right-0123456789";
    private static final ModelTool WEATHER = new ModelTool(
            "weather",
            "Says the weather of a city.",
            Json.object(Json.parse("{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}},"
                    + " \"required\": [\"city\"], \"additionalProperties\": false}")));

    private AimockServer server;
    private Models models;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        assumeTrue(AimockServer.canRun(), "There is no Node.js with npm here, which aimock needs");
        server = AimockServer.start(folder, KEY);
        models = new Models(server.origin(), KEY);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            models.close();
            server.close();
        }
    }

    @Override
    Stream<Protocol> protocols() {
        return Stream.of(Protocol.values());
    }

    @Override
    Stream<Protocol> streaming() {
        return protocols();
    }

    @Override
    Models models() {
        return models;
    }

    @Override
    boolean counts(Protocol protocol, boolean stream) {
        return protocol == Protocol.CHAT;
    }

    private static ModelRequest asks(Protocol protocol, String question) {
        return Models.request(protocol, Message.user(question));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void toolsAreCalledAndTheirResultsRead(Protocol protocol) {
        ModelRequest asked = asks(protocol, "How is the weather?").withTools(List.of(WEATHER), new ToolChoice.Auto());
        ModelAnswer called = models.call(protocol, asked);
        checkCalls(called);

        List<Part> results = new ArrayList<>();
        for (Part.ToolCall call : called.message().toolCalls()) {
            results.add(new Part.ToolResult(call.id(), call.name(), List.of(new Part.Text("rain")), false));
        }
        ModelAnswer answer = models.call(
                protocol,
                asked.withMessages(List.of(
                        Message.user("How is the weather?"),
                        called.message(),
                        Message.of(Role.USER, results.toArray(new Part[0])))));
        assertThat(answer.message().text()).isEqualTo("Take an umbrella.");
        assertThat(answer.stop()).isEqualTo(StopReason.END);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void callsOfToolsAreStreamed(Protocol protocol) {
        List<ModelDelta.ToolCall> pieces = new ArrayList<>();
        ModelAnswer called = models.stream(
                protocol,
                asks(protocol, "How is the weather?").withTools(List.of(WEATHER), new ToolChoice.Auto()),
                delta -> {
                    if (delta instanceof ModelDelta.ToolCall piece) {
                        pieces.add(piece);
                    }
                });
        checkCalls(called);
        assertThat(pieces).extracting(ModelDelta.ToolCall::name).contains("weather");
        assertThat(pieces.stream().map(ModelDelta.ToolCall::index).distinct()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void anAgentCallsItsToolUntilItHasAnAnswer(Protocol protocol) {
        List<Object> cities = new ArrayList<>();
        AgentTool weather =
                AgentTool.of("weather", "Says the weather of a city.", WEATHER.parameters(), (arguments, call) -> {
                    cities.add(arguments.get("city"));
                    return JsonObject.of("weather", "rain");
                });
        WorkflowExecution run = models.run(
                protocol,
                "ai.agent",
                JsonObject.of("prompt", "How is the weather?").with("tools", List.of("weather")),
                weather);
        JsonObject output = Json.object(run.orElseThrow().output());
        assertThat(output).containsEntry("text", "Take an umbrella.").containsEntry("turns", 2L);
        assertThat(cities).containsExactly("Ulm", "Köln \"am\" Rhein");
        assertThat(JsonPointer.read(output, "/toolCalls/1/status")).isEqualTo("ended");
    }

    private static void checkCalls(ModelAnswer called) {
        assertThat(called.stop()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(called.message().toolCalls()).extracting(Part.ToolCall::name).containsExactly("weather", "weather");
        assertThat(called.message().toolCalls())
                .extracting(Part.ToolCall::arguments)
                .containsExactly(JsonObject.of("city", "Ulm"), JsonObject.of("city", "Köln \"am\" Rhein"));
        assertThat(called.message().toolCalls()).extracting(Part.ToolCall::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aTextIsReadIntoAValue(Protocol protocol) {
        JsonObject config = Json.object(Json.parse("{\"text\": \"Ada is 36\", \"schema\": {\"type\": \"object\","
                + " \"properties\": {\"name\": {\"type\": \"string\"}, \"age\": {\"type\": \"integer\"}},"
                + " \"required\": [\"name\", \"age\"], \"additionalProperties\": false}}"));
        WorkflowExecution run = models.run(protocol, "ai.extract", config);
        JsonObject output = Json.object(run.orElseThrow().output());
        assertThat(JsonPointer.read(output, "/json/age")).isEqualTo(36L);
        assertThat((List<?>) output.get("attempts")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whatItCountsIsCounted(Protocol protocol) {
        ModelAnswer answer = models.call(protocol, asks(protocol, "count"));
        assertThat(answer.usage().input()).isEqualTo(1234);
        assertThat(answer.usage().output()).isEqualTo(56);
        ModelAnswer streamed = models.stream(protocol, asks(protocol, "count"), delta -> {});
        assertThat(streamed.usage()).isEqualTo(answer.usage());
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void anAnswerThatIsCutSaysSo(Protocol protocol) {
        // In Responses this server does not say why an answer is incomplete.
        StopReason reason = protocol == Protocol.RESPONSES ? StopReason.OTHER : StopReason.MAX_TOKENS;
        assertThat(models.call(protocol, asks(protocol, "too long")).stop()).isEqualTo(reason);
        assertThat(models.stream(protocol, asks(protocol, "too long"), delta -> {})
                        .stop())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aStreamThatBreaksOffIsAFailureWithAGuessOfWhatItUsed(Protocol protocol) {
        assertThatThrownBy(() -> models.stream(protocol, asks(protocol, "breaks off"), delta -> {}))
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("network");
                    assertThat(JsonPointer.read(e.details(), "/usage/estimated"))
                            .isEqualTo(true);
                });
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aWrongKeyIsRefusedAndNotShown(Protocol protocol) {
        try (Models wrong = new Models(server.origin(), "sk-wrong-0123456789")) {
            assertThatThrownBy(() -> wrong.call(protocol, asks(protocol, QUESTION)))
                    .isInstanceOfSatisfying(
                            NonRetriableException.class,
                            e -> assertThat(e.kind()).isEqualTo("auth"))
                    .hasMessageNotContaining("sk-wrong");
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void failuresHaveTheirKinds(Protocol protocol) {
        assertThatThrownBy(() -> models.call(protocol, asks(protocol, "busy")))
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("rate-limit");
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
                });
        for (String passing : List.of("overloaded", "server error")) {
            assertThatThrownBy(() -> models.stream(protocol, asks(protocol, passing), delta -> {}))
                    .isInstanceOfSatisfying(
                            RetriableException.class, e -> assertThat(e.kind()).isEqualTo("unavailable"));
        }
        assertThatThrownBy(() -> models.call(protocol, asks(protocol, "wrong request")))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("model-request"))
                .hasMessageContaining("max_tokens is too large");
        assertThatThrownBy(() -> models.call(protocol, asks(protocol, "hangs up")))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.kind()).isEqualTo("network"));
        assertThatThrownBy(() -> models.call(protocol, asks(protocol, "garbage")))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("content"));
    }
}
