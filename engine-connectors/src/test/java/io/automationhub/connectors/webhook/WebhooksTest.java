package io.automationhub.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that come in start runs, and are answered. */
class WebhooksTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;
    private static final String SECRET = "webhook-s3cr3t";

    private final InMemoryConnections connections = new InMemoryConnections();
    private final InMemorySecrets secrets = new InMemorySecrets().put(TENANT, "s", SECRET);
    private final ConnectorsModule module =
            ConnectorsModule.builder().connections(connections).secrets(secrets).build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    Path files;

    private WorkflowEngine engine = WorkflowEngine.builder()
            .install(module)
            .node("gate", call -> gate.await(20, TimeUnit.SECONDS))
            .build();
    private Webhooks webhooks = module.webhooks(engine);

    @AfterEach
    void stop() {
        gate.countDown();
        engine.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Workflow workflow(String trigger, String more) {
        return WorkflowJson.parse(
                json("{'format':1,'id':'orders','nodes':[{'id':'hook','type':'trigger.webhook','data':{" + trigger
                        + "}}" + more + "}"));
    }

    private void publish(String trigger) {
        engine.workflows().publish(workflow(trigger, "],'edges':[],'output':'{{input}}'"));
    }

    private WebhookAnswer call(String method, String path, String body, String... headers) {
        Map<String, List<String>> all = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        return webhooks.handle(new WebhookRequest(
                TENANT,
                method,
                "https://hub.example/hooks" + path,
                path.replaceFirst("\\?.*", ""),
                all,
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
    }

    private WebhookAnswer post(String path, String body) {
        return call("POST", path, json(body), "Content-Type", "application/json");
    }

    private static String text(WebhookAnswer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (answer.body() != null) {
                answer.body().writeTo(out);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static JsonObject object(WebhookAnswer answer) {
        return Json.object(Json.parse(text(answer)));
    }

    private ExecutionRecord run(WebhookAnswer answer) {
        assertThat(answer.status()).as(text(answer)).isEqualTo(202);
        String id = (String) object(answer).get("execution");
        engine.handle(id)
                .ifPresent(run -> assertThat(run.await(Duration.ofSeconds(20))).isNotNull());
        return engine.execution(id).orElseThrow();
    }

    private int runs() {
        return engine.executions(ExecutionQuery.of(TENANT)).items().size();
    }

    private String signed(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void connect(String webhook) {
        connections.put(
                TENANT,
                Connection.of(
                        "in",
                        Json.object(Json.parse(json("{'webhook': " + webhook + "}"))),
                        AuthenticationMethods.STANDARD));
    }

    // ---------------------------------------------------------------- what comes in

    @Test
    void aCallStartsARunWithWhatItSaysEachPartByItself() {
        publish(
                "'config':{'path':'orders/{shop}','method':['POST','PUT'],'schema':{"
                        + "'query':{'properties':{'page':{'type':'integer'},'tags':{'type':'array'},'all':{'type':'boolean'}}}}}");

        ExecutionRecord run = run(call(
                "PUT",
                "/live/orders/orders/a%2Fb%20c?page=7&tags=x&all=true&q=a+b&q=c",
                json("{'query': 'mine', 'order': 1}"),
                "Content-Type",
                "application/json; charset=utf-8",
                "Authorization",
                "Bearer x",
                "Cookie",
                "session=1",
                "X-Event",
                "paid"));

        JsonObject input = (JsonObject) run.output();
        assertThat(input.get("path")).isEqualTo(Json.parse(json("{'shop': 'a/b c'}")));
        assertThat(input.get("query"))
                .isEqualTo(Json.parse(json("{'page': 7, 'tags': ['x'], 'all': true, 'q': ['a b', 'c']}")));
        assertThat(input.get("body")).isEqualTo(Json.parse(json("{'query': 'mine', 'order': 1}")));
        assertThat(input.get("method")).isEqualTo("PUT");
        assertThat((JsonObject) input.get("headers"))
                .containsEntry("x-event", "paid")
                .doesNotContainKeys("authorization", "cookie");
        assertThat(input.keySet())
                .containsExactlyInAnyOrder("id", "method", "path", "query", "headers", "body", "receivedAt");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/x-www-form-urlencoded | a=1&b=x%20y&b=z     | {'a': '1', 'b': ['x y', 'z']}
            text/plain                        | hi                  | 'hi'
            application/xml                   | <a/>                | '<a/>'
            application/vnd.x+json            | [1]                 | [1]
            application/json                  | ""                  | null
            """)
    void aBodyIsReadByItsType(String type, String body, String value) {
        publish("'config':{}");
        String sent = body.equals("\"\"") ? "" : body;

        JsonObject input = (JsonObject)
                run(call("POST", "/live/orders", sent, "content-type", type)).output();

        assertThat(input.get("body"))
                .isEqualTo(Json.parse(value.startsWith("'") ? '"' + value.replace("'", "") + '"' : json(value)));
    }

    @Test
    void filesOfABodyAreKeptAsFiles() throws IOException {
        publish("'config':{}");
        String form = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"scan\"; filename=\"../a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n";

        JsonObject parts = (JsonObject)
                ((JsonObject) run(call("POST", "/live/orders", form, "content-type", "multipart/form-data; boundary=b"))
                                .output())
                        .get("body");
        JsonObject alone = (JsonObject) run(call("POST", "/live/orders", "bytes", "content-type", "application/pdf"))
                .output();

        assertThat(parts.get("note")).isEqualTo("hello");
        BinaryRef scan = BinaryRef.of(parts.get("scan")).orElseThrow();
        assertThat(scan.name()).isEqualTo("a.png");
        try (InputStream in = engine.openBlob(scan)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("PNG");
        }
        assertThat(BinaryRef.of(alone.get("body")).orElseThrow().mediaType()).isEqualTo("application/pdf");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /live/orders/x     | {"n": 1}            | 202 | execution
            POST | /live/orders/x     | {"n": "1"}          | 400 | '/n'
            POST | /live/orders/x     | {                   | 400 | no JSON
            POST | /live/orders/x?p=b | {"n": 1}            | 400 | query
            POST | /live/orders/x     | {"n": 1, "s": "0123456789012345678901234567890123456789012345678901234567890"} | 413 | 64 bytes
            GET  | /live/orders/x     | {}                  | 405 | called by POST
            POST | /live/orders/y     | {}                  | 404 | no webhook
            POST | /live/orders/x/y   | {}                  | 404 | no webhook
            POST | /live/order/x      | {}                  | 404 | no webhook
            POST | /test/orders/x     | {}                  | 404 | no webhook
            POST | /dead/orders/x     | {}                  | 404 | no webhook
            POST | /live              | {}                  | 404 | no webhook
            POST | /live/             | {}                  | 404 | no webhook
            POST | /live/%00/x        | {}                  | 404 | no webhook
            POST | /live/%F0%9F/x     | {}                  | 404 | no webhook
            POST | //orders/x         | {}                  | 404 | no webhook
            POST | /live/orders/%zz   | {}                  | 400 | encoded
            """)
    void aCallThatDoesNotFitStartsNothing(String method, String path, String body, int status, String said) {
        publish("'config':{'path':'x','maxBytes':64,'schema':{'body':{'type':'object','required':['n'],"
                + "'properties':{'n':{'type':'integer'}}},'query':{'properties':{'p':{'enum':['a']}}}}}");

        WebhookAnswer answer = call(method, path, body, "Content-Type", "application/json");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(text(answer)).contains(said);
        assertThat(answer.headers()).containsEntry("x-content-type-options", "nosniff");
        assertThat(runs()).isEqualTo(status == 202 ? 1 : 0);
    }

    @Test
    void ofTwoPathsThatFitTheOneThatSaysMoreCounts() {
        engine.workflows()
                .publish(
                        workflow(
                                "'config':{'path':'a/{x}'}",
                                ",{'id':'fixed','type':'trigger.webhook','data':{'config':{'path':'a/b'}}}],'edges':[],'output':'{{input.path}}'"));

        assertThat(run(post("/live/orders/a/b", "{}")).output()).isEqualTo(JsonObject.EMPTY);
        assertThat(run(post("/live/orders/a/c", "{}")).output()).isEqualTo(JsonObject.of("x", "c"));
    }

    // ---------------------------------------------------------------- who calls

    @Test
    void aSignedCallIsTakenOnceAndOneWithAnotherSignatureNotAtAll() throws Exception {
        connect("{'type': 'github', 'secret': {'$secret': 's'}}");
        publish("'connection':'in','config':{}");
        String body = "{\"zen\": 1}";

        WebhookAnswer first = call(
                "POST", "/live/orders", body, "X-Hub-Signature-256", signed(body), "content-type", "application/json");
        ExecutionRecord run = run(first);
        WebhookAnswer again = call(
                "POST",
                "/live/orders",
                body,
                "X-Hub-Signature-256",
                signed(body),
                "X-GitHub-Delivery",
                "made-up",
                "content-type",
                "application/json");

        assertThat(object(again)).isEqualTo(object(first));
        assertThat(runs()).isEqualTo(1);
        assertThat(run.output().toString()).doesNotContain("sha256=", SECRET);

        WebhookAnswer other = call("POST", "/live/orders", "{}", "X-Hub-Signature-256", signed(body));
        WebhookAnswer none = call("POST", "/live/orders", body);
        assertThat(List.of(other.status(), none.status())).containsExactly(401, 401);
        assertThat(text(other)).doesNotContain("X-Hub", SECRET);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void ofManyWhoRepeatACallAtTheSameTimeOneStartsTheRun() throws Exception {
        connect("{'type': 'github', 'secret': {'$secret': 's'}}");
        publish("'connection':'in','config':{'respond':'finished'}");
        String body = "{\"n\": 1}";
        String signature = signed(body);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<WebhookAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                answers.add(threads.submit(() -> call("POST", "/live/orders", body, "x-hub-signature-256", signature)));
            }
            for (Future<WebhookAnswer> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void whatTellsRepetitionsMayStandInTheCall() {
        publish("'config':{'deliveryId':{'body':'/event/id'}}");

        WebhookAnswer first = post("/live/orders", "{'event': {'id': 'e1'}, 'try': 1}");
        WebhookAnswer second = post("/live/orders", "{'event': {'id': 'e1'}, 'try': 2}");
        WebhookAnswer other = post("/live/orders", "{'event': {'id': 'e2'}}");
        WebhookAnswer without = post("/live/orders", "{}");

        assertThat(object(second)).isEqualTo(object(first));
        assertThat(List.of(other, without))
                .allSatisfy(answer -> assertThat(object(answer)).isNotEqualTo(object(first)));
    }

    @Test
    void aTriggerWhoseConnectionIsNotThereTakesNoCalls() {
        publish("'connection':'gone','config':{}");
        assertThat(post("/live/orders", "{}").status()).isEqualTo(500);

        connections.put(
                TENANT,
                Connection.of("gone", JsonObject.of("baseUrl", "https://x.example"), AuthenticationMethods.STANDARD));
        WebhookAnswer answer = post("/live/orders", "{}");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(text(answer)).doesNotContain("gone");
        assertThat(runs()).isZero();
    }

    // ---------------------------------------------------------------- answers

    @Test
    void aCallerWhoWaitsGetsTheOutput() {
        publish("'config':{'respond':'finished'}");
        assertThat(object(post("/live/orders", "{'n': 1}")).get("body")).isEqualTo(JsonObject.of("n", 1));

        engine.workflows().publish(workflow("'config':{'respond':'finished'}", "],'edges':[],'output':null"));
        assertThat(post("/live/orders", "{}").status()).isEqualTo(204);

        engine.workflows()
                .publish(
                        workflow(
                                "'config':{'respond':'finished'}",
                                ",{'id':'f','type':'fail','data':{'config':{'message':'internal detail'}}}],'edges':[{'source':'hook','target':'f'}]"));
        WebhookAnswer failed = post("/live/orders", "{}");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(text(failed)).doesNotContain("internal detail").contains("execution");
    }

    @Test
    void aCallerWhoWaitsTooLongGetsTheRun() {
        engine.workflows()
                .publish(workflow(
                        "'config':{'respond':'finished','timeout':'10ms'}",
                        ",{'id':'g','type':'gate'}],'edges':[{'source':'hook','target':'g'}]"));

        WebhookAnswer answer = post("/live/orders", "{}");
        gate.countDown();

        assertThat(run(answer).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }

    @Test
    void aNodeAnswersTheCallerAndTheRunGoesOn() {
        engine.workflows()
                .publish(workflow(
                        "'config':{'respond':'node'}",
                        ",{'id':'r','type':'webhook.respond','data':{'config':{'status':201,'headers':{'X-Order':'{{input.body.n}}'},"
                                + "'body':{'json':{'order':'{{input.body.n}}'}}}}},{'id':'g','type':'gate'},"
                                + "{'id':'r2','type':'webhook.respond','data':{'config':{'status':500}}}],"
                                + "'edges':[{'source':'hook','target':'r'},{'source':'r','target':'g'},{'source':'g','target':'r2'}],"
                                + "'output':'{{nodes.r.output.method}}'"));

        WebhookAnswer answer = post("/live/orders", "{'n': 7}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers()).containsEntry("x-order", "7").containsEntry("content-security-policy", "sandbox");
        assertThat(text(answer)).isEqualTo("{\"order\":7}");
        String id = engine.executions(ExecutionQuery.of(TENANT)).items().get(0).id();
        assertThat(engine.handle(id).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
        gate.countDown();
        WorkflowExecution ended = engine.handle(id).orElseThrow().await(Duration.ofSeconds(20));
        assertThat(ended.output()).isEqualTo("POST");
        assertThat(engine.logs(id))
                .anySatisfy(line -> assertThat(line.message()).contains("was answered before"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'status': 99}                                     | 200 to 599
            {'headers': {'Set-Cookie': 'a=1'}}                 | host's own
            {'headers': {'X-A': '{{input.body.bad}}'}}         | urlEncode
            {'body': {'json': 1, 'text': 'x'}}                 | json and text
            {'body': {'file': 'x'}}                            | $binary
            """)
    void anAnswerThatCannotBeSentFailsTheNode(String config, String said) {
        engine.workflows()
                .publish(workflow(
                        "'config':{'respond':'node'}",
                        ",{'id':'r','type':'webhook.respond','data':{'config':"
                                + config.replace("99", "'{{input.body.status}}'")
                                + "}}],'edges':[{'source':'hook','target':'r'}]"));

        WebhookAnswer answer = post("/live/orders", "{'bad': 'a\\nb', 'status': 99}");

        assertThat(answer.status()).isEqualTo(500);
        String id = (String) object(answer).get("execution");
        assertThat(engine.execution(id).orElseThrow().error().message()).contains(said);
    }

    @Test
    void anAnswerMayBeGivenInAnotherProcessThanTheOneThatTheCallerWaitsIn() throws Exception {
        DocumentStore documents = new InMemoryDocumentStore();
        WebhookAnswers here = new WebhookAnswers(documents);
        WebhookAnswers there = new WebhookAnswers(documents);
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try {
            Future<Optional<JsonObject>> waits =
                    threads.submit(() -> here.await(TENANT, "run", Duration.ofSeconds(20), () -> false));

            assertThat(there.give(TENANT, "run", JsonObject.of("status", 201), Instant.EPOCH))
                    .isTrue();
            assertThat(there.give(TENANT, "run", JsonObject.of("status", 500), Instant.EPOCH))
                    .isFalse();

            assertThat(waits.get(20, TimeUnit.SECONDS)).contains(JsonObject.of("status", 201));
        } finally {
            threads.shutdownNow();
        }
        assertThat(here.await(TENANT, "other", Duration.ofMillis(1), () -> false))
                .isEmpty();
        assertThat(here.await(TENANT, "ended", Duration.ofSeconds(20), () -> true))
                .isEmpty();
    }

    @Test
    void answersThatNobodyFetchedAreForgottenAfterAWhile() {
        DocumentStore documents = new InMemoryDocumentStore();
        WebhookAnswers answers = new WebhookAnswers(documents);
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 5 * 256; i++) {
            assertThat(answers.give(TENANT, "run" + i, JsonObject.EMPTY, begin.plus(Duration.ofMinutes(i))))
                    .isTrue();
        }

        assertThat(documents
                        .list(DocumentQuery.of("webhook-answers", TENANT, 1000))
                        .items())
                .hasSizeLessThan(100);
    }

    // ---------------------------------------------------------------- tests

    @Test
    void theTestAddressStartsTheDraftWhileSomebodyListens() {
        publish("'config':{}");
        engine.workflows().saveDraft(workflow("'config':{'path':'new'}", "],'edges':[],'output':'draft'"));
        assertThat(post("/test/orders/new", "{}").status()).isEqualTo(404);

        webhooks.listen(TENANT, "orders", Duration.ofMinutes(5));
        webhooks.listen(TENANT, "orders", Duration.ofMinutes(10));

        ExecutionRecord run = run(post("/test/orders/new", "{}"));
        assertThat(run.output()).isEqualTo("draft");
        assertThat(post("/live/orders/new", "{}").status()).isEqualTo(404);
        assertThatIllegalArgumentException().isThrownBy(() -> webhooks.listen(TENANT, "orders", Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'path': 'a/../b'}                            | no path of a webhook
            {'path': '{a}/{a}'}                           | two parts of the same name
            {'path': 'a b'}                               | no path of a webhook
            {'method': 'TRACE'}                           | /config/method
            {'respond': 'later'}                          | /config/respond
            {'schema': {'body': {'type': 'thing'}}}       | /config/schema/body
            """)
    void aTriggerThatIsNoneIsFoundBeforeItIsPublished(String config, String said) {
        assertThat(engine.validate(workflow("'config':" + config, "],'edges':[]")))
                .anySatisfy(problem ->
                        assertThat(problem.pointer() + " " + problem.message()).contains(said));
    }
}
