package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code http.request}: sends a request, and its output is the answer as {@code {status, headers, body}}; with
 * {@code pagination} it follows an answer through its pages, and its output is {@code {items, pages, complete}}. Each page is
 * durable before the next is asked for, so that after a crash or a failed attempt only the page under way is asked for again.
 */
public final class HttpRequestNode implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "http.request";

    private final ConnectionClient client;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "HTTP request",
                        "http",
                        "Sends an HTTP request and reads the answer.",
                        "globe",
                        List.of(WorkflowEdge.OUT),
                        Schemas.resource(Schemas.class, "http.request.config.json"),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(Schemas.resource(Schemas.class, "http.request.answer.json"));
    }

    /** A node type whose requests go through this client. */
    public HttpRequestNode(ConnectionClient client) {
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
        List<Problem> problems =
                new ArrayList<>(RequestConfig.urlProblem(node).stream().toList());
        if (node.config().get("pagination") instanceof JsonObject paging) {
            Pagination.problem(paging)
                    .ifPresent(what ->
                            problems.add(Problem.of(ProblemCode.INVALID_CONFIG, "/pagination", node.id(), what, null)));
        }
        return problems;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Optional<Connection> connection = client.connections().named(context.tenant(), node.connection());
        RequestConfig config = new RequestConfig(context);
        NodeRequest request = new NodeRequest(client, connection, config.statuses(), config.response(), context);
        HttpCall call = config.http(connection);
        return NodeRequest.result(() -> context.value("pagination") instanceof JsonObject paging
                ? request.pages(call, paging, UnaryOperator.identity())
                : request.answer(call).output());
    }
}
