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

/** {@code action.format}: its output is a rendered template. */
final class FormatNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Format",
                "action",
                "Fills a template with values.",
                "template",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['template'],
                     'examples': [{'template': {'to': '{{input.mail}}', 'subject': 'Order {{input.id}} of {{today()}}'}}],
                     'properties': {'template': {'description': 'Text, or any JSON with templates in it.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return ConfigSchemas.objectWith(node.config().get("template"));
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.value("template"));
    }
}
