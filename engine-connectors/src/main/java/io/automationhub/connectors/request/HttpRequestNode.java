package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.Connections;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretStore;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code http.request}: sends a request, and its output is the answer as {@code {status, headers, body}}; with
 * {@code pagination} it follows an answer through its pages, and its output is {@code {items, pages, complete}}. Each page is
 * durable before the next is asked for, so that after a crash or a failed attempt only the page under way is asked for again.
 */
public final class HttpRequestNode implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "http.request";

    private final HttpDoor door;
    private final Connections connections;
    private final SecretStore secrets;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "HTTP request",
                        "http",
                        "Sends an HTTP request and reads the answer.",
                        "globe",
                        List.of(WorkflowEdge.OUT),
                        resource("http.request.config.json"),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(resource("http.request.answer.json"));

        static final JsonObject PAGES = resource("http.request.pages.json");

        private static JsonObject resource(String name) {
            try (InputStream in = HttpRequestNode.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("The resource " + name + " is missing");
                }
                return Json.object(Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new IllegalStateException("Cannot read the resource " + name, e);
            }
        }
    }

    /**
     * @param door for the requests
     * @param connections that nodes may name
     * @param secrets that connections may name
     */
    public HttpRequestNode(HttpDoor door, Connections connections, SecretStore secrets) {
        this.door = door;
        this.connections = connections;
        this.secrets = secrets;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return node.config().containsKey("pagination")
                ? Description.PAGES
                : metadata().outputSchema();
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>();
        if (node.connection() == null
                && node.config().get("url") instanceof String url
                && !url.contains("{{")
                && HttpDoor.origin(url).isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.INVALID_CONFIG,
                    "/url",
                    node.id(),
                    "'" + url + "' is no absolute http or https URL, and the node names no connection",
                    "write https://…, or give the node a 'connection' to which the URL is relative"));
        }
        if (node.config().get("pagination") instanceof JsonObject paging) {
            Pagination.problem(paging)
                    .ifPresent(what ->
                            problems.add(Problem.of(ProblemCode.INVALID_CONFIG, "/pagination", node.id(), what, null)));
        }
        return problems;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws IOException {
        Optional<Connection> connection = connections.named(context.tenant(), node.connection());
        RequestConfig config = new RequestConfig(context);
        HttpCall call = config.call(connection);
        if (context.value("pagination") instanceof JsonObject paging) {
            return NodeResult.completed(
                    new Pagination(paging, context).read(call, page -> answer(page, connection, config, context)));
        }
        return NodeResult.completed(answer(call, connection, config, context).output());
    }

    private Answer answer(
            HttpCall call, Optional<Connection> connection, RequestConfig config, ExecutionContext context) {
        HttpCall full = connection
                .map(known -> known.authenticate(call, context.tenant(), secrets))
                .orElse(call);
        try (HttpAnswer answer = door.send(full, context::onCancel)) {
            config.statuses().check(full, answer, context.now());
            return AnswerReader.read(full, answer, config.response(), context);
        }
    }
}
