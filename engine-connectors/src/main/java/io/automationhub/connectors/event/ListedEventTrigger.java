package io.automationhub.connectors.event;

import io.automationhub.connectors.connector.ListedEvents;
import io.automationhub.connectors.connector.OperationNode;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A trigger {@code trigger.connector.event}: a run begins here that an event starts which is found in a list. Its output, which is
 * the run's input, is the event.
 */
public final class ListedEventTrigger implements NodeExecutor {

    private final ListedEvents source;
    private final OperationNode operation;
    private final String name;

    /**
     * A trigger of a connector.
     *
     * @param name of the source: {@code connector.event}
     * @param operation that lists the events
     */
    public ListedEventTrigger(String name, ListedEvents source, OperationNode operation) {
        this.name = name;
        this.source = source;
        this.operation = operation;
    }

    ListedEvents source() {
        return source;
    }

    String name() {
        return name;
    }

    OperationNode operation() {
        return operation;
    }

    @Override
    public NodeMetadata metadata() {
        return new NodeMetadata(
                source.title(),
                "trigger",
                source.description().isEmpty() ? source.title() : source.description(),
                "plug",
                List.of(WorkflowEdge.OUT),
                config(),
                NodeTraits.PURE_INLINE);
    }

    /** What the operation takes and the source leaves open, as it is written: nothing is there yet that a template could read. */
    private JsonObject config() {
        JsonObject all = operation.metadata().configSchema();
        JsonObject.Builder properties = JsonObject.builder();
        Json.object(all.get("properties")).forEach((field, schema) -> {
            if (isOpen(field)) {
                properties.put(field, Json.object(schema).with("x-content", "literal"));
            }
        });
        properties.put("every", ListedEvents.EVERY);
        JsonArray required = all.get("required") instanceof JsonArray list ? list : JsonArray.EMPTY;
        List<Object> open = required.stream()
                .<Object>map(String::valueOf)
                .filter(field -> isOpen(String.valueOf(field)))
                .toList();
        JsonObject schema = JsonObject.of("type", "object")
                .with("additionalProperties", false)
                .with("x-content", "literal")
                .with("properties", properties.build());
        return open.isEmpty() ? schema : schema.with("required", open);
    }

    private boolean isOpen(String field) {
        return !source.config().containsKey(field) && !field.equals(source.sinceField());
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return IntegrationEvent.schema(operation.itemSchema(source.items()));
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>(operation.validate(node));
        if (node.config().containsKey("every")) {
            try {
                Duration unused = DurationText.parse(node.config().get("every"));
            } catch (IllegalArgumentException e) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG, "/every", node.id(), String.valueOf(e.getMessage()), null));
            }
        }
        return problems;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.previous());
    }
}
