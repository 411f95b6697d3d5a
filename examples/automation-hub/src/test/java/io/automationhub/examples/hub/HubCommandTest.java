package io.automationhub.examples.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubCommandTest {

    private static final Path SAMPLES = Path.of("../workflows");

    @TempDir
    Path folder;

    private record Result(int code, String out, String err) {

        JsonObject json() {
            return (JsonObject) Json.parse(out);
        }
    }

    private static Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = HubCommand.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(out + "" + err).doesNotContain("\tat ");
        return new Result(code, out.toString(), err.toString());
    }

    private Path file(String content) throws IOException {
        Path file = Files.createTempFile(folder, "w", ".json");
        return Files.writeString(file, content.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource({
        "issue-triage, opened, 0, succeeded",
        "issue-triage, closed, 0, succeeded",
        "order-review, abroad, 0, succeeded",
        "order-review, blocked, 1, failed",
        "order-report, small, 0, succeeded",
        "contact-formats, page, 0, succeeded",
        "paged-import, two, 0, succeeded",
        "bulk-invitation, five, 0, succeeded",
        "approval-escalation, small, 0, succeeded",
        "approval-escalation, silent, 0, succeeded"
    })
    void samplesGiveTheirExpectedOutputs(String sample, String name, int code, String status) throws IOException {
        Result result = run(
                "run",
                SAMPLES.resolve(sample + ".json").toString(),
                "--input",
                "@" + SAMPLES.resolve(sample + "." + name + ".input.json"));
        assertThat(result.code()).as(result.out()).isEqualTo(code);
        assertThat(result.json().get("status")).isEqualTo(status);
        assertThat(result.json().get("workflow")).isEqualTo(sample);
        assertThat(result.json().get("output"))
                .isEqualTo(Json.parse(Files.readString(SAMPLES.resolve(sample + "." + name + ".expected.json"))));
        assertThat(result.json().keySet()).containsExactly("execution", "workflow", "status", "output", "error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sent", "lost"})
    void anAgentCallsTheWorkflowsThatComeWithIt(String name) throws IOException {
        Result result = run(
                "run",
                SAMPLES.resolve("support-agent.json").toString(),
                "--with",
                SAMPLES.resolve("order-status.json").toString(),
                SAMPLES.resolve("order-refund.json").toString(),
                "--script",
                SAMPLES.resolve("support-agent.script.json").toString(),
                "--input",
                "@" + SAMPLES.resolve("support-agent." + name + ".input.json"));
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.json().get("output"))
                .isEqualTo(Json.parse(Files.readString(SAMPLES.resolve("support-agent." + name + ".expected.json"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bill", "crash"})
    void modelsAreAnsweredByAScriptWithoutAKey(String name) throws IOException {
        Result result = run(
                "run",
                SAMPLES.resolve("ticket-triage.json").toString(),
                "--script",
                SAMPLES.resolve("ticket-triage.script.json").toString(),
                "--input",
                "@" + SAMPLES.resolve("ticket-triage." + name + ".input.json"));
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.json().get("output"))
                .isEqualTo(Json.parse(Files.readString(SAMPLES.resolve("ticket-triage." + name + ".expected.json"))));
    }

    @Test
    void aModelIsAskedThroughAConnectionWithItsKeyFromTheEnvironment() throws IOException {
        Path workflow =
                file("{'format':1,'id':'m','nodes':[{'id':'ask','type':'ai.prompt','data':{'connection':'claude',"
                        + "'config':{'model':'claude-haiku-5-5','prompt':'Hi'}}}],'edges':[]}");
        Path connections = file("{'claude': {'connector': 'anthropic', 'auth': {'type': 'apiKey', 'value':"
                + " {'$secret': 'no-such-key'}}}}");

        Result result = run("run", workflow.toString(), "--connections", connections.toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("set the environment variable SECRET_NO_SUCH_KEY");
        Result none = run("run", workflow.toString());
        assertThat(none.out()).contains("There is no connection 'claude'");
        Result bad = run("run", workflow.toString(), "--script", connections.toString());
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.out()).contains("no list 'rules'");
    }

    @Test
    void aWorkflowMayCallThoseThatAreGivenWithIt() throws IOException {
        Result result = run(
                "run",
                SAMPLES.resolve("order-desk.json").toString(),
                "--input",
                "@" + SAMPLES.resolve("order-desk.three.input.json"),
                "--with",
                SAMPLES.resolve("order-saga.json").toString(),
                SAMPLES.resolve("order-report.json").toString());
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.json().get("output"))
                .isEqualTo(Json.parse(Files.readString(SAMPLES.resolve("order-desk.three.expected.json"))));
    }

    @Test
    void aCalledWorkflowThatIsNotValidIsReportedWithItsFile() throws IOException {
        Path broken = file("{'format':1,'id':'b','nodes':[{'id':'f','type':'no.such'}],'edges':[]}");
        Result result = run("run", SAMPLES.resolve("order-desk.json").toString(), "--with", broken.toString());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains("UNKNOWN_TYPE", broken.getFileName().toString());
    }

    /** A thousand times the ten rows of the small list, in any order, so that every sum is a thousand times as large. */
    @Test
    void aListOfTenThousandOrdersIsReported() throws IOException {
        JsonObject small = (JsonObject) Json.parse(Files.readString(SAMPLES.resolve("order-report.small.input.json")));
        List<JsonObject> orders = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            for (Object row : (JsonArray) Objects.requireNonNull(small.get("orders"))) {
                JsonObject order = (JsonObject) row;
                String no = Json.toText(order.get("no"));
                orders.add(no.isBlank() ? order : order.with("no", no.strip() + "-" + i));
            }
        }
        Collections.shuffle(orders, new Random(7));
        Path input = Files.writeString(folder.resolve("orders.json"), Json.write(small.with("orders", orders)));
        Result result = run("run", SAMPLES.resolve("order-report.json").toString(), "--input", "@" + input);
        assertThat(Json.writePretty(result.json().get("output")))
                .isEqualTo(Json.writePretty(
                        Json.parse(Files.readString(SAMPLES.resolve("order-report.10000.expected.json")))));
    }

    @Test
    void historyHasTheNodeRuns() throws IOException {
        Path history = folder.resolve("history.json");
        run(
                "run",
                SAMPLES.resolve("order-review.json").toString(),
                "--input=@" + SAMPLES.resolve("order-review.abroad.input.json"),
                "--history",
                history.toString());
        JsonArray runs = (JsonArray) Json.parse(Files.readString(history));
        assertThat(runs).hasSize(9);
        assertThat((JsonObject) runs.get(0))
                .containsEntry("node", "order")
                .containsEntry("iteration", "")
                .containsEntry("attempt", 1L)
                .containsEntry("status", "succeeded")
                .containsKeys("startedAt", "endedAt");
        assertThat(runs)
                .anySatisfy(each -> assertThat((JsonObject) each)
                        .containsEntry("node", "refuse")
                        .containsEntry("status", "skipped")
                        .containsEntry("startedAt", null));
    }

    @Test
    void variablesAndInputComeFromTheCommandLine() throws IOException {
        Path file = file(
                "{'format':1,'id':'v','variables':{'who':{'type':'string','default':'you'}},'nodes':[{'id':'f','type':"
                        + "'action.format','data':{'config':{'template':'{{who}} {{input}}'}}}],'edges':[]}");
        assertThat(run("run", file.toString()).json().get("output")).isEqualTo("you {}");
        assertThat(run("run", file.toString(), "--input", "5", "--var", "who=\"me\"")
                        .json()
                        .get("output"))
                .isEqualTo("me 5");
        for (String wrong : List.of("who", "=1", "who=me", "who=7", "whom=\"x\"")) {
            Result result = run("run", file.toString(), "--var", wrong);
            assertThat(result.code()).as(wrong).isEqualTo(2);
            assertThat(result.json().get("status")).isEqualTo("invalid");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "@missing.json", "", "nope", "{'a':1,'a':2}"})
    void aWrongInputIsInvalid(String input) {
        Result result = run("run", SAMPLES.resolve("issue-triage.json").toString(), "--input", input);
        assertThat(result.code()).isEqualTo(2);
        assertThat((JsonArray) result.json().get("problems")).isNotEmpty();
    }

    @Test
    void anInputOfTheWrongShapeNamesWhatIsMissing() {
        Result result = run("run", SAMPLES.resolve("issue-triage.json").toString(), "--input", "{\"action\": 5}");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains("INVALID_INPUT", "issue", "repository", "/action");
    }

    @Test
    void hostileFilesAreInvalidAndNothingElse() throws IOException {
        for (String content : List.of("", "[]", "{", "{}", "7", "[".repeat(100_000), "{'nodes':[],'nodes':[]}")) {
            for (String command : List.of("run", "validate")) {
                Result result = run(command, file(content).toString());
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.out()).contains("\"code\"");
            }
        }
        assertThat(run("run", folder.resolve("none.json").toString()).out()).contains("UNREADABLE_FILE");
        assertThat(run("run", folder.toString()).code()).isEqualTo(2);
    }

    @Test
    void validateListsProblemsWithTheirFile() throws IOException {
        Path good = SAMPLES.resolve("issue-triage.json");
        Path bad =
                file("{'format':1,'id':'b','nodes':[{'id':'a','type':'nope'}],'edges':[{'source':'a','target':'z'}]}");
        assertThat(run("validate", good.toString())).satisfies(result -> {
            assertThat(result.code()).isZero();
            assertThat(Json.parse(result.out())).isEqualTo(JsonArray.EMPTY);
        });
        Result result = run("validate", good.toString(), bad.toString());
        assertThat(result.code()).isEqualTo(2);
        assertThat((JsonArray) Json.parse(result.out()))
                .hasSize(2)
                .allSatisfy(problem -> assertThat((JsonObject) problem)
                        .containsEntry("file", bad.toString())
                        .containsEntry("severity", "error"));
    }

    @Test
    void aWarningIsNoError() throws IOException {
        Path file = file("{'format':1,'id':'b','nodes':[{'id':'a','type':'stop','data':{'colour':'red'}}],'edges':[]}");
        assertThat(run("validate", file.toString()).code()).isZero();
        assertThat(run("run", file.toString()).code()).isZero();
    }

    @Test
    void aWrongCommandLineSaysHow() {
        assertThat(run("run").code()).isEqualTo(2);
        assertThat(run("run").err()).contains("Usage:");
        assertThat(run("fly").code()).isEqualTo(2);
        assertThat(run("--help").out()).contains("run", "validate");
    }

    @Test
    void schemaPrintsTheSchemaOfWorkflowFiles() {
        Result result = run("schema");
        assertThat(result.code()).isZero();
        assertThat(Json.object(result.json().get("$defs"))).containsKey("transform");
    }

    @Test
    void aValueMayBeAsLargeAsTheCommandLineSays() throws IOException {
        Path input = Files.writeString(folder.resolve("large.json"), "\"" + "x".repeat(1_500_000) + "\"");
        Path file = file("{'format':1,'id':'n','nodes':[{'id':'f','type':'action.format','data':{'config':{'template':"
                + "'{{input.size()}}'}}}],'edges':[]}");
        Result refused = run("run", file.toString(), "--input", "@" + input, "--max-value-mb", "1");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).contains("TOO_LARGE", "larger than 1048576 bytes", "raise --max-value-mb");
        assertThat(run("run", file.toString(), "--input", "@" + input).json().get("output"))
                .isEqualTo(1_500_000L);
        assertThat(run("run", file.toString(), "--max-value-mb", "0").err()).contains("at least 1, but was 0");
    }

    @Test
    void aRequestReachesWhatTheOptionsAllow() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse(503, Headers.of(), ""));
            server.enqueue(
                    new MockResponse(200, Headers.of("Content-Type", "application/json"), "{\"name\": \"Ada\"}"));
            Path workflow = file("{'format':1,'id':'w','nodes':[{'id':'get','type':'http.request','data':{"
                    + "'connection':'crm','retry':{'maxAttempts':2,'initialDelay':'1ms'},'config':{'url':'/people/7'}}}],"
                    + "'edges':[],'output':'{{nodes.get.output.body.name}}'}");
            Path connections = file("{'crm':{'baseUrl':'" + server.url("/v1") + "'}}");

            Result blocked = run("run", workflow.toString(), "--connections", connections.toString());
            assertThat(blocked.code()).isEqualTo(1);
            assertThat(blocked.out()).contains("loopback", "--allow-address 127.0.0.1");
            assertThat(server.getRequestCount()).isZero();

            Result reached = run(
                    "run",
                    workflow.toString(),
                    "--connections",
                    connections.toString(),
                    "--allow-address",
                    "127.0.0.0/8");
            assertThat(reached.json()).containsEntry("status", "succeeded").containsEntry("output", "Ada");
            assertThat(server.getRequestCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | where an object is expected",
                "{'crm': 1} | The connection 'crm' is no object",
                "{'crm': {'baseUrl': 'ftp://x'}} | the field 'baseUrl' is wrong",
                "{'crm': {'baseUrl': 'https://x', 'token': 't'}} | the field 'token' is wrong: it is not known",
                "{'crm': {'baseUrl': 'https://x', 'auth': {'type': 'magic'}}} | use one of apiKey, authorizationCode, awsSignature, basic,",
                "{'crm': {'baseUrl': 'https://x', 'auth': {'type': 'bearer', 'token': 'plain'}}} | the value itself does not stand here"
            })
    void connectionsThatDoNotFitAreNamed(String connections, String message) throws IOException {
        Result result = run(
                "run",
                SAMPLES.resolve("issue-triage.json").toString(),
                "--connections",
                file(connections).toString());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains(message).doesNotContain("plain");
    }

    @Test
    void allPagesOfAnApiAreReported() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            Headers json = Headers.of("Content-Type", "application/json");
            server.enqueue(new MockResponse(
                    200,
                    json.newBuilder()
                            .add("Link", "<" + server.url("/orgs/acme/repos?page=2") + ">; rel=\"next\"")
                            .build(),
                    "[{\"language\": \"Java\", \"stargazers_count\": 3, \"archived\": false},"
                            + "{\"language\": \"C\", \"stargazers_count\": 9, \"archived\": true}]"));
            server.enqueue(new MockResponse(
                    200,
                    json,
                    "[{\"language\": \"Java\", \"stargazers_count\": 4, \"archived\": false},"
                            + "{\"language\": null, \"stargazers_count\": 8, \"archived\": false}]"));
            Path connections = file("{'github':{'baseUrl':'" + server.url("/") + "'}}");

            Result result = run(
                    "run",
                    SAMPLES.resolve("repository-report.json").toString(),
                    "--input",
                    "{\"organisation\": \"acme\"}",
                    "--connections",
                    connections.toString(),
                    "--allow-address",
                    "127.0.0.0/8");

            assertThat(result.json().get("output"))
                    .isEqualTo(Json.parse("{\"organisation\": \"acme\", \"repositories\": 4, \"complete\": true,"
                            + "\"languages\": [{\"language\": null, \"repositories\": 1, \"stars\": 8},"
                            + "{\"language\": \"Java\", \"repositories\": 2, \"stars\": 7}]}"));
        }
    }

    @Test
    void anOpenApiDocumentBecomesAConnectorWhoseOperationsRun() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(
                    new MockResponse(200, Headers.of("Content-Type", "application/json"), "{\"name\": \"Ada\"}"));
            Path document = file(
                    "{'openapi':'3.0.3','info':{'title':'People','version':'1'},'servers':[{'url':'"
                            + server.url("/v1")
                            + "'}],'paths':{'/people/{id}':{'get':{'operationId':'person','parameters':"
                            + "[{'name':'id','in':'path','required':true,'schema':{'type':'integer'}}]},'delete':{'operationId':'removal'}}}}");
            Path connector = folder.resolve("people.connector.json");

            Result review = run(
                    "connector",
                    document.toString(),
                    "--id",
                    "people",
                    "--only",
                    "person",
                    "--out",
                    connector.toString());
            assertThat(review.code()).isZero();
            assertThat(review.json()).containsEntry("servers", List.of("http://localhost:" + server.getPort()));
            assertThat(review.out())
                    .contains("people.person", "GET /people/{id}")
                    .doesNotContain("removal");

            Path connections = file("{'p':{'connector':'people'}}");
            Path workflow = file(
                    "{'format':1,'id':'w','nodes':[{'id':'get','type':'people.person','data':{"
                            + "'connection':'p','config':{'id':'{{input.id}}'}}}],'edges':[],'output':'{{nodes.get.output.name}}'}");
            assertThat(run("validate", workflow.toString()).out()).contains("'people.person' is not registered");
            assertThat(run("validate", workflow.toString(), "--connector", connector.toString())
                            .code())
                    .isZero();
            Result ran = run(
                    "run",
                    workflow.toString(),
                    "--input",
                    "{\"id\": 7}",
                    "--connector",
                    connector.toString(),
                    "--connections",
                    connections.toString(),
                    "--allow-address",
                    "127.0.0.0/8");
            assertThat(ran.json()).containsEntry("status", "succeeded").containsEntry("output", "Ada");
        }
    }

    @Test
    void anOpenApiDocumentThatIsNotThereIsNamed() {
        Result result = run("connector", "no-such-file.yaml", "--id", "x");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("The file 'no-such-file.yaml' cannot be read");
    }

    @Test
    void aConnectorFileThatIsNoneIsRefused() throws IOException {
        String workflow = SAMPLES.resolve("issue-triage.json").toString();

        assertThat(run(
                                "validate",
                                workflow,
                                "--connector",
                                file("{'openapi':'3.0.3'}").toString())
                        .err())
                .contains("automation-hub connector FILE");
        assertThat(run("validate", workflow, "--connector", file("{'format':1}").toString())
                        .err())
                .contains("Cannot read the connector", "id");
    }

    @Test
    void schedulePreviewShowsTheNextFirings_withTheReasonForEachThatIsNot() throws IOException {
        Path file = file("""
                {'format': 1, 'id': 'report', 'nodes': [
                  {'id': 'clock', 'type': 'trigger.schedule', 'data': {'config': {
                    'cron': '30 2 * * *', 'dialect': 'unix', 'zone': 'Europe/Berlin', 'calendars': ['weekends']}}}],
                 'edges': []}
                """);
        Result text = run("schedule", "preview", file.toString(), "--from", "2027-03-25T12:00", "--count", "2");
        assertThat(text.code()).isZero();
        assertThat(text.out().lines())
                .containsExactly(
                        "clock: At 02:30, Europe/Berlin, not on Saturdays and Sundays",
                        "  Fri 2027-03-26 02:30:00 +01:00",
                        "  Sat 2027-03-27 02:30:00  skipped: 2027-03-27 is closed: Saturday",
                        "  Sun 2027-03-28 02:30:00  skipped: 2027-03-28 is closed: Sunday",
                        "  Mon 2027-03-29 02:30:00 +02:00");
        Path alone = file("{'cron': '30 2 * * *', 'dialect': 'unix', 'zone': 'Europe/Berlin'}");
        Result json = run(
                "schedule", "preview", alone.toString(), "--from", "2027-03-27T12:00:00Z", "--count", "1", "--json");
        assertThat(Json.write(Json.parse(json.out()))).isEqualTo("""
                    [{"trigger":null,"enabled":true,"description":"At 02:30, Europe/Berlin","zone":"Europe/Berlin",\
                    "firings":[{"outcome":"shifted","planned":"2027-03-28T02:30","at":"2027-03-28T01:00:00Z",\
                    "local":"2027-03-28T03:00+02:00","times":1,"reason":"the clock goes from 02:00 to 03:00 on that day,\
                     so it fires at the end of the gap"}]}]""");
    }

    @Test
    void schedulePreviewRefusesWhatNeverFires() throws IOException {
        Result wrong = run(
                "schedule",
                "preview",
                file("{'cron': '0 9 30 2 *', 'dialect': 'unix'}").toString());
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.json().get("status")).isEqualTo("invalid");
        assertThat(wrong.out()).contains("it never fires").contains("/cron");
        Result past = run(
                "schedule",
                "preview",
                file("{'every': '5m', 'until': '2026-01-01'}").toString(),
                "--from",
                "2026-06-01");
        assertThat(past.out()).contains("The window is past");
        Result none =
                run("schedule", "preview", SAMPLES.resolve("issue-triage.json").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.out()).contains("has no trigger.schedule");
        assertThat(run("schedule", "preview", file("[]").toString()).err()).contains("has no JSON object");
        assertThat(run("schedule", "preview", file("{").toString()).err()).contains("is no JSON");
    }
}
