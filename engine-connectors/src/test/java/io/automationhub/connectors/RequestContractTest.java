package io.automationhub.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connection.OAuthConsent;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each node type that makes requests, and for each way of authentication: a row of this table each. */
@Tag("campaign")
class RequestContractTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;
    private static final String SECRET = "s3cr3t-0123456789";
    private static final Headers JSON = Headers.of("Content-Type", "application/json");

    private static final String PEM = pem();

    private final MockWebServer server = new MockWebServer();
    private HttpDoor door = door(Duration.ofMinutes(1));
    private final InMemoryConnections connections = new InMemoryConnections();
    private final List<RecordedRequest> seen = new CopyOnWriteArrayList<>();
    private ConnectorsModule module = ConnectorsModule.create();
    private TestEngine engine = TestEngine.create();

    /** The node types, each with a configuration that asks for {@code /x} and one that reads pages. */
    private enum Type {
        HTTP(
                "http.request",
                "{'url': '/x'}",
                "{'url': '/x', 'pagination': {'mode': 'cursor', 'items': '/items',"
                        + " 'next': '/next', 'parameter': 'after'}}"),
        GRAPHQL(
                "graphql.request",
                "{'url': '/x', 'query': '{a}'}",
                "{'url': '/x', 'query': 'query ($after: String) {a}'," + " 'pagination': {'connection': '/list'}}"),
        OPERATION("api.get", "{}", null),
        LIST("api.list", null, "{}");

        private final String type;
        private final String config;
        private final String paged;

        Type(String type, String config, String paged) {
            this.type = type;
            this.config = config;
            this.paged = paged;
        }
    }

    /** The ways of authentication, each as a connection has it. */
    private enum Way {
        NONE("{'type': 'none'}"),
        API_KEY("{'type': 'apiKey', 'name': 'X-Key', 'value': {'$secret': 's'}}"),
        API_KEY_IN_QUERY("{'type': 'apiKey', 'in': 'query', 'name': 'k', 'value': {'$secret': 's'}}"),
        BASIC("{'type': 'basic', 'user': 'u', 'password': {'$secret': 's'}}"),
        DIGEST("{'type': 'digest', 'user': 'u', 'password': {'$secret': 's'}}"),
        BEARER("{'type': 'bearer', 'token': {'$secret': 's'}}"),
        JWT("{'type': 'jwt', 'algorithm': 'HS256', 'key': {'$secret': 'long'}}"),
        AWS(
                "{'type': 'awsSignature', 'accessKeyId': 'a', 'secretKey': {'$secret': 's'}, 'region': 'r', 'service': 's'}"),
        CLIENT(
                "{'type': 'clientCredentials', 'tokenUrl': '%stoken', 'clientId': 'c', 'clientSecret': {'$secret': 's'}}"),
        ASSERTION("{'type': 'jwtAssertion', 'tokenUrl': '%stoken', 'issuer': 'i', 'key': {'$secret': 'pem'}}"),
        USER("{'type': 'authorizationCode', 'authorizationUrl': 'https://id.example/a', 'tokenUrl': '%stoken',"
                + " 'clientId': 'c', 'clientSecret': {'$secret': 's'}}");

        private final String auth;

        Way(String auth) {
            this.auth = auth;
        }
    }

    private static HttpDoor door(Duration timeout) {
        return HttpDoor.builder()
                .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
                .timeout(timeout)
                .build();
    }

    private static String pem() {
        try {
            byte[] key = KeyPairGenerator.getInstance("RSA")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Arguments> single() {
        return Stream.concat(
                Stream.of(Type.GRAPHQL, Type.OPERATION).map(type -> Arguments.of(type, Way.BEARER)), ofEachWay());
    }

    private static Stream<Arguments> paged() {
        return Stream.concat(
                Stream.of(Type.GRAPHQL, Type.LIST).map(type -> Arguments.of(type, Way.BEARER)), ofEachWay());
    }

    private static Stream<Arguments> ofEachWay() {
        return Stream.of(Way.values()).map(way -> Arguments.of(Type.HTTP, way));
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
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

    /** An engine whose server answers by this, after the token server, if one is asked, gave a token. */
    private void install(Way way, int crashAfter, Dispatcher answers) throws Exception {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (request.getUrl().encodedPath().equals("/token")) {
                    return new MockResponse(
                            200, JSON, "{\"access_token\": \"t-" + SECRET + "\", \"token_type\": \"bearer\"}");
                }
                seen.add(request);
                return answers.dispatch(request);
            }
        });
        connections.put(
                TENANT,
                Connection.of(
                        "api",
                        json("{'baseUrl': '" + server.url("/") + "', 'auth': "
                                + way.auth.replace("%s", server.url("/").toString()) + "}"),
                        AuthenticationMethods.STANDARD));
        module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(new InMemorySecrets()
                        .put(TENANT, "s", SECRET)
                        .put(TENANT, "long", SECRET.repeat(3))
                        .put(TENANT, "pem", PEM))
                .connector(
                        Connector.of(
                                json(
                                        "{'format': 1, 'id': 'api', 'version': '1', 'title': 'API', 'operations': ["
                                                + "{'id': 'get', 'method': 'GET', 'path': '/x'}, {'id': 'list', 'method': 'GET', 'path': '/x',"
                                                + "'pagination': {'mode': 'cursor', 'items': '/items', 'next': '/next', 'parameter': 'after'}}]}")))
                .build();
        if (way == Way.USER) {
            OAuthConsent consent = module.consent();
            OAuthConsent.Begun begun = consent.begin(TENANT, "api", "https://app.example/back");
            OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c"));
        }
        engine.close();
        TestEngine.Builder builder = TestEngine.builder().engine(building -> building.install(module));
        engine = (crashAfter > 0 ? builder.crashAfter(crashAfter) : builder).build();
    }

    private static Dispatcher always(MockResponse answer) {
        return new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        };
    }

    private static Workflow workflow(Type type, String config, String data) {
        return WorkflowJson.parse(("{'format': 1, 'id': 'w', 'nodes': [{'id': 'n', 'type': '" + type.type
                        + "', 'data': {'connection': 'api', " + data + "'config': " + config + "}}], 'edges': []}")
                .replace('\'', '"'));
    }

    private TestRun run(Type type, String data) {
        return engine.start(workflow(type, type.config, data), JsonObject.EMPTY).untilEnd();
    }

    private static String kind(TestRun run) {
        return run.record().error() == null ? "none" : run.record().error().kind();
    }

    private void assertNoSecret(TestRun run) {
        assertThat(run.record() + " " + run.facts() + run.story()).doesNotContain(SECRET);
    }

    // ---------------------------------------------------------------- rows

    @ParameterizedTest
    @MethodSource("single")
    void aRequestSucceeds(Type type, Way way) throws Exception {
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean challenged = way != Way.DIGEST || request.getHeaders().get("Authorization") != null;
                return challenged
                        ? new MockResponse(200, JSON, "{\"data\": {\"a\": 1}}")
                        : new MockResponse(
                                401,
                                Headers.of("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""),
                                "");
            }
        });

        TestRun run = run(type, "");

        assertThat(run.record().status())
                .as(String.valueOf(run.record().error()))
                .isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(seen.get(seen.size() - 1).getUrl().encodedPath()).isEqualTo("/x");
        assertNoSecret(run);
    }

    @ParameterizedTest
    @MethodSource("single")
    void credentialsThatAreNotAcceptedHaveTheirNextStepAndAreNotTriedAgain(Type type, Way way) throws Exception {
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse(401, Headers.of(), request.getHeaders() + " " + request.getUrl());
            }
        });

        TestRun run = run(type, "'retry': {'maxAttempts': 5}, ");

        assertThat(kind(run)).isEqualTo("auth");
        assertThat(run.record().error().message()).contains("look at the authentication of the connection");
        assertThat(seen).hasSizeBetween(1, 2);
        if (way != Way.NONE) {
            assertNoSecret(run);
        }
    }

    @ParameterizedTest
    @MethodSource("single")
    void tooManyRequestsAreTriedAgainWhenTheServerSays(Type type, Way way) throws Exception {
        AtomicInteger count = new AtomicInteger();
        List<Instant> times = new CopyOnWriteArrayList<>();
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                times.add(now());
                return count.incrementAndGet() == 1
                        ? new MockResponse(429, Headers.of("Retry-After", "90"), "")
                        : new MockResponse(200, JSON, "{\"data\": {}}");
            }
        });

        TestRun run = run(type, "'retry': {'maxAttempts': 2, 'initialDelay': '1s'}, ");

        assertThat(kind(run)).isEqualTo("none");
        assertThat(Duration.between(times.get(0), times.get(1))).isEqualTo(Duration.ofSeconds(90));
    }

    private Instant now() {
        return Instant.ofEpochMilli(engine.clock().epochMicros(engine.clock().nanos()) / 1000);
    }

    @ParameterizedTest
    @MethodSource("single")
    void aServerThatBreaksOffIsAFailureOfTheNetworkThatMayPass(Type type, Way way) throws Exception {
        AtomicInteger broken = new AtomicInteger(Integer.MAX_VALUE);
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return broken.getAndDecrement() > 0
                        ? new MockResponse.Builder()
                                .code(200)
                                .onResponseStart(new SocketEffect.CloseSocket())
                                .build()
                        : new MockResponse(200, JSON, "{\"data\": {}}");
            }
        });

        assertThat(kind(run(type, ""))).isEqualTo("network");
        broken.set(2);
        assertThat(kind(run(type, "'retry': {'maxAttempts': 4, 'initialDelay': '1s'}, ")))
                .isEqualTo("none");
    }

    @ParameterizedTest
    @MethodSource("single")
    void aServerThatTakesTooLongIsAFailureThatMayPass(Type type, Way way) throws Exception {
        door.close();
        door = door(Duration.ofMillis(150));
        AtomicInteger stalled = new AtomicInteger(Integer.MAX_VALUE);
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return stalled.getAndDecrement() > 0
                        ? new MockResponse.Builder()
                                .code(200)
                                .onResponseStart(SocketEffect.Stall.INSTANCE)
                                .build()
                        : new MockResponse(200, JSON, "{\"data\": {}}");
            }
        });

        TestRun late = run(type, "");
        stalled.set(1);
        TestRun again = run(type, "'retry': {'maxAttempts': 9, 'initialDelay': '1s'}, ");

        assertThat(kind(late)).isEqualTo("timeout");
        assertNoSecret(late);
        assertThat(kind(again)).isEqualTo("none");
    }

    @ParameterizedTest
    @MethodSource("single")
    void anAnswerThatIsNotWhatItSaysIsRefused(Type type, Way way) throws Exception {
        install(way, 0, always(new MockResponse(200, JSON, "{\"half\": ")));

        TestRun run = run(type, "");

        assertThat(kind(run)).isEqualTo("content");
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("single")
    void aCancelledRunGivesItsRequestUp(Type type, Way way) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                arrived.countDown();
                assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
                return new MockResponse(200, JSON, "{}");
            }
        });
        try (WorkflowEngine own = WorkflowEngine.builder().install(module).build()) {
            ExecutionHandle run = own.start(workflow(type, type.config, ""), JsonObject.EMPTY);
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(run.cancel()).isTrue();

            assertThat(run.await(Duration.ofSeconds(20)).status()).isEqualTo(ExecutionStatus.CANCELLED);
        } finally {
            over.countDown();
        }
    }

    // ---------------------------------------------------------------- pages

    /** Three pages of two items, as each type has them. */
    private static MockResponse page(Type type, RecordedRequest request) {
        String sent = request.getBody() == null ? "" : request.getBody().utf8();
        String given = type == Type.GRAPHQL
                ? sent.replaceFirst("(?s).*\"after\":\"(\\d)\".*", "$1")
                : String.valueOf(request.getUrl().queryParameter("after"));
        int page = given.matches("\\d") ? Integer.parseInt(given) : 0;
        String items = "[" + page * 2 + ", " + (page * 2 + 1) + "]";
        String next = page < 2 ? "\"" + (page + 1) + "\"" : "null";
        return new MockResponse(
                200,
                JSON,
                type == Type.GRAPHQL
                        ? "{\"data\": {\"list\": {\"nodes\": " + items + ", \"pageInfo\": {\"hasNextPage\": "
                                + (page < 2) + ", \"endCursor\": " + next + "}}}}"
                        : "{\"items\": " + items + ", \"next\": " + next + "}");
    }

    @ParameterizedTest
    @MethodSource("paged")
    void pagesAreReadOnceThoughTheProcessDiesInBetween(Type type, Way way) throws Exception {
        // How a process dies has to do with the type, and little with the way.
        int first = way == Way.BEARER ? 0 : 4;
        int last = way == Way.BEARER ? 8 : 4;
        for (int crashAfter = first; crashAfter <= last; crashAfter++) {
            seen.clear();
            install(way, crashAfter, new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return page(type, request);
                }
            });

            TestRun run = engine.start(workflow(type, type.paged, ""), JsonObject.EMPTY)
                    .untilEnd();

            assertThat(run.record().output())
                    .as("%s, crash after %d", type.name().toLowerCase(Locale.ROOT), crashAfter)
                    .isEqualTo(Json.parse("{\"items\": [0, 1, 2, 3, 4, 5], \"pages\": 3, \"complete\": true}"));
            // The page whose answer was not kept when the process died is asked for once more.
            assertThat(seen).hasSizeBetween(3, 4);
        }
    }

    @ParameterizedTest
    @MethodSource("paged")
    void aPageThatFailsIsAskedForAgainAndTheOthersAreNot(Type type, Way way) throws Exception {
        AtomicInteger count = new AtomicInteger();
        install(way, 0, new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return count.incrementAndGet() == 2 ? new MockResponse(503, Headers.of(), "") : page(type, request);
            }
        });

        TestRun run = engine.start(
                        workflow(type, type.paged, "'retry': {'maxAttempts': 2, 'initialDelay': '1s'}, "),
                        JsonObject.EMPTY)
                .untilEnd();

        assertThat(kind(run)).isEqualTo("none");
        assertThat(seen).hasSize(4);
    }
}
