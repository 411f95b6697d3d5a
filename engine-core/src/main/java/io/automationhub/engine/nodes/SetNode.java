package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code action.set}: sets workflow variables; its output are the values. */
final class SetNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Set variables",
                "action",
                "Gives workflow variables new values.",
                "variable",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['values'],
                     'examples': [{'values': {'total': '{{input.price * input.count}}', 'team': 'ops'}}],
                     'properties': {'values': {'type': 'object', 'minProperties': 1,
                       'description': 'The new value of each variable.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return ConfigSchemas.objectWith(node.config().get("values"));
    }

    @Override
    public Map<String, String> variablesWritten(WorkflowNode node) {
        Map<String, String> written = new LinkedHashMap<>();
        if (node.config().get("values") instanceof JsonObject values) {
            values.keySet().forEach(name -> written.put(name, JsonPointer.child("/values", name)));
        }
        return written;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        JsonObject values = context.value("values") instanceof JsonObject object ? object : JsonObject.EMPTY;
        return NodeResult.completed(values).settingVariables(values);
    }
}
