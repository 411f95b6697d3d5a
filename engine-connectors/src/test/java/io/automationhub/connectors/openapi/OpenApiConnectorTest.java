package io.automationhub.connectors.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.connector.Operation;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.openapi.OpenApiConnector.Choice;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.testkit.RunAssert;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connectors of documents that real services publish, and of documents that are none. */
class OpenApiConnectorTest {

    private static final String TOKEN = "ghp-0123456789";

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        door.close();
        server.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource({"GITHUB, 1223", "FIGMA, 54", "NESSIE, 38"})
    void eachOperationOfAPublishedDocumentIsANodeTypeWithUsableSchemas(PublishedDocument document, int operations) {
        Connector connector =
                OpenApiConnector.read(document.text(), Choice.of("api")).connector();

        assertThat(connector.operations()).hasSize(operations);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .install(ConnectorsModule.builder().connector(connector).build())
                .build()) {
            for (Operation operation : connector.operations()) {
                NodeMetadata metadata = engine.nodeTypes()
                        .find("api." + operation.id())
                        .orElseThrow()
                        .metadata();
                assertThat(metadata.name()).isNotBlank();
                assertThat(metadata.description()).isNotBlank();
                assertThat(JsonSchema.compileChecked(metadata.configSchema()).validate(JsonObject.EMPTY))
                        .as(operation.id())
                        .allMatch(violation -> violation.keyword().equals("required"));
                JsonSchema unused = JsonSchema.compileChecked(metadata.outputSchema());
            }
        }
    }

    @Test
    void theConnectorOfADocumentIsAFileThatCanBeKept() {
        Connector connector = OpenApiConnector.read(PublishedDocument.FIGMA.text(), Choice.of("figma"))
                .connector();

        Connector again = Connector.of(Json.object(Json.parse(Json.write(connector.json()))));

        assertThat(again.operations()).isEqualTo(connector.operations());
        assertThat(again.origins()).containsExactly("https://api.figma.com:443");
        assertThat(again.auth())
                .anySatisfy(way -> assertThat(way)
                        .containsEntry("type", "authorizationCode")
                        .containsEntry("tokenUrl", "https://api.figma.com/v1/oauth/token")
                        .hasEntrySatisfying(
                                "scope", scope -> assertThat(scope.toString()).contains("file_content:read")));
    }

    @Test
    void onlyTheOperationsThatAreWantedAndTheirSchemasAreTaken() {
        Connector connector = OpenApiConnector.read(
                        PublishedDocument.GITHUB.text(), Choice.of("github").only("issues/get"::equals))
                .connector();

        assertThat(connector.operations()).extracting(Operation::id).containsExactly("issues.get");
        assertThat(connector.json().get("schemas").toString().length()).isLessThan(200_000);
        assertThat(Json.object(connector.json().get("schemas")).keySet())
                .contains("issue")
                .doesNotContain("gist-simple");
    }

    // ---------------------------------------------------------------- GitHub

    private TestEngine engine(Connector connector, String auth) {
        InMemorySecrets secrets = new InMemorySecrets().put(WorkflowEngine.DEFAULT_TENANT, "token", TOKEN);
        JsonObject given =
                JsonObject.of("baseUrl", server.url("/api").toString()).with("auth", json(auth));
        InMemoryConnections connections = new InMemoryConnections()
                .put(
                        WorkflowEngine.DEFAULT_TENANT,
                        Connection.of("mine", connector.connection(given), AuthenticationMethods.STANDARD));
        ConnectorsModule module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(secrets)
                .connector(connector)
                .build();
        return TestEngine.builder().engine(builder -> builder.install(module)).build();
    }

    private static Workflow workflow(String type, String config) {
        return Workflow.builder("w")
                .start(NodeSpec.of("call", type).connection("mine").with(json(config)))
                .build();
    }

    private static Connector github(String... operations) {
        return OpenApiConnector.read(
                        PublishedDocument.GITHUB.text(), Choice.of("github").only(List.of(operations)::contains))
                .connector();
    }

    private static String bearer() {
        return "{'type': 'bearer', 'token': {'$secret': 'token'}}";
    }

    @Test
    void aListOfGitHubGoesThroughItsPagesByTheHeaderLink() throws InterruptedException {
        Headers more = Headers.of(
                "Content-Type", "application/json", "Link", "<" + server.url("/api/next?page=2") + ">; rel=\"next\"");
        server.enqueue(new MockResponse(200, more, "[{\"number\": 1}, {\"number\": 2}]"));
        server.enqueue(new MockResponse(200, Headers.of("Content-Type", "application/json"), "[{\"number\": 3}]"));
        try (TestEngine engine = engine(github("issues/list-for-repo"), bearer())) {
            TestRun run = engine.start(
                            workflow(
                                    "github.issues.list-for-repo",
                                    "{'owner': 'octo org', 'repo': '{{input.repo}}', 'labels': 'bug', 'per_page': 2}"),
                            json("{'repo': 'a/b'}"))
                    .untilEnd();

            RunAssert.assertThat(run).succeeded();
            assertThat(run.record().output())
                    .isEqualTo(json(
                            "{'items': [{'number': 1}, {'number': 2}, {'number': 3}], 'pages': 2, 'complete': true}"));
        }
        RecordedRequest first = server.takeRequest();
        assertThat(first.getTarget()).isEqualTo("/api/repos/octo%20org/a%2Fb/issues?labels=bug&per_page=2");
        assertThat(first.getHeaders().get("Authorization")).isEqualTo("Bearer " + TOKEN);
        assertThat(server.takeRequest().getTarget()).isEqualTo("/api/next?page=2");
    }

    @Test
    void anIssueOfGitHubIsCreatedAndItsFailureIsExplainedByTheDocument() throws InterruptedException {
        server.enqueue(new MockResponse(
                201, Headers.of("Content-Type", "application/json"), "{\"number\": 7, \"title\": \"Leak\"}"));
        server.enqueue(new MockResponse(
                422, Headers.of("Content-Type", "application/json"), "{\"message\": \"Validation Failed\"}"));
        try (TestEngine engine = engine(github("issues/create"), bearer())) {
            Workflow workflow = workflow(
                    "github.issues.create",
                    "{'owner': 'o', 'repo': 'r', 'body': {'title': '{{input.title}}', 'labels': ['bug']}}");
            TestRun run = engine.start(workflow, json("{'title': 'Leak'}")).untilEnd();
            TestRun failed = engine.start(workflow, json("{'title': 'Leak'}")).untilEnd();

            assertThat(run.record().output()).isEqualTo(json("{'number': 7, 'title': 'Leak'}"));
            assertThat(failed.record().error().message())
                    .contains("status 422: Validation failed, or the endpoint has been spammed");
        }
        assertThat(server.takeRequest().getBody().utf8()).isEqualTo("{\"title\":\"Leak\",\"labels\":[\"bug\"]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'owner': 'o', 'body': {'title': 't'}}                                  | /nodes/0/data/config | repo
            {'owner': 'o', 'repo': 'r', 'body': {}}                                 | /nodes/0/data/config/body | title
            {'owner': 'o', 'repo': 'r', 'body': {'title': 't', 'labels': 'bug'}}    | /nodes/0/data/config/body/labels | array
            {'owner': 'o', 'repo': 'r', 'bodi': {'title': 't'}}                     | /nodes/0/data/config | body
            """)
    void aConfigurationThatDoesNotFitIsFoundBeforeAnythingRuns(String config, String pointer, String named) {
        try (TestEngine engine = engine(github("issues/create"), bearer())) {
            List<Problem> problems = engine.engine().validate(workflow("github.issues.create", config));

            assertThat(problems).anySatisfy(problem -> {
                assertThat(problem.pointer()).startsWith(pointer);
                assertThat(problem.message() + problem.hint()).contains(named);
            });
        }
    }

    @Test
    void aValueThatDataLedToIsCheckedWhenItRuns() {
        try (TestEngine engine = engine(github("issues/get"), bearer())) {
            TestRun run = engine.start(
                            workflow(
                                    "github.issues.get",
                                    "{'owner': 'o', 'repo': 'r', 'issue_number': '{{input.number}}'}"),
                            json("{'number': 'seven'}"))
                    .untilEnd();

            assertThat(run.record().error().message()).contains("'/issue_number'", "github.issues.get");
            assertThat(server.getRequestCount()).isZero();
        }
    }

    @Test
    void anExpressionThatReadsWhatTheResultDoesNotHaveIsWarnedOf() {
        try (TestEngine engine = engine(github("issues/get"), bearer())) {
            Workflow workflow = Workflow.builder("w")
                    .start(NodeSpec.of("call", "github.issues.get")
                            .connection("mine")
                            .with(json("{'owner': 'o', 'repo': 'r', 'issue_number': 7}")))
                    .output("{{nodes.call.output.titles}}")
                    .build();

            assertThat(engine.engine().validate(workflow))
                    .extracting(Problem::hint)
                    .anySatisfy(hint -> assertThat(hint).contains("did you mean 'title'"));
        }
    }

    // ---------------------------------------------------------------- Figma, Nessie

    @Test
    void aCallOfFigmaHasItsKey() throws InterruptedException {
        server.enqueue(new MockResponse(200, Headers.of("Content-Type", "application/json"), "{\"name\": \"File\"}"));
        Connector figma = OpenApiConnector.read(
                        PublishedDocument.FIGMA.text(), Choice.of("figma").only("getFile"::equals))
                .connector();
        try (TestEngine engine = engine(figma, "{'type': 'apiKey', 'value': {'$secret': 'token'}}")) {
            TestRun run = engine.start(
                            workflow("figma.getFile", "{'file_key': 'k', 'ids': '1:2,1:3', 'depth': 2}"),
                            JsonObject.EMPTY)
                    .untilEnd();

            assertThat(run.record().output()).isEqualTo(json("{'name': 'File'}"));
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("X-Figma-Token")).isEqualTo(TOKEN);
        assertThat(request.getTarget()).isEqualTo("/api/v1/files/k?ids=1%3A2%2C1%3A3&depth=2");
    }

    @Test
    void aCallOfNessieNeedsNoCredentials() throws InterruptedException {
        server.enqueue(
                new MockResponse(200, Headers.of("Content-Type", "application/json"), "{\"defaultBranch\": \"main\"}"));
        Connector nessie = OpenApiConnector.read(
                        PublishedDocument.NESSIE.text(),
                        Choice.of("nessie").at(server.url("/").toString()).only("getConfigV2"::equals))
                .connector();
        ConnectorsModule module =
                ConnectorsModule.builder().door(door).connector(nessie).build();
        try (TestEngine engine =
                TestEngine.builder().engine(builder -> builder.install(module)).build()) {
            Workflow workflow = Workflow.builder("w")
                    .start(NodeSpec.of("call", "nessie.getConfigV2"))
                    .build();
            assertThat(engine.engine().validate(workflow)).isEmpty();
            TestRun run = engine.start(workflow, JsonObject.EMPTY).untilEnd();

            assertThat(run.record().output()).isEqualTo(json("{'defaultBranch': 'main'}"));
        }
        assertThat(server.takeRequest().getTarget()).isEqualTo("/v2/config");
    }

    // ---------------------------------------------------------------- what documents may have

    private static String document(String paths, String components) {
        return "{'openapi': '3.0.3', 'info': {'title': 'T', 'version': '1'}, 'servers': [{'url': 'https://{r}.api.example',"
                        .replace('\'', '"')
                + "'variables': {'r': {'default': 'eu'}}}], 'paths': {".replace('\'', '"')
                + paths.replace('\'', '"')
                + "}, 'components': {".replace('\'', '"')
                + components.replace('\'', '"') + "}}";
    }

    private static JsonObject config(String paths, String components) {
        Connector connector = OpenApiConnector.read(document(paths, components), Choice.of("t"))
                .connector();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .install(ConnectorsModule.builder().connector(connector).build())
                .build()) {
            String type = "t." + connector.operations().get(0).id();
            return engine.nodeTypes().find(type).orElseThrow().metadata().configSchema();
        }
    }

    @Test
    void schemasThatContainThemselvesEndSomewhere() {
        JsonObject schema = config(
                "'/a': {'post': {'requestBody': {'content': {'application/json': {'schema': {'$ref': '#/components/schemas/Tree'}}}}}}",
                "'schemas': {'Tree': {'type': 'object', 'properties': {'name': {'type': 'string', 'nullable': true},"
                        + " 'children': {'type': 'array', 'items': {'$ref': '#/components/schemas/Tree'}}}}}");

        assertThat(schema.toString().length()).isLessThan(5000);
        assertThat(JsonSchema.compileChecked(schema)
                        .validate(json("{'body': {'name': null, 'children': [{'children': [{'name': 'x'}]}]}}")))
                .isEmpty();
        assertThat(JsonSchema.compileChecked(schema).validate(json("{'body': {'name': 5}}")))
                .isNotEmpty();
    }

    @Test
    void partsOfAllOfStandSideBySideAndAlternativesMayBeAnything() {
        JsonObject schema = config(
                "'/a': {'post': {'requestBody': {'required': true, 'content': {'application/json': {'schema': {'allOf': ["
                        + "{'$ref': '#/components/schemas/Named'}, {'type': 'object', 'required': ['size', 'id'], 'properties': {"
                        + "'size': {'type': 'integer', 'minimum': 0, 'exclusiveMinimum': true},"
                        + "'id': {'type': 'string', 'readOnly': true},"
                        + "'of': {'oneOf': [{'type': 'string'}, {'type': 'integer'}]}}}]}}}}}}",
                "'schemas': {'Named': {'type': 'object', 'additionalProperties': false, 'required': ['name'],"
                        + " 'properties': {'name': {'type': 'string'}}}}");

        JsonSchema check = JsonSchema.compileChecked(schema);
        assertThat(check.validate(json("{'body': {'name': 'n', 'size': 1, 'of': '{{input.x}}'}}")))
                .isEmpty();
        assertThat(check.validate(json("{'body': {'name': 'n', 'size': 0}}"))).isNotEmpty();
        assertThat(check.validate(json("{'body': {'size': 1}}"))).isNotEmpty();
    }

    @Test
    void parametersOfThePathAreTakenAndThoseOfTheSameNameAreToldApart() {
        JsonObject schema = config(
                "'/a/{id}/{kind}': {'parameters': [{'name': 'id', 'in': 'path', 'schema': {'type': 'integer'}}],"
                        + "'get': {'parameters': [{'name': 'id', 'in': 'query', 'schema': {'type': 'string'}},"
                        + "{'name': 'Authorization', 'in': 'header', 'schema': {'type': 'string'}},"
                        + "{'name': 'filter', 'in': 'query', 'content': {'application/json': {'schema': {'type': 'object'}}}}]}}",
                "");

        assertThat(Json.object(schema.get("properties")).keySet())
                .containsExactlyInAnyOrder("id", "id_query", "filter", "kind", "pagination");
        assertThat(schema.get("required").toString()).contains("id", "kind");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"swagger": "2.0", "paths": {}}                 | Swagger 2.0
            {"openapi": "4.0.0", "paths": {}}               | '4.0.0'
            {"openapi": "3.1.0", "paths": {}}               | none of the operations
            {"openapi": "3.1.0",                            | as JSON
            [1, 2]                                          | an object is expected
            openapi: [                                      | as YAML
            """)
    void whatIsNoDocumentIsRefused(String text, String named) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenApiConnector.read(text, Choice.of("x")))
                .withMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi: 3.0.0\nx: &a [*a]", "openapi: 3.0.0\nx: &a {b: [{c: *a}]}"})
    void aPartThatHasItselfInsideIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenApiConnector.read(text, Choice.of("b")))
                .withMessageContaining("use $ref");
    }

    @Test
    void partsThatStandForOthersTwiceEachAreRefusedBeforeTheyFillTheMemory() {
        StringBuilder text = new StringBuilder("openapi: 3.0.0\nx0: &x0 [1, 2]\n");
        for (int i = 1; i < 25; i++) {
            text.append("x%d: &x%d [*x%d, *x%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenApiConnector.read(text.toString(), Choice.of("b")))
                .withMessageContaining("use $ref");
    }

    @Test
    void aFewLinesOfYamlThatStandForGigabytesAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%1$d: &a%1$d [%2$s]\n".formatted(i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenApiConnector.read(bomb.toString(), Choice.of("x")))
                .withMessageContaining("as YAML");
    }

    @Test
    void whatIsLeftOutIsSaid() {
        OpenApiConnector read = OpenApiConnector.read(
                document(
                        "'/a': {'get': {'parameters': [{'name': 'q', 'in': 'nowhere'}]}}",
                        "'securitySchemes': {'m': {'type': 'mutualTLS'}, 'h': {'type': 'http', 'scheme': 'hoba'},"
                                + "'c': {'type': 'oauth2', 'flows': {'clientCredentials': {'tokenUrl': 'https://t.example/t',"
                                + " 'scopes': {}}}}}"),
                Choice.of("x"));

        assertThat(read.notes()).hasSize(3);
        assertThat(read.connector().auth()).extracting(way -> way.get("type")).contains("clientCredentials", "bearer");
        assertThat(read.connector().baseUrl()).contains("https://eu.api.example");
    }
}
