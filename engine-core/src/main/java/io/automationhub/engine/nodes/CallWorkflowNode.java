package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code workflow.call}: runs a published workflow as a run of its own, and waits for its end without a thread. */
final class CallWorkflowNode implements NodeExecutor {

    private static final Set<String> PERMANENT = Set.of(
            ExecutionError.KIND_CONFIG,
            ExecutionError.KIND_EXPRESSION,
            ExecutionError.KIND_CANCELLED,
            ExecutionError.KIND_DEPTH);

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Call a workflow",
                "flow",
                "Runs a published workflow and waits for its end; its output is that of the run.",
                "workflow",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['workflow'],
                     'examples': [{'workflow': 'ship-order', 'input': {'order': '{{input.order}}'}},
                                  {'workflow': 'ship-order', 'version': 3}],
                     'properties': {
                       'workflow': {'type': 'string', 'minLength': 1, 'description': 'The id of the workflow.'},
                       'version': {'type': 'integer', 'minimum': 1, 'x-content': 'literal',
                                   'description': 'The version; the latest at the moment of the call unless set.'},
                       'input': {'description': 'The input of the run; what comes to the node unless set.'}}}
                    """),
                NodeTraits.EFFECTFUL_BLOCKING);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        if (context.wake().orElse(null) instanceof Woken.ByChild child) {
            return ended(context.text("workflow"), child);
        }
        Integer version = context.value("version") instanceof Long number ? Math.toIntExact(number) : null;
        Object input = context.config().containsKey("input") ? context.value("input") : context.previous();
        return NodeResult.suspended(context.child("", context.text("workflow"), version, input));
    }

    private static NodeResult ended(String workflow, Woken.ByChild child) {
        if (child.status() == ExecutionStatus.SUCCEEDED) {
            return NodeResult.completed(child.output());
        }
        ExecutionError error = child.error();
        String kind = child.status() == ExecutionStatus.CANCELLED
                ? ExecutionError.KIND_CANCELLED
                : error == null ? ExecutionError.KIND_ERROR : error.kind();
        String message = "The run '" + child.execution() + "' of workflow '" + workflow + "' "
                + (child.status() == ExecutionStatus.CANCELLED ? "was cancelled" : "failed") + reason(error);
        if (PERMANENT.contains(kind)) {
            throw new NonRetriableException(kind, message, null);
        }
        throw new RetriableException(kind, message, null, null);
    }

    private static String reason(@Nullable ExecutionError error) {
        return error == null
                ? ""
                : ": " + (error.node() == null ? "" : "node '" + error.node() + "': ") + error.message();
    }
}
