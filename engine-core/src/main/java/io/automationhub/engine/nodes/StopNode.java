package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code stop}: ends the whole run, from any depth; its output is the run's. */
final class StopNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Stop",
                "flow",
                "Ends the whole run.",
                "stop",
                List.of(),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'examples': [{'output': {'skipped': true}}, {'status': 'failure', 'message': 'No stock of {{input.sku}}'}],
                     'properties': {
                       'status': {'enum': ['success', 'failure'], 'x-content': 'literal', 'default': 'success',
                                  'description': 'How the run ends.'},
                       'output': {'description': 'The output of the run.'},
                       'message': {'description': 'Why the run failed.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        @Nullable Object output = context.value("output");
        if (!"failure".equals(node.config().get("status"))) {
            return NodeResult.stop(output);
        }
        @Nullable Object message = context.value("message");
        return NodeResult.stopFailed(
                output,
                message == null ? "The node '" + node.id() + "' ended the run as failed" : Json.toText(message));
    }
}
