package io.automationhub.connectors.webhook;

import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code webhook.respond}: answers whoever called the webhook that began the run, and passes what came to it on. The first of a
 * run counts. The run goes on, and its caller need not wait for its end.
 */
public final class WebhookResponse implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "webhook.respond";

    /** What the host's server writes itself, or would set a session of the host's. */
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "content-security-policy",
            "content-type",
            "keep-alive",
            "set-cookie",
            "strict-transport-security",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-content-type-options");

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

    private final WebhookAnswers answers;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Respond to webhook",
                "http",
                "Answers whoever called the webhook that began the run.",
                "reply",
                List.of(WorkflowEdge.OUT),
                Schemas.resource(WebhookResponse.class, "webhook.respond.config.json"),
                NodeTraits.EFFECTFUL_BLOCKING);
    }

    /** A node type whose answers go there. */
    public WebhookResponse(WebhookAnswers answers) {
        this.answers = answers;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return previous;
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        JsonObject.Builder answer = JsonObject.builder().put("status", status(context));
        answer.put("headers", headers(context));
        JsonObject body = context.value("body") instanceof JsonObject given ? given : JsonObject.EMPTY;
        checkBody(body, context);
        answer.put("body", body);
        if (!answers.give(context.tenant(), context.executionId(), answer.build(), context.now())) {
            context.log(
                    WorkflowLog.Level.WARN, "The caller of the webhook was answered before; this answer is not sent");
        }
        return NodeResult.completed(context.previous());
    }

    private static long status(ExecutionContext context) {
        Object status = context.value("status");
        if (status == null) {
            return 200;
        }
        if (status instanceof Long number && number >= 200 && number <= 599) {
            return number;
        }
        throw wrong(context, "'status' is a number from 200 to 599, found " + Json.write(status));
    }

    private static JsonObject headers(ExecutionContext context) {
        JsonObject.Builder headers = JsonObject.builder();
        if (context.value("headers") instanceof JsonObject given) {
            given.forEach((name, value) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                String text = value == null ? "" : Json.toText(value);
                if (!NAME.matcher(name).matches() || !VALUE.matcher(text).matches()) {
                    throw wrong(
                            context,
                            "the header '" + name.replaceAll("[^\\x20-\\x7e]", "?")
                                    + "' has a character that a header cannot have; encode the value, as by urlEncode");
                }
                if (RESERVED.contains(lower)) {
                    throw wrong(context, "the header '" + name + "' is the host's own; remove it");
                }
                if (value != null) {
                    headers.put(lower, text);
                }
            });
        }
        return headers.build();
    }

    private static void checkBody(JsonObject body, ExecutionContext context) {
        Set<String> kinds = new java.util.TreeSet<>(body.keySet());
        kinds.remove("mediaType");
        if (kinds.size() > 1) {
            throw wrong(context, "a body is one of json, text and file, found " + String.join(" and ", kinds));
        }
        if (body.containsKey("file") && BinaryRef.of(body.get("file")).isEmpty()) {
            throw wrong(
                    context,
                    "a file is an object with $binary, as nodes give it, found " + Json.typeName(body.get("file")));
        }
        if (body.get("mediaType") instanceof String type && !VALUE.matcher(type).matches()) {
            throw wrong(context, "'mediaType' has a character that a header cannot have");
        }
    }

    private static NonRetriableException wrong(ExecutionContext context, String what) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "Cannot answer the caller by node '" + context.nodeId() + "': " + what,
                null);
    }
}
