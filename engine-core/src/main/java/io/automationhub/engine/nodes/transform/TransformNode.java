package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code transform}: a list goes through steps, and what comes out is the node's output. Between the steps nothing is kept
 * but what a step needs: groups, what is to be sorted, the keys that were seen.
 */
public final class TransformNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Transform",
                "action",
                "Filters, sorts, groups, joins and reshapes the items of a list, step by step.",
                "table",
                List.of(WorkflowEdge.OUT),
                configSchema(),
                NodeTraits.PURE_BLOCKING);

        private static JsonObject configSchema() {
            JsonObject source = JsonObject.of(
                    "description",
                    "The list, as in {{nodes.fetch.output.orders}}; the output of the node before if absent. An object is a"
                            + " list of one item.");
            JsonObject steps = JsonObject.builder()
                    .put("type", "array")
                    .put("description", "What is done, one step after the other.")
                    .put("x-lazy", true)
                    .put("items", stepSchema())
                    .build();
            JsonObject example = JsonObject.of("source", "{{input.orders}}")
                    .with(
                            "steps",
                            List.of(
                                    JsonObject.of("op", "filter").with("when", "item.paid"),
                                    JsonObject.of("op", "sort").with("by", "date")));
            return JsonObject.builder()
                    .put("type", "object")
                    .put("additionalProperties", false)
                    .put("required", List.of("steps"))
                    .put("examples", List.of(example))
                    .put("properties", JsonObject.of("source", source).with("steps", steps))
                    .build();
        }

        private static JsonObject stepSchema() {
            List<JsonObject> kinds = new ArrayList<>();
            for (Operation operation : Operation.values()) {
                JsonObject is = JsonObject.of("op", JsonObject.of("const", operation.text()));
                JsonObject test = JsonObject.builder()
                        .put("properties", is)
                        .put("required", List.of("op"))
                        .build();
                kinds.add(JsonObject.of("if", test).with("then", operation.schema()));
            }
            List<String> names =
                    Arrays.stream(Operation.values()).map(Operation::text).toList();
            JsonObject op = JsonObject.builder()
                    .put("enum", names)
                    .put("x-content", "literal")
                    .put("description", "What the step does.")
                    .build();
            return JsonObject.builder()
                    .put("type", "object")
                    .put("required", List.of("op"))
                    .put("properties", JsonObject.of("op", op))
                    .put("allOf", kinds)
                    .build();
        }
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return ItemShape.outputSchema(node.config().get("steps"));
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return StepCheck.problems(node);
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        JsonArray items = items(node, context);
        Result result = new Result(context);
        ItemSink first = open(node, context, result);
        for (int i = 0; i < items.size() && !first.isFull(); i++) {
            first.accept(items.get(i));
            result.kept.passed();
        }
        first.end();
        return NodeResult.completed(JsonArray.of(result.items.toArray()));
    }

    private static JsonArray items(WorkflowNode node, ExecutionContext context) {
        boolean given = node.config().containsKey("source");
        Object source = given ? context.value("source") : context.previous();
        if (source instanceof JsonArray list) {
            return list;
        }
        if (source instanceof JsonObject object) {
            return JsonArray.of(object);
        }
        throw new NonRetriableException(
                ExecutionError.KIND_EXPRESSION,
                "The transform '" + node.id() + "' needs a list, but "
                        + (given ? "'source'" : "the output of the node before")
                        + " is " + StepContext.typed(source)
                        + "; let 'source' name a list, as in {{previous.orders}}, or {{previous.orders ?? []}}",
                null);
    }

    private static ItemSink open(WorkflowNode node, ExecutionContext context, ItemSink result) {
        ItemSink next = result;
        JsonArray steps = node.config().get("steps") instanceof JsonArray list ? list : JsonArray.EMPTY;
        for (int i = steps.size() - 1; i >= 0; i--) {
            JsonObject step = Json.object(steps.get(i));
            Operation operation = Operation.of(step.get("op"))
                    .orElseThrow(() -> new NonRetriableException(
                            ExecutionError.KIND_CONFIG, "There is no operation '" + step.get("op") + "'", null));
            next = operation.open(new StepContext(context, i, step), next);
        }
        return next;
    }

    /** Takes what comes out of the last step. */
    private static final class Result implements ItemSink {

        private final List<@Nullable Object> items = new ArrayList<>();
        private final KeptItems kept;

        Result(ExecutionContext context) {
            this.kept = new KeptItems(context, "The result");
        }

        @Override
        public void accept(@Nullable Object item) {
            kept.add(item);
            items.add(item);
        }

        @Override
        public void end() {
            // All is here already.
        }

        @Override
        public boolean isFull() {
            return false;
        }
    }
}
