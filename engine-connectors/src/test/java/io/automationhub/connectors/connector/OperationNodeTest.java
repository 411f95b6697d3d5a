package io.automationhub.connectors.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionCheck;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.testkit.RunAssert;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operation sends, and what it makes of answers. */
class OperationNodeTest {

    private static final String KEY = "key-0123456789";

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final InMemorySecrets secrets = new InMemorySecrets().put(WorkflowEngine.DEFAULT_TENANT, "key", KEY);
    private TestEngine engine = TestEngine.create();
    private ConnectorsModule module = ConnectorsModule.create();

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

    /** An engine with a connector of one operation, {@code crm.op}, and a connection for it. */
    private void install(String operation, String more) {
        Connector connector =
                Connector.of(json("{'format': 1, 'id': 'crm', 'version': '1', 'title': 'CRM', 'baseUrl': '"
                        + server.url("/v1")
                        + "', 'auth': [{'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}], 'test': '/me', " + more
                        + "'operations': [{'id': 'op', " + operation + "}]}"));
        connections.put(
                WorkflowEngine.DEFAULT_TENANT,
                Connection.of(
                        "mine",
                        connector.connection(json("{'auth': {'value': {'$secret': 'key'}}}")),
                        AuthenticationMethods.STANDARD));
        module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(secrets)
                .connector(connector)
                .build();
        engine.close();
        engine = TestEngine.builder().engine(builder -> builder.install(module)).build();
    }

    private TestRun run(String config) {
        return engine.start(
                        Workflow.builder("w")
                                .start(NodeSpec.of("call", "crm.op")
                                        .connection("mine")
                                        .with(json(config)))
                                .build(),
                        JsonObject.EMPTY)
                .untilEnd();
    }

    private Object output(String config) {
        TestRun run = run(config);
        RunAssert.assertThat(run).succeeded();
        return run.record().output();
    }

    private void answer(int status, String body) {
        server.enqueue(
                new MockResponse(status, Headers.of("Content-Type", "application/json"), body.replace('\'', '"')));
    }

