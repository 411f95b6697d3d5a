package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/** {@code action.calculate}: its output is an object of the values of expressions. */
final class CalculateNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Calculate",
                "action",
                "Computes values with expressions.",
                "calculator",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['values'],
                     'examples': [{'values': {'net': 'input.price * input.count', 'gross': 'input.price * input.count * 1.19'}}],
                     'properties': {'values': {'type': 'object', 'minProperties': 1, 'x-content': 'expression',
                       'description': 'The name and the expression of each value.'}}}
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
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.value("values"));
    }
}
