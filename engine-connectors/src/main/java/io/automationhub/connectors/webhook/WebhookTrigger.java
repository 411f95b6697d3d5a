package io.automationhub.connectors.webhook;

import io.automationhub.connectors.connection.WebhookDelivery;
import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code trigger.webhook}: a run that a call from outside starts begins here. Its output, which is the run's input, is
 * {@code {id, method, path, query, headers, body, receivedAt}}; what the caller sent stands apart from what the server knows.
 */
public final class WebhookTrigger implements CalledTrigger {

    /** The type under which it is registered. */
    public static final String TYPE = "trigger.webhook";

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Webhook",
                "trigger",
                "A run that a call from outside starts begins here.",
                "webhook",
                List.of(WorkflowEdge.OUT),
                Schemas.resource(WebhookTrigger.class, "trigger.webhook.config.json"),
                NodeTraits.PURE_INLINE);
    }

    /** The schema of a field of the configuration. */
    public static JsonObject configured(String field) {
        return Json.object(Json.object(Description.METADATA.configSchema().get("properties"))
                .get(field));
    }

    @Override
    public WebhookConfig webhook(WorkflowNode node) {
        return WebhookConfig.of(node.config());
    }

    @Override
    public boolean takes(WebhookDelivery delivery) {
        return true;
    }

    @Override
    public JsonObject input(WorkflowNode node, JsonObject call) {
        return call;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        JsonObject schema = node.config().get("schema") instanceof JsonObject given ? given : JsonObject.EMPTY;
        JsonObject.Builder properties = JsonObject.builder();
        for (String known : List.of("id", "method", "receivedAt")) {
            properties.put(known, JsonObject.of("type", "string"));
        }
        for (String part : WebhookInput.PARTS) {
            properties.put(part, schema.get(part) instanceof JsonObject said ? said : JsonObject.EMPTY);
        }
        return JsonObject.of("type", "object")
                .with("additionalProperties", false)
                .with("properties", properties.build());
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>();
        try {
            PathTemplate unused = PathTemplate.of(node.config().get("path") instanceof String path ? path : "");
        } catch (IllegalArgumentException e) {
            problems.add(problem(node, "/path", e));
        }
        if (node.config().get("schema") instanceof JsonObject schema) {
            schema.forEach((part, said) -> {
                try {
                    if (said instanceof JsonObject object) {
                        JsonSchema unused = JsonSchema.compileChecked(object);
                    }
                } catch (IllegalArgumentException e) {
                    problems.add(problem(node, "/schema/" + part, e));
                }
            });
        }
        return problems;
    }

    private static Problem problem(WorkflowNode node, String pointer, IllegalArgumentException cause) {
        return Problem.of(ProblemCode.INVALID_CONFIG, pointer, node.id(), String.valueOf(cause.getMessage()), null);
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.previous());
    }
}
