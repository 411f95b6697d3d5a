package io.automationhub.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.budget.TokenRates;
import io.automationhub.ai.call.ModelAttempt;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.call.RetryDelays;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.provider.ProviderConnectors;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ai.prompt} against a local server that speaks Anthropic's Messages. */
class PromptNodeTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;
    private static final String KEY = "sk-ant-0123456789abcdef";
    private static final Headers JSON = Headers.of("Content-Type", "application/json", "request-id", "req_1");

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final List<ModelDelta> deltas = new CopyOnWriteArrayList<>();
    private final List<ModelAttempt> attempts = new CopyOnWriteArrayList<>();
    private TestEngine engine = TestEngine.create();

    @BeforeEach
    void start() throws IOException {
        server.start();
        engine = engine(0);
    }

    @AfterEach
    void stop() {
        engine.close();
        door.close();
        server.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private TestEngine engine(int crashAfter) {
        return engine(crashAfter, "");
    }

    private TestEngine engine(int crashAfter, String more) {
        engine.close();
        Connector anthropic = ProviderConnectors.all().stream()
                .filter(connector -> connector.id().equals("anthropic"))
                .findFirst()
                .orElseThrow();
        JsonObject connection = anthropic.connection(json("{'baseUrl': '" + server.url("/")
                + "', 'auth': {'type': 'apiKey', 'value': {'$secret': 'key'}}" + more + "}"));
        ConnectorsModule connectors = ConnectorsModule.builder()
                .door(door)
                .connections(new InMemoryConnections()
                        .put(TENANT, Connection.of("claude", connection, AuthenticationMethods.STANDARD)))
                .secrets(new InMemorySecrets().put(TENANT, "key", KEY))
                .build();
        AiModule ai = AiModule.builder(connectors)
                .prices((JsonArray) Json.parse("[{\"model\": \"claude-opus-5-5\", \"input\": 4, \"cacheRead\": 0.2,"
                        + " \"cacheWrite\": {\"5m\": 5, \"1h\": 8}, \"output\": 20}]"))
                .retries(new RetryDelays(3, Duration.ofMillis(1), Duration.ofMillis(2)))
                .tokenRate("claude", new TokenRates.Rate(50_000, Duration.ofMinutes(1)))
                .listener(new ModelListener() {
                    @Override
                    public void attempted(Caller caller, ModelAttempt attempt, @Nullable ModelAnswer answer) {
                        attempts.add(attempt);
                    }

                    @Override
                    public void streamed(Caller caller, ModelDelta delta) {
                        deltas.add(delta);
                    }
                })
                .build();
        TestEngine.Builder builder = TestEngine.builder()
                .engine(building -> building.install(connectors).install(ai));
        return (crashAfter > 0 ? builder.crashAfter(crashAfter) : builder).build();
    }

    private TestRun run(String config) {
        return engine.start(
                        WorkflowJson.parse(
                                ("{'format': 1, 'id': 'w', 'nodes': [{'id': 'ask', 'type': 'ai.prompt', 'data':"
                                                + " {'connection': 'claude', 'config': " + config + "}}], 'edges': []}")
                                        .replace('\'', '"')),
                        json("{'text': 'rain'}"))
                .untilEnd();
    }

    private static final String ANSWER =
            "{'id': 'msg_1', 'type': 'message', 'role': 'assistant', 'model': 'claude-opus-5-5',"
                    + " 'content': [{'type': 'text', 'text': 'It is about rain.'}], 'stop_reason': 'end_turn', 'usage':"
                    + " {'input_tokens': 1000, 'cache_read_input_tokens': 2000, 'cache_creation_input_tokens': 300,"
                    + " 'cache_creation': {'ephemeral_5m_input_tokens': 200, 'ephemeral_1h_input_tokens': 100},"
                    + " 'output_tokens': 50, 'service_tier': 'standard'}}";

    private void answer(int status, String body) {
        server.enqueue(new MockResponse(status, JSON, body.replace('\'', '"')));
    }

    @Test
    void theOutputIsTheTextWithWhatItUsedAndCost() throws InterruptedException {
        answer(200, ANSWER);

        TestRun run =
                run("{'model': 'claude-opus-5-5', 'instructions': 'Be short.', 'prompt': 'What? {{input.text}}'}");

        assertThat(run.record().status())
                .as(String.valueOf(run.record().error()))
                .isEqualTo(ExecutionStatus.SUCCEEDED);
        Object output = run.record().output();
        assertThat(JsonPointer.read(output, "/text")).isEqualTo("It is about rain.");
        assertThat(JsonPointer.read(output, "/finish")).isEqualTo("end");
        assertThat(JsonPointer.read(output, "/usage"))
                .isEqualTo(json("{'input': 3300, 'cacheRead': 2000, 'cacheWrite': {'5m': 200, '1h': 100}, 'output': 50,"
                        + " 'reasoning': 0, 'total': 3350, 'estimated': false}"));
        // (1000 × 4 + 2000 × 0.2 + 200 × 5 + 100 × 8 + 50 × 20) / 1,000,000
        assertThat(new BigDecimal(Json.toText(JsonPointer.read(output, "/cost/amount"))))
                .isEqualByComparingTo("0.0072");
        assertThat(JsonPointer.read(output, "/requestId")).isEqualTo("req_1");
        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/v1/messages");
        assertThat(request.getHeaders().get("x-api-key")).isEqualTo(KEY);
        assertThat(request.getHeaders().get("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(Json.parse(request.getBody().utf8()))
                .isEqualTo(json("{'model': 'claude-opus-5-5', 'max_tokens': 4096, 'system': 'Be short.', 'messages':"
                        + " [{'role': 'user', 'content': [{'type': 'text', 'text': 'What? rain'}]}]}"));
    }

    @Test
    void aStreamIsHeardPieceByPieceAndGivesTheSameOutput() {
        server.enqueue(new MockResponse(200, Headers.of("Content-Type", "text/event-stream"), """
                event: message_start
                data: {"type":"message_start","message":{"model":"claude-opus-5-5","role":"assistant","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: ping
                data: {"type": "ping"}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Rain, "}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"später"}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}

                event: message_stop
                data: {"type":"message_stop"}

                """));

        TestRun run = run("{'model': 'claude-opus-5-5', 'prompt': 'What?', 'stream': true}");

        assertThat(JsonPointer.read(run.record().output(), "/text")).isEqualTo("Rain, später");
        assertThat(JsonPointer.read(run.record().output(), "/usage/total")).isEqualTo(17L);
        assertThat(deltas).containsExactly(new ModelDelta.Text("Rain, "), new ModelDelta.Text("später"));
    }

    @Test
    void anAnswerThatIsStoredIsNotAskedForAgainThoughTheProcessDies() {
        int askedTwice = 0;
        for (int crashAfter = 1; crashAfter < 6; crashAfter++) {
            engine = engine(crashAfter);
            answer(200, ANSWER);
            answer(200, ANSWER);
            int before = server.getRequestCount();

            TestRun run = run("{'model': 'claude-opus-5-5', 'prompt': 'What?'}");

            assertThat(run.record().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            int requests = server.getRequestCount() - before;
            assertThat(requests).isBetween(1, 2);
            askedTwice += requests - 1;
        }
        // Only a process that dies between the answer and its being stored asks again, and none that dies after that.
        assertThat(askedTwice).isEqualTo(1);
    }

    @Test
    void aLongWaitIsWaitedForWithoutAThread() {
        server.enqueue(new MockResponse(
                429,
                Headers.of("retry-after", "3600"),
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}"));
        answer(200, ANSWER);

        TestRun run = run("{'model': 'claude-opus-5-5', 'prompt': 'What?'}");

        assertThat(run.record().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(Duration.between(run.record().startedAt(), run.record().endedAt()))
                .isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
        assertThat(JsonPointer.read(run.record().output(), "/attempts/0/error/kind"))
                .isEqualTo("rate-limit");
        assertThat(attempts).hasSize(2);
    }

    @Test
    void theRateOfAConnectionIsKeptToAndWaitedForWithoutAThread() {
        engine = engine(0, ", 'rate': {'requests': 1, 'per': '1m'}");
        for (int i = 0; i < 3; i++) {
            answer(200, ANSWER);
        }

        TestRun run = engine.start(
                        WorkflowJson.parse(
                                ("{'format': 1, 'id': 'w', 'nodes': [{'id': 'each', 'type': 'forEach', 'data':"
                                                + " {'config': {'items': [1, 2, 3]}}}, {'id': 'ask', 'type': 'ai.prompt', 'parentId':"
                                                + " 'each', 'data': {'connection': 'claude', 'config': {'model': 'claude-opus-5-5',"
                                                + " 'prompt': 'Hi {{item}}'}}}], 'edges': []}")
                                        .replace('\'', '"')),
                        JsonObject.EMPTY)
                .untilEnd();

        assertThat(run.record().status())
                .as(String.valueOf(run.record().error()))
                .isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(Duration.between(run.record().startedAt(), run.record().endedAt()))
                .isBetween(Duration.ofMinutes(2), Duration.ofSeconds(125));
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void theRateOfTokensIsKeptToByWhatRequestsMayUse() {
        answer(200, ANSWER);
        answer(200, ANSWER);

        TestRun first = run("{'model': 'claude-opus-5-5', 'prompt': 'Hi', 'maxTokens': 30000}");
        TestRun second = run("{'model': 'claude-opus-5-5', 'prompt': 'Hi', 'maxTokens': 30000}");

        assertThat(Duration.between(first.record().startedAt(), first.record().endedAt()))
                .isLessThan(Duration.ofSeconds(5));
        assertThat(Duration.between(first.record().startedAt(), second.record().endedAt()))
                .isBetween(Duration.ofMinutes(1), Duration.ofSeconds(65));
    }

    @Test
    void aServerThatSendsTheKeyBackTellsItNobody() {
        answer(400, "{'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'bad key " + KEY + "'}}");
        answer(200, ANSWER.replace("It is about rain.", "Your key is " + KEY));
        server.enqueue(new MockResponse(
                200,
                Headers.of("Content-Type", "text/event-stream"),
                "data: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"" + KEY
                        + "\"}}\n\n"));

        for (String config : List.of(
                "{'model': 'm', 'prompt': 'Hi'}",
                "{'model': 'm', 'prompt': 'Hi'}",
                "{'model': 'm', 'prompt': 'Hi', 'stream': true}")) {
            TestRun run = run(config);

            assertThat(run.record() + " " + run.facts() + run.story() + attempts + deltas)
                    .doesNotContain(KEY)
                    .contains("***");
        }
    }
}
