package io.automationhub.engine.nodes;

import io.automationhub.engine.event.WorkflowLog.Level;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Locale;

/** {@code action.log}: writes a line to the workflow's log and passes {@code previous} through. */
final class LogNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Log",
                "action",
                "Writes a line for the people who operate the workflow.",
                "text",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['message'],
                     'examples': [{'level': 'warn', 'message': 'Order {{input.id}} is late'}],
                     'properties': {
                       'level': {'enum': ['debug', 'info', 'warn', 'error'], 'x-content': 'literal', 'default': 'info',
                                 'description': 'How much it matters.'},
                       'message': {'description': 'What to write.'}}}
                    """),
                NodeTraits.PURE_INLINE);
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
        String level = node.config().get("level") instanceof String text ? text : "info";
        context.log(Level.valueOf(level.toUpperCase(Locale.ROOT)), Json.toText(context.value("message")));
        return NodeResult.completed(context.previous());
    }
}
