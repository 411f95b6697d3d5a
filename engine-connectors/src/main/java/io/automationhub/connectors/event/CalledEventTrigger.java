package io.automationhub.connectors.event;

import io.automationhub.connectors.connection.WebhookDelivery;
import io.automationhub.connectors.connector.CalledEvents;
import io.automationhub.connectors.webhook.CalledTrigger;
import io.automationhub.connectors.webhook.WebhookConfig;
import io.automationhub.connectors.webhook.WebhookTrigger;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Instant;
import java.util.List;

/**
 * A trigger {@code trigger.connector.event}: a run begins here that an event starts which the other system tells by a call. Its
 * address is that of a webhook, and its output, which is the run's input, is the event.
 */
public final class CalledEventTrigger implements CalledTrigger {

    private final String name;
    private final CalledEvents source;
    private final NodeMetadata metadata;

    /**
     * A trigger of a connector.
     *
     * @param name of the source: {@code connector.event}
     */
    public CalledEventTrigger(String name, CalledEvents source) {
        this.name = name;
        this.source = source;
        JsonObject properties = JsonObject.of("path", WebhookTrigger.configured("path"))
                .with("maxBytes", WebhookTrigger.configured("maxBytes"));
        metadata = new NodeMetadata(
                source.title(),
                "trigger",
                source.description().isEmpty() ? source.title() : source.description(),
                "plug",
                List.of(WorkflowEdge.OUT),
                JsonObject.of("type", "object")
                        .with("additionalProperties", false)
                        .with("x-content", "literal")
                        .with("properties", properties),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return metadata;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return IntegrationEvent.schema(source.schema());
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return node.connection() != null
                ? List.of()
                : List.of(Problem.of(
                        ProblemCode.INVALID_CONFIG,
                        "",
                        node.id(),
                        "The trigger needs a connection, which says how the calls of " + name + " are signed",
                        "give it 'connection', the id of one with 'webhook'"));
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.previous());
    }

    // ---------------------------------------------------------------- calls

    @Override
    public WebhookConfig webhook(WorkflowNode node) {
        return WebhookConfig.of(node.config()).withIdHeader(source.idHeader());
    }

    @Override
    public boolean takes(WebhookDelivery delivery) {
        return source.when().stream().allMatch(condition -> isSo(condition, delivery));
    }

    private static boolean isSo(CalledEvents.Condition condition, WebhookDelivery delivery) {
        String found = condition.header().isEmpty()
                ? delivery.inBody(condition.at())
                : delivery.header(condition.header()).orElse(null);
        return condition.is().equals(found);
    }

    @Override
    public JsonObject input(WorkflowNode node, JsonObject call) {
        Object id = call.get("id");
        return new IntegrationEvent(
                        id == null ? null : Json.toText(id),
                        name,
                        node.connection(),
                        Instant.parse(Json.toText(call.get("receivedAt"))),
                        JsonPointer.read(call.get("body"), source.data()))
                .json();
    }
}