    /** OpenAPI's table "Style Examples" with its values; in a query what divides them is encoded, as it may be. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            path  | simple         | false | [blue, black, brown] | /v1/x/blue,black,brown
            path  | simple         | true  | {R: 100, G: 200}     | /v1/x/R=100,G=200
            path  | simple         | false | {R: 100, G: 200}     | /v1/x/R,100,G,200
            path  | label          | false | blue                 | /v1/x/.blue
            path  | label          | true  | [blue, black]        | /v1/x/.blue.black
            path  | matrix         | false | [blue, black]        | /v1/x/;p=blue,black
            path  | matrix         | true  | [blue, black]        | /v1/x/;p=blue;p=black
            path  | matrix         | true  | {R: 100, G: 200}     | /v1/x/;R=100;G=200
            path  | simple         | -     | a/b ü?#%             | /v1/x/a%2Fb%20%C3%BC%3F%23%25
            query | form           | -     | [blue, black]        | /v1/x?p=blue&p=black
            query | form           | false | [blue, black]        | /v1/x?p=blue%2Cblack
            query | form           | true  | {R: 100, G: 200}     | /v1/x?R=100&G=200
            query | form           | false | {R: 100, G: 200}     | /v1/x?p=R%2C100%2CG%2C200
            query | spaceDelimited | false | [blue, black]        | /v1/x?p=blue%20black
            query | pipeDelimited  | false | [blue, black]        | /v1/x?p=blue%7Cblack
            query | deepObject     | true  | {R: 100, G: {a: 1}}  | /v1/x?p%5BR%5D=100&p%5BG%5D%5Ba%5D=1
            query | form           | -     | a&b=c d              | /v1/x?p=a%26b%3Dc%20d
            """)
    void aParameterIsWrittenInItsStyle(String in, String style, Boolean explode, String value, String target)
            throws InterruptedException {
        install(
                "'method': 'GET', 'path': '/x" + (in.equals("path") ? "/{p}" : "")
                        + "', 'parameters': [{'name': 'p', 'in': '" + in + "', 'style': '" + style + "'"
                        + (explode == null ? "" : ", 'explode': " + explode) + "}]",
                "");
        answer(200, "{}");
        String json = value.startsWith("[") || value.startsWith("{")
                ? value.replaceAll("([A-Za-z]+)", "'$1'")
                : "'" + value + "'";

        Object unused = output("{'p': " + json + "}");

        assertThat(server.takeRequest().getTarget()).isEqualTo(target);
    }

    @Test
    void headersAndCookiesAreWritten() throws InterruptedException {
        install(
                "'method': 'GET', 'path': '/x', 'headers': {'X-Version': '3'}, 'parameters': [{'name': 'X-List', 'in': 'header'},"
                        + "{'name': 'a', 'in': 'cookie'}, {'name': 'b', 'in': 'cookie'}, {'name': 'j', 'in': 'query', 'json': true}]",
                "");
        answer(200, "{}");

        Object unused = output("{'X-List': ['p', 'q'], 'a': 'x; y', 'b': 2, 'j': {'k': [1]}}");

        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("X-List")).isEqualTo("p,q");
        assertThat(request.getHeaders().get("X-Version")).isEqualTo("3");
        assertThat(request.getHeaders().get("X-Key")).isEqualTo(KEY);
        assertThat(request.getHeaders().get("Cookie")).isEqualTo("a=x%3B%20y; b=2");
        assertThat(request.getUrl().queryParameter("j")).isEqualTo("{\"k\":[1]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                  | {'a': 1}    | application/json                  | {"a":1}
            application/merge-patch+json      | {'a': null} | application/merge-patch+json      | {"a":null}
            application/x-www-form-urlencoded | {'a': 'b c'} | application/x-www-form-urlencoded | a=b+c
            text/csv                          | "a;b"       | text/csv                          | a;b
            """)
    void aBodyIsWrittenAsItsMediaTypeSays(String mediaType, String body, String sentAs, String sent)
            throws InterruptedException {
        install("'method': 'PATCH', 'path': '/x', 'body': {'mediaType': '" + mediaType + "'}", "");
        answer(200, "{}");

        Object unused = output("{'body': " + body + "}");

        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo(sentAs);
        assertThat(request.getBody().utf8()).isEqualTo(sent);
        assertThat(request.getHeaders().get("Idempotency-Key")).isNotBlank();
    }

    @Test
    void aFileIsSentAsItIs() throws IOException, InterruptedException {
        install("'method': 'PUT', 'path': '/x', 'body': {'mediaType': 'application/octet-stream'}", "");
        answer(200, "{}");
        BinaryRef file = engine.engine()
                .storeBlob("a.bin", "image/png", new ByteArrayInputStream("bytes".getBytes(StandardCharsets.UTF_8)));
        Workflow workflow = Workflow.builder("w")
                .start(NodeSpec.of("call", "crm.op").connection("mine").with("body", "{{input}}"))
                .build();

        RunAssert.assertThat(engine.start(workflow, file.toJson()).untilEnd()).succeeded();

        assertThat(server.takeRequest().getBody().utf8()).isEqualTo("bytes");
    }

    @Test
    void theOutputIsThePartOfTheBodyThatTheFileNames() {
        install("'method': 'GET', 'path': '/x', 'result': {'at': '/data/contact'}", "");
        answer(200, "{'data': {'contact': {'name': 'Ann'}}}");

        assertThat(output("{}")).isEqualTo(json("{'name': 'Ann'}"));
    }

    @Test
    void declaredPagesAreReadAsFarAsTheNodeWants() {
        install(
                "'method': 'GET', 'path': '/x', 'pagination': {'mode': 'cursor', 'items': '/data', 'next': '/next', 'parameter': 'c'}",
                "");
        answer(200, "{'data': [1], 'next': 'n1'}");
        answer(200, "{'data': [2], 'next': 'n2'}");

        assertThat(output("{'maxPages': 2}")).isEqualTo(json("{'items': [1, 2], 'pages': 2, 'complete': false}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | {}                              | not-found  | The contact was deleted
            409 | {}                              | http-status | status 409
            418 | {}                              | odd        | odd answer
            200 | {'ok': false, 'error': 'limit'} | crm        | : limit
            200 | {'problem': 'P1'}               | answer     | : P1
            """)
    void aFailureMeansWhatTheFileSays(int status, String body, String kind, String said) {
        install(
                "'method': 'GET', 'path': '/x', 'errors': [{'status': 404, 'kind': 'not-found', 'description': 'The contact was deleted'}]",
                "'errors': [{'at': '/ok', 'is': false, 'kind': 'crm', 'message': '/error'},"
                        + "{'at': '/problem', 'message': '/problem'}, {'status': 404, 'kind': 'other'},"
                        + "{'status': 418, 'kind': 'odd', 'description': 'odd answer'}],");
        answer(status, body);

        TestRun run = run("{}");

        assertThat(run.record().error().kind()).isEqualTo(kind);
        assertThat(run.record().error().message()).contains(said);
    }

    @Test
    void aPathIsNotLedElsewhereByItsData() {
        install("'method': 'GET', 'path': '/x/{p}/y', 'parameters': [{'name': 'p', 'in': 'path'}]", "");

        for (String value : new String[] {"..", ".", ""}) {
            assertThat(run("{'p': '" + value + "'}").record().error().message()).contains("'p' is a part of the path");
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aConnectionForAnotherConnectorIsRefused() {
        install("'method': 'GET', 'path': '/x'", "");
        connections.put(
                WorkflowEngine.DEFAULT_TENANT,
                Connection.of(
                        "mine",
                        json("{'connector': 'shop', 'baseUrl': '" + server.url("/") + "'}"),
                        AuthenticationMethods.STANDARD));

        assertThat(run("{}").record().error().message()).contains("is one for the connector 'shop'");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aNodeWithoutAConnectionIsFoundBeforeItRuns() {
        install("'method': 'GET', 'path': '/x'", "");
        Workflow workflow =
                Workflow.builder("w").start(NodeSpec.of("call", "crm.op")).build();

        assertThat(engine.engine().validate(workflow))
                .anySatisfy(problem -> assertThat(problem.message()).contains("needs a connection"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            200 | -
            401 | auth
            403 | auth
            404 | http-status
            500 | http-status
            """)
    void aConnectionIsTriedByItsTest(int status, String kind) throws InterruptedException {
        install("'method': 'GET', 'path': '/x'", "");
        answer(status, "{}");

        ConnectionCheck check = module.check(WorkflowEngine.DEFAULT_TENANT, "mine");

        assertThat(check.kind()).isEqualTo(kind);
        assertThat(check.works()).isEqualTo(kind == null);
        assertThat(check.message()).contains("status " + status).doesNotContain(KEY);
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/me");
    }

    @Test
    void aConnectionThatCannotBeTriedSaysWhy() {
        install("'method': 'GET', 'path': '/x'", "");
        secrets.put(WorkflowEngine.DEFAULT_TENANT, "other", KEY);
        connections.put(
                WorkflowEngine.DEFAULT_TENANT,
                Connection.of(
                        "bare",
                        json(
                                "{'baseUrl': 'http://10.0.0.1/', 'auth': {'type': 'bearer', 'token': {'$secret': 'none'}}}"),
                        AuthenticationMethods.STANDARD));

        assertThat(module.check(WorkflowEngine.DEFAULT_TENANT, "bare").kind()).isEqualTo("secret");
        assertThat(module.check(WorkflowEngine.DEFAULT_TENANT, "gone").kind()).isEqualTo("connection");
    }
}
