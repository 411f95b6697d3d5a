package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node's rendered configuration asks for. */
final class RequestConfig {

    private final ExecutionContext context;

    RequestConfig(ExecutionContext context) {
        this.context = context;
    }

    /** How an answer is to be read: {@code auto}, {@code json}, {@code text}, {@code base64} or {@code file}. */
    String response() {
        Object wanted = context.value("response");
        return wanted == null ? "auto" : Json.toText(wanted);
    }

    StatusRule statuses() {
        return StatusRule.of(context.value("successStatus"), context.value("retryStatus"));
    }

    /** What is wrong with the URL that a node writes. */
    static Optional<Problem> urlProblem(WorkflowNode node) {
        if (node.connection() != null
                || !(node.config().get("url") instanceof String url)
                || url.contains("{{")
                || HttpDoor.origin(url).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemCode.INVALID_CONFIG,
                "/url",
                node.id(),
                "'" + url + "' is no absolute http or https URL, and the node names no connection",
                "write https://…, or give the node a 'connection' to which the URL is relative"));
    }

    /** The request of a node {@code http.request}, still without credentials. */
    HttpCall http(Optional<Connection> connection) {
        Object method = context.value("method");
        HttpCall call = call(connection, context.text("url"), method == null ? "GET" : Json.toText(method))
                .header("accept", "application/json, */*;q=0.5");
        if (context.value("body") instanceof JsonObject body) {
            call = call.body(RequestBodies.of(body, context));
        }
        for (Map.Entry<String, @Nullable Object> parameter : object("query").entrySet()) {
            Object value = parameter.getValue();
            for (Object each : value instanceof JsonArray list ? list : JsonArray.of(value)) {
                if (each != null) {
                    call = call.query(parameter.getKey(), Json.toText(each));
                }
            }
        }
        return bounded(withIdempotencyKey(withHeaders(call)));
    }

    /** The request of a node {@code graphql.request}, still without body and credentials. */
    HttpCall graphQl(Optional<Connection> connection) {
        String url = context.value("url") == null ? "" : context.text("url");
        HttpCall call = call(connection, url, "POST")
                .header("accept", "application/graphql-response+json, application/json;q=0.9");
        return bounded(withIdempotencyKey(withHeaders(call)));
    }

    private HttpCall call(Optional<Connection> connection, String given, String method) {
        String url = connection.map(known -> known.resolve(given)).orElse(given);
        return HttpCall.of("node '" + context.nodeId() + "'", method, url);
    }

    private HttpCall withHeaders(HttpCall call) {
        HttpCall all = call;
        for (Map.Entry<String, @Nullable Object> header : object("headers").entrySet()) {
            if (header.getValue() != null) {
                all = all.header(header.getKey(), Json.toText(header.getValue()));
            }
        }
        return all;
    }

    private HttpCall bounded(HttpCall call) {
        Object timeout = context.value("timeout");
        return call.timeout(timeout == null ? null : DurationText.parse(timeout))
                .maxBytes(number("maxBytes"))
                .maxRedirects(Optional.ofNullable(number("maxRedirects"))
                        .map(Math::toIntExact)
                        .orElse(null));
    }

    private HttpCall withIdempotencyKey(HttpCall call) {
        Object wanted = context.value("idempotencyKey");
        return Boolean.FALSE.equals(wanted) || wanted == null && !NodeRequest.isNotIdempotent(call)
                ? call
                : NodeRequest.withIdempotencyKey(call, context);
    }

    private JsonObject object(String field) {
        Object value = context.value(field);
        if (value == null) {
            return JsonObject.EMPTY;
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw wrong(field, "an object with a value for each name", value);
    }

    private @Nullable Long number(String field) {
        Object value = context.value(field);
        if (value == null) {
            return null;
        }
        if (value instanceof Long number && number >= 0) {
            return number;
        }
        throw wrong(field, "a whole number, 0 or more", value);
    }

    private NonRetriableException wrong(String field, String expected, Object found) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "The config field '" + field + "' of node '" + context.nodeId() + "' must be " + expected + ", found "
                        + Json.typeName(found),
                null);
    }
}
