package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code graphql.request}: sends a query or a mutation as <a
 * href="https://graphql.github.io/graphql-over-http/draft/">GraphQL over HTTP</a> says, and its output is {@code {data, errors}};
 * with {@code pagination} it goes through a connection of <a href="https://relay.dev/graphql/connections.htm">Relay's
 * specification</a>, and its output is {@code {items, pages, complete}}. The document is a literal: data reaches it by variables
 * alone.
 */
public final class GraphQlRequestNode implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "graphql.request";

    /** The kind of failure of an answer with errors. */
    static final String KIND_GRAPHQL = "graphql";

    private static final int SHOWN_ERRORS = 3;

    private final ConnectionClient client;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "GraphQL request",
                        "http",
                        "Sends a GraphQL query or mutation and reads the answer.",
                        "graphql",
                        List.of(WorkflowEdge.OUT),
                        Schemas.resource(Schemas.class, "graphql.request.config.json"),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(Schemas.resource(Schemas.class, "graphql.request.answer.json"));
    }

    /** A node type whose requests go through this client. */
    public GraphQlRequestNode(ConnectionClient client) {
        this.client = client;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return node.config().containsKey("pagination")
                ? Schemas.PAGES
                : metadata().outputSchema();
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return RequestConfig.urlProblem(node).stream().toList();
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Optional<Connection> connection = client.connections().named(context.tenant(), node.connection());
        HttpCall call = new RequestConfig(context).graphQl(connection);
        StatusRule statuses = StatusRule.of(null, context.value("retryStatus"));
        NodeRequest request = new NodeRequest(client, connection, statuses, "json", context);
        JsonObject variables = context.value("variables") instanceof JsonObject given ? given : JsonObject.EMPTY;
        return NodeRequest.result(() -> context.value("pagination") instanceof JsonObject paging
                ? pages(
                        paging,
                        variables,
                        (number, given) -> send(number, request, statuses, with(call, given, context), context),
                        context)
                : send(0, request, statuses, with(call, variables, context), context));
    }

    private interface Sender {
        JsonObject send(int number, JsonObject variables);
    }

    private static HttpCall with(HttpCall call, JsonObject variables, ExecutionContext context) {
        JsonObject.Builder request = JsonObject.builder().put("query", context.text("query"));
        if (context.value("operationName") != null) {
            request.put("operationName", context.text("operationName"));
        }
        byte[] body = Json.writeUtf8(request.put("variables", variables).build());
        return call.body(HttpBody.of("application/json", body));
    }

    private static JsonObject send(
            int number, NodeRequest request, StatusRule statuses, HttpCall call, ExecutionContext context) {
        return request.exchange(number, call, (sent, answer) -> {
            boolean graphQl = answer.mediaType()
                    .filter("application/graphql-response+json"::equals)
                    .isPresent();
            // Such a body says what is wrong with the request better than the status does.
            if (!graphQl || answer.status() >= 500 || answer.status() == 429 || answer.status() == 401) {
                statuses.check(sent, answer, context.now());
            }
            return read(sent, AnswerReader.read(sent, answer, "json", context), context);
        });
    }

    private static JsonObject read(HttpCall call, Answer answer, ExecutionContext context) {
        if (!(answer.body() instanceof JsonObject body) || !body.containsKey("data") && !body.containsKey("errors")) {
            throw new NonRetriableException(
                    HttpDoor.KIND_CONTENT,
                    "The answer to " + call + " for " + call.label()
                            + " has neither 'data' nor 'errors', so it is none of" + " GraphQL; look at the URL",
                    JsonObject.of("status", answer.status()),
                    null);
        }
        JsonArray errors = body.get("errors") instanceof JsonArray list ? list : JsonArray.EMPTY;
        boolean partial = Boolean.TRUE.equals(context.value("partial")) && body.get("data") != null;
        if (!errors.isEmpty() && !partial) {
            throw new NonRetriableException(
                    KIND_GRAPHQL,
                    "The server answered " + call.label() + " with " + errors.size() + " error(s): " + messages(errors)
                            + (body.get("data") == null ? "" : "; 'partial' takes the data that came with them"),
                    JsonObject.builder()
                            .put("errors", errors)
                            .put("data", body.get("data"))
                            .build(),
                    null);
        }
        return JsonObject.builder()
                .put("data", body.get("data"))
                .put("errors", errors)
                .build();
    }

    private static String messages(JsonArray errors) {
        return errors.stream()
                .limit(SHOWN_ERRORS)
                .map(error ->
                        error instanceof JsonObject object ? Json.toText(object.get("message")) : Json.write(error))
                .collect(Collectors.joining("; "));
    }

    // ---------------------------------------------------------------- pages

    private static JsonObject pages(JsonObject paging, JsonObject variables, Sender sender, ExecutionContext context) {
        String pointer = Json.toText(paging.get("connection"));
        String variable = paging.get("variable") == null ? "after" : Json.toText(paging.get("variable"));
        Pages pages = new Pages(paging, context);
        return pages.read(
                null,
                "the variable '" + variable + "' in the query",
                (number, cursor) -> page(
                        sender.send(number, cursor == null ? variables : variables.with(variable, cursor)),
                        pointer,
                        pages));
    }

    private static JsonObject page(JsonObject answer, String pointer, Pages pages) {
        if (!(JsonPointer.read(answer.get("data"), pointer) instanceof JsonObject connection)
                || !(connection.get("pageInfo") instanceof JsonObject info)) {
            throw pages.wrong("there is no connection with 'pageInfo' at '" + pointer
                    + "' in the data; ask for pageInfo { hasNextPage endCursor }, and let 'connection' point to it");
        }
        return Pages.page(
                items(connection, pointer, pages),
                Boolean.TRUE.equals(info.get("hasNextPage")) ? info.get("endCursor") : null);
    }

    private static List<@Nullable Object> items(JsonObject connection, String pointer, Pages pages) {
        if (connection.get("nodes") instanceof JsonArray nodes) {
            return nodes;
        }
        if (!(connection.get("edges") instanceof JsonArray edges)) {
            throw pages.wrong(
                    "the connection at '" + pointer + "' has neither 'nodes' nor 'edges'; ask for one of them");
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (Object edge : edges) {
            items.add(edge instanceof JsonObject object ? object.get("node") : null);
        }
        return items;
    }
}
