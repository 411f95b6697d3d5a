package io.automationhub.connectors.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import graphql.ExecutionInput;
import graphql.GraphQL;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.testkit.RunAssert;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real GraphQL server: GraphQL Java behind the JDK's HTTP server. */
class GraphQlRequestNodeTest {

    private static final String SCHEMA = """
            type Query {
              hello(name: String!): String
              broken: String
              people(first: Int, after: String): People
            }
            type People { nodes: [Person] edges: [Edge] pageInfo: PageInfo! }
            type Edge { node: Person }
            type Person { id: Int }
            type PageInfo { hasNextPage: Boolean! endCursor: String }
            """;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final TestEngine engine = TestEngine.builder()
            .engine(builder ->
                    builder.install(ConnectorsModule.builder().door(door).build()))
            .build();
    private final GraphQL graphQl = GraphQL.newGraphQL(new SchemaGenerator()
                    .makeExecutableSchema(
                            new SchemaParser().parse(SCHEMA),
                            RuntimeWiring.newRuntimeWiring()
                                    .type(
                                            "Query",
                                            query -> query.dataFetcher(
                                                            "hello", env -> "Hello " + env.getArgument("name"))
                                                    .dataFetcher("broken", env -> {
                                                        throw new IllegalStateException("out of order");
                                                    })
                                                    .dataFetcher(
                                                            "people",
                                                            env -> people(
                                                                    env.getArgument("first"),
                                                                    env.getArgument("after"))))
                                    .build()))
            .build();
    private HttpServer server;

    /** Seven people, numbered from 0. */
    private static Map<String, Object> people(Integer first, String after) {
        int from = after == null ? 0 : Integer.parseInt(after) + 1;
        int to = Math.min(7, from + (first == null ? 3 : first));
        List<Map<String, Object>> nodes = new CopyOnWriteArrayList<>();
        for (int i = from; i < to; i++) {
            nodes.add(Map.of("id", i));
        }
        return Map.of(
                "nodes",
                nodes,
                "edges",
                nodes.stream().map(node -> Map.of("node", node)).toList(),
                "pageInfo",
                Map.of("hasNextPage", to < 7, "endCursor", Integer.toString(to - 1)));
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/graphql", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        engine.close();
        door.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(body);
        if (failures.getAndDecrement() > 0) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        JsonObject request = Json.object(Json.parse(body));
        Map<String, Object> variables = new LinkedHashMap<>();
        Json.object(request.get("variables")).forEach(variables::put);
        ExecutionInput.Builder input = ExecutionInput.newExecutionInput()
                .query(String.valueOf(request.get("query")))
                .variables(variables);
        if (request.get("operationName") instanceof String name) {
            input.operationName(name);
        }
        Map<String, Object> result = graphQl.execute(input.build()).toSpecification();
        byte[] bytes = Json.write(Json.of(result)).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/graphql-response+json");
        exchange.sendResponseHeaders(result.containsKey("data") ? 200 : 400, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private TestRun run(NodeSpec node, Object input) {
        Workflow workflow = Workflow.builder("w")
                .start(node.with(
                        "url", "http://127.0.0.1:" + server.getAddress().getPort() + "/graphql"))
                .build();
        return engine.start(workflow, input).untilEnd();
    }

    private static NodeSpec query(String document) {
        return NodeSpec.of("ask", "graphql.request").with("query", document);
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    @Test
    void dataReachesTheDocumentByVariablesAlone() {
        String attack = "x\") { __typename } #";
        TestRun run = run(
                query("query ($name: String!) { hello(name: $name) }")
                        .with("variables", Map.of("name", "{{input.name}}")),
                JsonObject.of("name", attack));
        RunAssert.assertThat(run).succeeded();
        assertThat(JsonPointer.read(run.record().output(), "/data/hello")).isEqualTo("Hello " + attack);
    }

    @Test
    void oneOperationOfSeveralIsNamed() {
        TestRun run = run(
                query("query a { hello(name: \"a\") } query b { hello(name: \"b\") }")
                        .with("operationName", "b"),
                null);
        RunAssert.assertThat(run).succeeded().hasOutput(json("{'data': {'hello': 'Hello b'}, 'errors': []}"));
    }

    @Test
    void errorsFailTheNodeAndBringTheirData() {
        TestRun run = run(query("{ hello(name: \"a\") broken }"), null);
        RunAssert.assertThat(run).failed("graphql");
        JsonObject error = run.record().error().toJson();
        assertThat(JsonPointer.read(error, "/message")).asString().contains("out of order", "'partial'");
        assertThat(JsonPointer.read(error, "/details/data/hello")).isEqualTo("Hello a");
        assertThat(JsonPointer.read(error, "/details/errors/0/path/0")).isEqualTo("broken");
    }

    @Test
    void partialDataIsTakenWhereTheNodeSaysSo() {
        TestRun run = run(query("{ hello(name: \"a\") broken }").with("partial", true), null);
        RunAssert.assertThat(run).succeeded();
        assertThat(JsonPointer.read(run.record().output(), "/data/hello")).isEqualTo("Hello a");
        assertThat(JsonPointer.read(run.record().output(), "/errors/0/message"))
                .asString()
                .contains("out of order");
    }

    @Test
    void whatTheServerSaysOfAWrongDocumentIsTheError() {
        TestRun run = run(query("{ nothing }").with("partial", true), null);
        RunAssert.assertThat(run).failed("graphql");
        assertThat(run.record().error().message()).contains("nothing");
    }

    @Test
    void aConnectionIsReadPageByPageAndNoPageTwice() {
        failures.set(0);
        for (String content : List.of("nodes { id }", "edges { node { id } }")) {
            requests.clear();
            TestRun run = run(
                    query("query ($after: String) { people(first: 3, after: $after) { " + content
                                    + " pageInfo { hasNextPage endCursor } } }")
                            .with("pagination", Map.of("connection", "/people"))
                            .retry(RetryPolicy.attempts(2)),
                    null);
            RunAssert.assertThat(run).succeeded();
            assertThat(JsonPointer.read(run.record().output(), "/items/6/id")).isEqualTo(6L);
            assertThat(JsonPointer.read(run.record().output(), "/pages")).isEqualTo(3L);
            assertThat(JsonPointer.read(run.record().output(), "/complete")).isEqualTo(true);
            assertThat(requests).hasSize(3);
        }
    }

    @Test
    void pagesThatCannotBeReadSayWhy() {
        TestRun none =
                run(query("{ people { nodes { id } } }").with("pagination", Map.of("connection", "/people")), null);
        RunAssert.assertThat(none).failed("pagination");
        assertThat(none.record().error().message()).contains("hasNextPage endCursor");
        TestRun circle = run(
                query("{ people(first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } }")
                        .with("pagination", Map.of("connection", "/people")),
                null);
        RunAssert.assertThat(circle).failed("pagination");
        assertThat(circle.record().error().message()).contains("'after'");
    }

    @Test
    void aServerThatIsDownIsAskedAgain() {
        failures.set(1);
        TestRun run = run(query("{ hello(name: \"a\") }").retry(RetryPolicy.attempts(2)), null);
        RunAssert.assertThat(run).succeeded().attempts("ask", 2);
    }
}
