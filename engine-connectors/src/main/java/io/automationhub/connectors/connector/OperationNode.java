package io.automationhub.connectors.connector;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.request.Answer;
import io.automationhub.connectors.request.NodeRequest;
import io.automationhub.connectors.request.RequestBodies;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The node type of a connector's operation: it sends the call that its configuration describes, and its output is the body of
 * the answer. Of an operation with pages the output is {@code {items, pages, complete}}.
 */
public final class OperationNode implements NodeExecutor {

    private static final int SHOWN = 5;

    private final ConnectionClient client;
    private final Connector connector;
    private final Operation operation;
    private final OperationSchemas schemas;

    /** A node type whose calls go through this client. */
    public OperationNode(ConnectionClient client, Connector connector, Operation operation) {
        this.client = client;
        this.connector = connector;
        this.operation = operation;
        schemas = new OperationSchemas(connector, operation);
    }

    @Override
    public NodeMetadata metadata() {
        return schemas.metadata();
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return schemas.output(node.config().containsKey("pagination"));
    }

    /** The schema of an item of the list that is at a pointer in the output. */
    public JsonObject itemSchema(String pointer) {
        return schemas.itemOf(pointer);
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        if (node.connection() != null
                || connector.auth().isEmpty() && connector.baseUrl().isPresent()) {
            return List.of();
        }
        return List.of(Problem.of(
                ProblemCode.INVALID_CONFIG,
                "",
                node.id(),
                "The node needs a connection for the connector '" + connector.id() + "'",
                "give it 'connection', the id of one"));
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Optional<Connection> connection = client.connections().named(context.tenant(), node.connection());
        connection.ifPresent(this::checkIsMine);
        checkConfig(context);
        NodeRequest request = new NodeRequest(
                client, connection, operation.statuses(), operation.result().as(), context);
        HttpCall call = call(connection, context);
        return NodeRequest.result(() -> output(request, call, context));
    }

    private @Nullable Object output(NodeRequest request, HttpCall call, ExecutionContext context) {
        Optional<JsonObject> paging = paging(context);
        if (paging.isPresent()) {
            return request.pages(call, paging.get(), answer -> checked(answer, call));
        }
        return JsonPointer.read(
                checked(request.answer(call), call).body(), operation.result().at());
    }

    private void checkIsMine(Connection connection) {
        connection.connector().filter(other -> !other.equals(connector.id())).ifPresent(other -> {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "The connection '" + connection.id() + "' is one for the connector '" + other
                            + "', and the node is of '" + connector.id() + "'; name another connection",
                    null);
        });
    }

    /** Data may have led to values that the operation does not take. */
    private void checkConfig(ExecutionContext context) {
        List<JsonSchema.Violation> violations = schemas.check().validate(context.config());
        if (!violations.isEmpty()) {
            throw refused(
                    context,
                    violations.stream()
                            .limit(SHOWN)
                            .map(each -> "at '" + each.pointer() + "', " + each.message())
                            .collect(Collectors.joining("; ")));
        }
    }

    private Optional<JsonObject> paging(ExecutionContext context) {
        JsonObject declared = operation.pagination();
        if (declared == null) {
            return Optional.ofNullable((JsonObject) context.value("pagination"));
        }
        Object most = context.value("maxPages");
        return Optional.of(most == null ? declared : declared.with("maxPages", most));
    }

    private Answer checked(Answer answer, HttpCall call) {
        operation.errors().forEach(rule -> rule.check(answer, call.label()));
        return answer;
    }

    // ---------------------------------------------------------------- the call

    private HttpCall call(Optional<Connection> connection, ExecutionContext context) {
        HttpCall call = HttpCall.of("node '" + context.nodeId() + "'", operation.method(), url(connection, context))
                .header("accept", operation.result().as().equals("file") ? "*/*" : "application/json, */*;q=0.5");
        for (Map.Entry<String, String> header : operation.headers().entrySet()) {
            call = call.header(header.getKey(), header.getValue());
        }
        StringBuilder cookies = new StringBuilder();
        for (Parameter parameter : operation.parameters()) {
            Object value = context.value(parameter.field());
            if (value == null) {
                continue;
            }
            ParameterWriter writer = new ParameterWriter(parameter);
            switch (parameter.in()) {
                case PATH -> {}
                case QUERY -> call = writer.query(call, value);
                case HEADER -> call = call.header(parameter.name(), writer.header(value));
                case COOKIE -> cookies.append(cookies.isEmpty() ? "" : "; ").append(writer.cookie(value));
            }
        }
        if (!cookies.isEmpty()) {
            call = call.header("cookie", cookies.toString());
        }
        call = body(call, context);
        return NodeRequest.isNotIdempotent(call) ? NodeRequest.withIdempotencyKey(call, context) : call;
    }

    private String url(Optional<Connection> connection, ExecutionContext context) {
        String path = operation.path();
        for (Parameter parameter : operation.parameters()) {
            if (parameter.in() == Parameter.Place.PATH) {
                Object value = context.value(parameter.field());
                String written = value == null ? "" : new ParameterWriter(parameter).path(value);
                if (written.isEmpty() || written.equals(".") || written.equals("..")) {
                    throw refused(
                            context,
                            "the field '" + parameter.field() + "' is a part of the path and must not be "
                                    + (written.isEmpty() ? "empty" : "'" + written + "'"));
                }
                path = path.replace("{" + parameter.name() + "}", written);
            }
        }
        String url = operation.baseUrl() == null ? path : operation.baseUrl().replaceFirst("/+$", "") + path;
        if (connection.isPresent()) {
            return connection.get().resolve(url);
        }
        return operation.baseUrl() == null ? connector.baseUrl().orElse("").replaceFirst("/+$", "") + path : url;
    }

    private HttpCall body(HttpCall call, ExecutionContext context) {
        Operation.Body body = operation.body();
        Object value = context.value("body");
        if (body == null || value == null) {
            return call;
        }
        JsonObject described = JsonObject.of(kind(body.mediaType()), value);
        boolean named = !body.mediaType().contains("*") && !body.mediaType().startsWith("multipart/");
        return call.body(RequestBodies.of(named ? described.with("mediaType", body.mediaType()) : described, context));
    }

    /** Which body of {@code http.request} has this media type. */
    static String kind(String mediaType) {
        String type = mediaType.replaceFirst(";.*", "").strip();
        if (type.equals("application/json") || type.endsWith("+json")) {
            return "json";
        }
        if (type.equals("application/x-www-form-urlencoded")) {
            return "form";
        }
        return type.startsWith("multipart/")
                ? "multipart"
                : type.startsWith("text/") || type.endsWith("xml") ? "text" : "file";
    }

    private NonRetriableException refused(ExecutionContext context, String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "The config of node '" + context.nodeId() + "' does not fit the operation " + connector.type(operation)
                        + ": " + why,
                null);
    }
}
