package io.automationhub.connectors.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.testkit.RunAssert;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRequestNodeTest {

    private static final String TOKEN = "tok-9f8e7d6c5b";

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemorySecrets secrets = new InMemorySecrets();
    private final InMemoryConnections connections = new InMemoryConnections();
    private TestEngine engine = TestEngine.create();

    @BeforeEach
    void start() throws IOException {
        server.start();
        secrets.put(WorkflowEngine.DEFAULT_TENANT, "token", TOKEN);
        connect("crm", "{'baseUrl': '" + base() + "/v1', 'auth': {'type': 'bearer', 'token': {'$secret': 'token'}}}");
        ConnectorsModule module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(secrets)
                .build();
        engine.close();
        engine = TestEngine.builder().engine(builder -> builder.install(module)).build();
    }

    @AfterEach
    void stop() {
        engine.close();
        door.close();
        server.close();
    }

    private String base() {
        return "http://127.0.0.1:" + server.getPort();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private void connect(String id, String definition) {
        connections.put(
                WorkflowEngine.DEFAULT_TENANT, Connection.of(id, json(definition), AuthenticationMethods.STANDARD));
    }

    /** A workflow of one request. */
    private static Workflow workflow(String config, String data) {
        String text = "{'format':1,'id':'w','nodes':[{'id':'call','type':'http.request','data':{" + data + "'config':"
                + config + "}}],'edges':[]}";
        return WorkflowJson.parse(text.replace('\'', '"'));
    }

    private TestRun run(String config, String data, Object input) {
        return engine.start(workflow(config, data), input).untilEnd();
    }

    private Object output(String config) {
        TestRun run = run(config, "'connection':'crm',", JsonObject.EMPTY);
        RunAssert.assertThat(run).succeeded();
        return run.record().output();
    }

    private void enqueue(int status, String body, String... headers) {
        Headers all = headers.length == 0 ? Headers.of("Content-Type", "application/json") : Headers.of(headers);
        server.enqueue(new MockResponse(status, all, body.replace('\'', '"')));
    }

    private static JsonObject error(TestRun run) {
        return run.record().error().toJson();
    }

    // ---------------------------------------------------------------- requests

    @Test
    void aRequestGoesThroughItsConnectionAndReadsJson() throws InterruptedException {
        enqueue(200, "{'name': 'Ada'}");
        TestRun run = run(
                "{'url':'people/{{input.id}}','query':{'tag':['a','b'],'none':null},'headers':{'X-Run':'{{execution.id}}'}}",
                "'connection':'crm',",
                JsonObject.of("id", 7L));
        RunAssert.assertThat(run).succeeded();
        assertThat(JsonPointer.read(run.record().output(), "/body/name")).isEqualTo("Ada");
        assertThat(JsonPointer.read(run.record().output(), "/status")).isEqualTo(200L);
        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/v1/people/7?tag=a&tag=b");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer " + TOKEN);
        assertThat(request.getHeaders().get("X-Run")).isEqualTo(run.id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'json': {'a': [1, null]}} | application/json | {'a':[1,null]}",
                "{'form': {'a b': 'x&y', 'c': [1, 2]}} | application/x-www-form-urlencoded | a+b=x%26y&c=1&c=2",
                "{'text': 'Grüße'} | text/plain; charset=utf-8 | Grüße",
                "{'text': '<a/>', 'mediaType': 'application/xml'} | application/xml | <a/>"
            })
    void bodiesAreSentInTheirForm(String body, String type, String sent) throws InterruptedException {
        enqueue(200, "{}");
        output("{'url':'x','method':'POST','body':" + body + "}");
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo(type);
        assertThat(request.getBody().utf8()).isEqualTo(sent.replace('\'', '"'));
    }

    @Test
    void filesAreSentAndReceived() throws IOException, InterruptedException {
        BinaryRef file = engine.engine()
                .storeBlob("r\"x.csv", "text/csv", new ByteArrayInputStream("a;b".getBytes(StandardCharsets.UTF_8)));
        server.enqueue(new MockResponse(
                200,
                Headers.of(
                        "Content-Type", "image/png", "Content-Disposition", "attachment; filename=\"../../logo.png\""),
                "PNG"));
        TestRun run = run(
                "{'url':'x','method':'POST','body':{'multipart':{'kind':'{{input.kind}}','file':'{{input.file}}'}}}",
                "'connection':'crm',",
                JsonObject.builder()
                        .put("kind", "a\r\n--b")
                        .put("file", file.toJson())
                        .build());
        RunAssert.assertThat(run).succeeded();
        BinaryRef answer =
                BinaryRef.of(JsonPointer.read(run.record().output(), "/body")).orElseThrow();
        assertThat(answer.mediaType()).isEqualTo("image/png");
        assertThat(answer.name()).isEqualTo("logo.png");
        try (InputStream content = engine.engine().openBlob(answer)) {
            assertThat(content.readAllBytes()).asString().isEqualTo("PNG");
        }
        String sent = server.takeRequest().getBody().utf8();
        assertThat(sent).contains("name=\"file\"; filename=\"r%22x.csv\"", "Content-Type: text/csv", "a;b", "a\r\n--b");
    }

    @Test
    void dataCannotLeadAConnectionElsewhere() {
        for (String url : List.of(
                "../admin",
                "a/../../admin",
                "%2e%2e/admin",
                "..",
                "a/..",
                "//evil.example/x",
                "\\\\evil.example",
                "https://evil.example/",
                "a/..\\b",
                ".\t./admin",
                ".\n./admin",
                "a/.\r.",
                ".%2E/x")) {
            TestRun run = run("{'url':'{{input.url}}'}", "'connection':'crm',", JsonObject.of("url", url));
            RunAssert.assertThat(run).failed("config");
            assertThat(run.record().error().message()).contains("crm");
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aKeyOfTheQueryAndBasicCredentialsAreSent() throws InterruptedException {
        connect(
                "key",
                "{'baseUrl':'" + base()
                        + "','auth':{'type':'apiKey','in':'query','name':'key','value':{'$secret':'token'}}}");
        connect(
                "basic",
                "{'baseUrl':'" + base() + "','auth':{'type':'basic','user':'Ada','password':{'$secret':'token'}}}");
        enqueue(200, "{}");
        enqueue(200, "{}");
        run("{'url':'x?key=forged'}", "'connection':'key',", JsonObject.EMPTY);
        run("{'url':'x'}", "'connection':'basic',", JsonObject.EMPTY);
        assertThat(server.takeRequest().getUrl().queryParameterValues("key")).containsExactly(TOKEN);
        assertThat(server.takeRequest().getHeaders().get("Authorization"))
                .isEqualTo(okhttp3.Credentials.basic("Ada", TOKEN, StandardCharsets.UTF_8));
    }

    @Test
    void unknownConnectionsAndSecretsAreNamed() {
        TestRun unknown = run("{'url':'x'}", "'connection':'erp',", JsonObject.EMPTY);
        RunAssert.assertThat(unknown).failed("connection");
        assertThat(unknown.record().error().message()).contains("'erp'", "crm");
        connect("odd", "{'baseUrl':'" + base() + "','auth':{'type':'bearer','token':{'$secret':'gone'}}}");
        TestRun secret = run("{'url':'x'}", "'connection':'odd',", JsonObject.EMPTY);
        RunAssert.assertThat(secret).failed("secret");
        assertThat(secret.record().error().message()).contains("'gone'");
    }

    // ---------------------------------------------------------------- answers

    @Test
    void whatAServerSendsBackOfASecretIsMasked() {
        enqueue(
                200,
                "{'echo': 'Bearer " + TOKEN + "'}",
                "Content-Type",
                "application/json",
                "X-Echo",
                TOKEN,
                "Set-Cookie",
                "s=1");
        enqueue(400, "{'error': 'bad " + TOKEN + "'}");
        enqueue(500, "plain " + TOKEN, "Content-Type", "text/plain");
        for (int i = 0; i < 3; i++) {
            TestRun run = run("{'url':'x'}", "'connection':'crm',", JsonObject.EMPTY);
            assertThat(run.record().toString() + run.nodes() + run.facts() + run.story())
                    .doesNotContain(TOKEN)
                    .contains("***")
                    .doesNotContain("s=1");
        }
    }

    @Test
    void aSecretIsMaskedInWhateverFormItComesBack() {
        String odd = "tok/with+odd=chars";
        secrets.put(WorkflowEngine.DEFAULT_TENANT, "token", odd);
        enqueue(
                200,
                "{'slash': 'tok\\/with+odd=chars', 'escaped': 'tok\\u002fwith+odd=chars', 'tok/with+odd=chars': 1}");
        enqueue(200, "{}", "Content-Type", "application/json", "Location", "/x?key=tok%2Fwith%2Bodd%3Dchars");
        enqueue(400, "x".repeat(4090) + odd, "Content-Type", "text/plain");
        for (int i = 0; i < 3; i++) {
            TestRun run = run("{'url':'x'}", "'connection':'crm',", JsonObject.EMPTY);
            assertThat(run.record().toString() + run.nodes() + run.facts() + run.story())
                    .doesNotContain("with+odd", "tok/wit", "%2Fwith")
                    .contains(i == 2 ? "xxx***" : "***");
        }
    }

    @Test
    void aHeaderMaySayTheMediaTypeAndAWrongOneIsRefused() throws InterruptedException {
        enqueue(200, "{}");
        output("{'url':'x','method':'POST','headers':{'Content-Type':'application/ld+json'},'body':{'json':1}}");
        assertThat(server.takeRequest().getHeaders().get("Content-Type")).isEqualTo("application/ld+json");
        RunAssert.assertThat(run(
                        "{'url':'x','method':'POST','body':{'text':'a','mediaType':'{{input.type}}'}}",
                        "'connection':'crm',",
                        JsonObject.of("type", "text/plain\r\nX-Evil: 1 no type")))
                .failed("config");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aKeyOfTheQueryIsNotKeptWithTheNextPage() throws InterruptedException {
        connect(
                "key",
                "{'baseUrl':'" + base()
                        + "','auth':{'type':'apiKey','in':'query','name':'key','value':{'$secret':'token'}}}");
        enqueue(200, "[1]", "Content-Type", "application/json", "Link", "</l?key=" + TOKEN + "&p=2>; rel=next");
        enqueue(200, "[2]", "Content-Type", "application/json", "Link", "<?p=3>; rel=next");
        enqueue(200, "[]");
        TestRun run = run("{'url':'l','pagination':{}}", "'connection':'key',", JsonObject.EMPTY);
        RunAssert.assertThat(run).succeeded();
        assertThat(run.record().toString() + run.nodes() + run.facts() + run.story())
                .doesNotContain(TOKEN);
        assertThat(server.takeRequest().getTarget()).isEqualTo("/l?key=" + TOKEN);
        assertThat(server.takeRequest().getTarget()).isEqualTo("/l?p=2&key=" + TOKEN);
        assertThat(server.takeRequest().getTarget()).isEqualTo("/l?p=3&key=" + TOKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | http-status | successStatus",
                "401 | auth | authentication",
                "403 | auth | rights",
                "404 | http-status | no such resource",
                "429 | rate-limit | too many",
                "503 | unavailable | server failed"
            })
    void aStatusThatIsNoSuccessHasItsKindAndAdvice(int status, String kind, String advice) {
        enqueue(status, "{'why': 'because'}");
        TestRun run = run("{'url':'x?token=inner'}", "'connection':'crm',", JsonObject.EMPTY);
        RunAssert.assertThat(run).failed(kind);
        assertThat(run.record().error().message())
                .contains(advice, "node 'call'", "/v1/x")
                .doesNotContain("inner");
        assertThat(JsonPointer.read(error(run), "/details/status")).isEqualTo((long) status);
        assertThat(JsonPointer.read(error(run), "/details/body/why")).isEqualTo("because");
    }

    @Test
    void statusesMayBeDeclaredASuccess() {
        enqueue(404, "{}");
        enqueue(418, "{}");
        assertThat(JsonPointer.read(output("{'url':'x','successStatus':['2xx',404]}"), "/status"))
                .isEqualTo(404L);
        assertThat(JsonPointer.read(output("{'url':'x','successStatus':['4xx']}"), "/status"))
                .isEqualTo(418L);
    }

    @Test
    void anAnswerThatIsNotWhatItSaysFails() {
        enqueue(200, "<html>not json</html>");
        RunAssert.assertThat(run("{'url':'x'}", "'connection':'crm',", JsonObject.EMPTY))
                .failed("content");
        enqueue(200, "");
        assertThat(JsonPointer.read(output("{'url':'x'}"), "/body")).isNull();
        enqueue(200, "12", "Content-Type", "text/plain");
        assertThat(JsonPointer.read(output("{'url':'x'}"), "/body")).isEqualTo("12");
        enqueue(200, "12", "Content-Type", "text/plain");
        assertThat(JsonPointer.read(output("{'url':'x','response':'json'}"), "/body"))
                .isEqualTo(12L);
        enqueue(200, "12", "Content-Type", "text/plain");
        assertThat(JsonPointer.read(output("{'url':'x','response':'base64'}"), "/body"))
                .isEqualTo("MTI=");
    }

    @Test
    void aConditionalRequestMayFindNothingNew() {
        server.enqueue(new MockResponse(304, Headers.of("ETag", "\"v1\""), ""));
        Object output = output("{'url':'x','headers':{'If-None-Match':'W/v1'}}");
        assertThat(JsonPointer.read(output, "/status")).isEqualTo(304L);
        assertThat(JsonPointer.read(output, "/body")).isNull();
        enqueue(304, "");
        RunAssert.assertThat(run("{'url':'x'}", "'connection':'crm',", JsonObject.EMPTY))
                .failed("http-status");
    }

    // ---------------------------------------------------------------- repetition

    @Test
    void aBusyServerIsAskedAgainWhenItSaidSoWithTheSameKey() throws InterruptedException {
        enqueue(429, "{}", "Retry-After", "120");
        enqueue(503, "{}");
        enqueue(201, "{}");
        TestRun run = engine.start(
                workflow(
                        "{'url':'x','method':'POST','body':{'json':1}}",
                        "'connection':'crm','retry':{'maxAttempts':3,'initialDelay':'1s','jitter':0},"),
                JsonObject.EMPTY);
        run.advance(Duration.ofSeconds(119));
        assertThat(server.getRequestCount()).isEqualTo(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(server.getRequestCount()).isEqualTo(2);
        run.untilEnd();
        RunAssert.assertThat(run).succeeded().attempts("call", 3);
        String key = server.takeRequest().getHeaders().get("Idempotency-Key");
        assertThat(key).isNotNull().isEqualTo(server.takeRequest().getHeaders().get("Idempotency-Key"));
        assertThat(key).isEqualTo(server.takeRequest().getHeaders().get("Idempotency-Key"));
    }

    @Test
    void aRefusedRequestIsNotRepeated() {
        enqueue(422, "{}");
        TestRun run = run("{'url':'x'}", "'connection':'crm','retry':{'maxAttempts':3},", JsonObject.EMPTY);
        RunAssert.assertThat(run).failed("http-status");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aCancelledRunLeavesNoRequestBehind() throws InterruptedException {
        server.enqueue(
                new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
        try (WorkflowEngine real = WorkflowEngine.builder()
                .install(ConnectorsModule.builder().door(door).build())
                .build()) {
            var handle = real.start(workflow("{'url':'" + base() + "/slow'}", ""), JsonObject.EMPTY);
            server.takeRequest();
            handle.cancel();
            assertThat(handle.await(Duration.ofSeconds(10)).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(real.abandonedAttempts()).isZero();
        }
    }

    // ---------------------------------------------------------------- pages

    @Test
    void pagesAreFollowedByLinks() {
        enqueue(
                200,
                "[1, 2]",
                "Content-Type",
                "application/json",
                "Link",
                "</v1/list?page=2>; rel=\"next\", </v1/list>; rel=\"first\"");
        enqueue(200, "[3]", "Content-Type", "application/json", "Link", "</v1/list>; rel=\"first\"");
        assertThat(output("{'url':'list','pagination':{}}"))
                .isEqualTo(json("{'items': [1, 2, 3], 'pages': 2, 'complete': true}"));
    }

    @Test
    void pagesAreFollowedByCursors() throws InterruptedException {
        enqueue(200, "{'data': [1], 'meta': {'next': 'c/2'}}");
        enqueue(200, "{'data': [2], 'meta': {'next': ''}}");
        assertThat(
                        output(
                                "{'url':'list','query':{'q':'x'},'pagination':{'mode':'cursor','items':'/data','next':'/meta/next','parameter':'cursor'}}"))
                .isEqualTo(json("{'items': [1, 2], 'pages': 2, 'complete': true}"));
        server.takeRequest();
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/list?q=x&cursor=c%2F2");
    }

    @Test
    void pagesAreCounted() throws InterruptedException {
        enqueue(200, "[1, 2]");
        enqueue(200, "[3]");
        assertThat(
                        output(
                                "{'url':'list','pagination':{'mode':'offset','parameter':'skip','size':2,'sizeParameter':'top'}}"))
                .isEqualTo(json("{'items': [1, 2, 3], 'pages': 2, 'complete': true}"));
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/list?top=2&skip=0");
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/list?top=2&skip=2");
        enqueue(200, "[1]");
        enqueue(200, "[2]");
        assertThat(output("{'url':'list','pagination':{'mode':'page','parameter':'p','maxPages':2}}"))
                .isEqualTo(json("{'items': [1, 2], 'pages': 2, 'complete': false}"));
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/list?p=1");
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v1/list?p=2");
    }

    @Test
    void pagesThatLeadInACircleOrAwayFail() {
        enqueue(200, "{'next': 'a'}");
        enqueue(200, "{'next': 'a'}");
        RunAssert.assertThat(run(
                        "{'url':'l','pagination':{'mode':'cursor','next':'/next','items':'/x','parameter':'c'}}",
                        "'connection':'crm',",
                        JsonObject.EMPTY))
                .failed("pagination");
        enqueue(200, "[1]", "Content-Type", "application/json", "Link", "<http://127.0.0.2/>; rel=next");
        TestRun away = run("{'url':'l','pagination':{}}", "'connection':'crm',", JsonObject.EMPTY);
        RunAssert.assertThat(away).failed("pagination");
        enqueue(200, "{'items': 1}");
        TestRun noList = run("{'url':'l','pagination':{'items':'/items'}}", "'connection':'crm',", JsonObject.EMPTY);
        RunAssert.assertThat(noList).failed("pagination");
        assertThat(noList.record().error().message()).contains("'/items'");
    }

    @Test
    void aPageThatWasReadIsNotAskedForAgain() throws InterruptedException {
        enqueue(200, "[1]");
        enqueue(503, "{}");
        enqueue(200, "[]");
        TestRun run = run(
                "{'url':'list','pagination':{'mode':'page','parameter':'p'}}",
                "'connection':'crm','retry':{'maxAttempts':2},",
                JsonObject.EMPTY);
        RunAssert.assertThat(run).succeeded().hasOutput(json("{'items': [1], 'pages': 2, 'complete': true}"));
        assertThat(server.takeRequest().getTarget()).endsWith("p=1");
        assertThat(server.takeRequest().getTarget()).endsWith("p=2");
        assertThat(server.takeRequest().getTarget()).endsWith("p=2");
    }

    @Test
    void afterACrashPagesThatAreDurableAreNotAskedForAgain() {
        List<String> targets = new CopyOnWriteArrayList<>();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                targets.add(request.getTarget());
                String page = String.valueOf(request.getUrl().queryParameter("p"));
                return new MockResponse(
                        200,
                        Headers.of("Content-Type", "application/json"),
                        page.equals("4") ? "[]" : "[" + page + "]");
            }
        });
        ConnectorsModule module = ConnectorsModule.builder().door(door).build();
        String config = "{'url':'" + base() + "/l','pagination':{'mode':'page','parameter':'p'}}";
        List<Integer> requests = new ArrayList<>();
        for (int steps = 1; steps <= 8; steps++) {
            targets.clear();
            try (TestEngine crashing = TestEngine.builder()
                    .engine(builder -> builder.install(module))
                    .crashAfter(steps)
                    .build()) {
                TestRun run =
                        crashing.start(workflow(config, ""), JsonObject.EMPTY).untilEnd();
                RunAssert.assertThat(run)
                        .succeeded()
                        .hasOutput(json("{'items': [1, 2, 3], 'pages': 4, 'complete': true}"));
            }
            // A page may be asked for twice only if its answer was not durable when the process died.
            assertThat(targets).as("crash after " + steps).hasSizeBetween(4, 5);
            requests.add(targets.size());
        }
        assertThat(requests).contains(4, 5);
    }

    // ---------------------------------------------------------------- validation

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | url",
                "{'url':'/relative'} | connection",
                "{'url':'https://x/','method':'FETCH'} | FETCH",
                "{'url':'https://x/','pagination':{'mode':'cursor'}} | next",
                "{'url':'https://x/','pagination':{'mode':'page'}} | parameter",
                "{'url':'https://x/','body':{'yaml':1}} | yaml",
                "{'url':'https://x/','retries':3} | retries"
            })
    void whatDoesNotFitIsFoundBeforeItRuns(String config, String named) {
        assertThat(engine.engine().validate(workflow(config, "")))
                .filteredOn(Problem::isError)
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.message() + problem.hint() + problem.pointer())
                        .contains(named));
    }
}
