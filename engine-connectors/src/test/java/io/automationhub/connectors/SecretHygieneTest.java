package io.automationhub.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.OAuthConsent;
import io.automationhub.connectors.connection.StoredConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretKeys;
import io.automationhub.connectors.secret.StoredSecrets;
import io.automationhub.connectors.webhook.WebhookAnswer;
import io.automationhub.connectors.webhook.WebhookRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Secrets are planted wherever one may stand, in front of a server that sends back all that it gets, and everything that anybody
 * could read afterwards is searched for them.
 */
class SecretHygieneTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;

    /** Each by its name; none of them is anywhere by chance. */
    private static final Map<String, String> PLANTED = new LinkedHashMap<>();

    static {
        for (String name : List.of(
                "headerKey",
                "queryKey",
                "password",
                "digestPassword",
                "bearer",
                "awsKey",
                "clientSecret",
                "userSecret",
                "hook")) {
            PLANTED.put(name, "pl4nted-" + name + "-9f8e7d");
        }
    }

    /** What the token server gives: as secret as what it was given for. */
    private static final List<String> GIVEN = List.of("given-access-4711", "given-refresh-4712", "given-user-4713");

    private final MockWebServer server = new MockWebServer();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final DocumentStore documents = new InMemoryDocumentStore();
    private final SecretKeys keys = SecretKeys.random();
    private final StoredSecrets secrets = new StoredSecrets(documents, keys);
    private final StoredConnections connections = new StoredConnections(documents, AuthenticationMethods.STANDARD);
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .listener(exchange -> seen.add(exchange.toString()))
            .build();
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    private ConnectorsModule module = ConnectorsModule.create();
    private TestEngine engine = TestEngine.create();

    @BeforeEach
    void start() throws IOException {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        server.start();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getUrl().encodedPath().equals("/token") ? token() : echo(request);
            }
        });
        module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(secrets)
                .documents(documents)
                .keys(keys)
                .connector(Connector.of(json("{'format': 1, 'id': 'echo', 'version': '1', 'title': 'Echo',"
                        + "'operations': [{'id': 'get', 'method': 'GET', 'path': '/json/{status}', 'parameters': ["
                        + "{'name': 'status', 'in': 'path'}]}]}")))
                .build();
        engine.close();
        engine = TestEngine.builder()
                .engine(builder ->
                        builder.install(module).listener(events -> events.forEach(event -> seen.add(event.toString()))))
                .build();
    }

    @AfterEach
    void stop() {
        System.setErr(standardError);
        engine.close();
        door.close();
        server.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static MockResponse token() {
        return new MockResponse(
                200,
                Headers.of("Content-Type", "application/json"),
                ("{'access_token': '" + GIVEN.get(0) + "', 'refresh_token': '" + GIVEN.get(1)
                                + "', 'token_type': 'bearer', 'expires_in': 60}")
                        .replace('\'', '"'));
    }

    /** All that came, in the body, in a header and in the message of an error, by the status that the path wants. */
    private static MockResponse echo(RecordedRequest request) {
        List<String> path = request.getUrl().pathSegments();
        String all = request.getHeaders() + " " + request.getUrl() + " "
                + (request.getBody() == null ? "" : request.getBody().utf8());
        String body = path.get(0).equals("json")
                ? Json.write(JsonObject.of("echo", all)
                        .with("Headers", request.getHeaders().toMultimap())
                        .with("url", request.getUrl().toString()))
                : all;
        return new MockResponse.Builder()
                .code(Integer.parseInt(path.get(1)))
                .addHeader("Content-Type", path.get(0).equals("json") ? "application/json" : "text/plain")
                .addHeader(
                        "X-Echo",
                        String.valueOf(request.getHeaders().get("Authorization"))
                                .replaceAll("[^\\x20-\\x7e]", ""))
                .body(body)
                .build();
    }

    private String auth(String name) throws Exception {
        return switch (name) {
            case "headerKey" ->
                "{'type': 'apiKey', 'in': 'header', 'name': 'X-Key', 'value': {'$secret': 'headerKey'}}";
            case "queryKey" -> "{'type': 'apiKey', 'in': 'query', 'name': 'key', 'value': {'$secret': 'queryKey'}}";
            case "password" -> "{'type': 'basic', 'user': 'u', 'password': {'$secret': 'password'}}";
            case "digestPassword" -> "{'type': 'digest', 'user': 'u', 'password': {'$secret': 'digestPassword'}}";
            case "bearer" -> "{'type': 'bearer', 'token': {'$secret': 'bearer'}}";
            case "awsKey" ->
                "{'type': 'awsSignature', 'accessKeyId': 'AK', 'secretKey': {'$secret': 'awsKey'}, 'region': 'r', 'service': 's'}";
            case "clientSecret" ->
                "{'type': 'clientCredentials', 'clientId': 'c', 'clientSecret': {'$secret': 'clientSecret'}, 'tokenUrl': '"
                        + server.url("/token") + "'}";
            case "userSecret" ->
                "{'type': 'authorizationCode', 'clientId': 'c', 'clientSecret': {'$secret': 'userSecret'}, 'tokenUrl': '"
                        + server.url("/token") + "', 'authorizationUrl': 'https://id.example/authorize'}";
            default -> "{'type': 'none'}";
        };
    }

    @Test
    void nobodyCanReadASecretAfterwards() throws Exception {
        for (Map.Entry<String, String> planted : PLANTED.entrySet()) {
            secrets.put(TENANT, planted.getKey(), planted.getValue());
            long unused = connections.create(
                    TENANT,
                    planted.getKey(),
                    json(
                            "{'baseUrl': '" + server.url("/") + "', 'auth': " + auth(planted.getKey())
                                    + ", 'test': '/json/200', 'webhook': {'type': 'token', 'header': 'X-Hook', 'secret': {'$secret': 'hook'}},"
                                    + " 'breaker': {'failures': 1000, 'pause': '1s'}, 'rate': {'requests': 1000, 'per': '1s'}}"));
        }
        OAuthConsent consent = module.consent();
        OAuthConsent.Begun begun = consent.begin(TENANT, "userSecret", "https://app.example/back");
        seen.add(begun.url());
        OAuthConsent.Given unusedGiven =
                consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de-of-consent"));
        List<TestRun> runs = new ArrayList<>();
        for (String name : PLANTED.keySet()) {
            seen.add(String.valueOf(module.check(TENANT, name)));
            for (String node : nodes(name)) {
                runs.add(engine.start(
                                WorkflowJson.parse(("{'format': 1, 'id': 'w', 'nodes': [" + node
                                                + "], 'edges': [], 'output': '{{nodes.n.output}}'}")
                                        .replace('\'', '"')),
                                JsonObject.EMPTY)
                        .untilEnd());
            }
        }
        call();

        assertThat(runs).hasSizeGreaterThan(50);
        runs.forEach(this::collect);
        collectDocuments();
        seen.add(logged.toString(StandardCharsets.UTF_8));
        assertThat(server.getRequestCount()).isGreaterThan(60);
        assertThat(String.join("\n", seen)).contains("***", "X-Echo".toLowerCase(java.util.Locale.ROOT));
        for (String secret : everySecret()) {
            assertThat(seen).as("'%s' in one of its forms", secret).noneMatch(text -> isIn(secret, text));
        }
    }

    /** Requests that succeed, fail, fail for a while, and are misread, as values and as text. */
    private static List<String> nodes(String connection) {
        List<String> nodes = new ArrayList<>();
        for (String path : List.of("/json/200", "/text/200", "/json/401", "/json/404", "/text/503", "/json/302")) {
            nodes.add("{'id': 'n', 'type': 'http.request', 'data': {'connection': '" + connection
                    + "', 'onError': 'continue', 'config': {'method': 'POST', 'url': '" + path
                    + "', 'body': {'json': {'a': 1}}}}}");
        }
        nodes.add("{'id': 'n', 'type': 'http.request', 'data': {'connection': '" + connection
                + "', 'onError': 'continue', 'config': {'url': '/text/200', 'response': 'json'}}}");
        nodes.add("{'id': 'n', 'type': 'graphql.request', 'data': {'connection': '" + connection
                + "', 'onError': 'continue', 'config': {'url': '/json/200', 'query': '{a}'}}}");
        nodes.add("{'id': 'n', 'type': 'echo.get', 'data': {'connection': '" + connection
                + "', 'onError': 'continue', 'config': {'status': '422'}}}");
        return nodes;
    }

    /** A call that comes in with a secret, once right and once almost. */
    private void call() {
        engine.engine()
                .workflows()
                .publish(WorkflowJson.parse(
                        ("{'format': 1, 'id': 'in', 'nodes': [{'id': 'n', 'type': 'trigger.webhook', 'data':"
                                        + " {'connection': 'hook', 'config': {'respond': 'finished'}}}], 'edges': [], 'output': '{{input}}'}")
                                .replace('\'', '"')));
        for (String token : List.of(PLANTED.get("hook"), PLANTED.get("hook") + "x")) {
            WebhookAnswer answer = module.webhooks(engine.engine())
                    .handle(new WebhookRequest(
                            TENANT,
                            "POST",
                            "https://hub.example/live/in",
                            "/live/in",
                            Map.of("X-Hook", List.of(token), "Authorization", List.of("Bearer " + token)),
                            new ByteArrayInputStream(new byte[0])));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                answer.body().writeTo(out);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            seen.add(answer.headers() + out.toString(StandardCharsets.UTF_8));
        }
    }

    private void collect(TestRun run) {
        seen.add(run.record().toString());
        seen.add(run.nodes().toString());
        seen.add(run.facts().toString());
        seen.add(run.explanation().toString());
        seen.add(run.story());
        seen.add(engine.engine().logs(run.id()).toString());
    }

    private void collectDocuments() {
        for (String collection : List.of(
                "secrets",
                "connections",
                "connection-tokens",
                "connection-consents",
                "connection-traffic",
                "webhook-answers",
                "webhook-tests",
                "connectors")) {
            for (String tenant : List.of(TENANT, "*")) {
                documents
                        .list(DocumentQuery.of(collection, tenant, 1000))
                        .items()
                        .forEach(document -> seen.add(document.toString()));
            }
        }
    }

    private static List<String> everySecret() {
        List<String> all = new ArrayList<>(PLANTED.values());
        all.addAll(GIVEN);
        all.add("c0de-of-consent");
        return all;
    }

    /** As it is, as a URL has it, and as Basic authentication writes it. */
    private static boolean isIn(String secret, String text) {
        return text.contains(secret)
                || text.contains(URLEncoder.encode(secret, StandardCharsets.UTF_8))
                || text.contains(base64("u:" + secret))
                || text.contains(base64("c:" + secret))
                || text.contains(base64(secret));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
