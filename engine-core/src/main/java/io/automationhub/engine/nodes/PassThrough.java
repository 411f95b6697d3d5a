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

/** A trigger: a run begins at it, and it passes the run's input on. */
record PassThrough(NodeMetadata metadata) implements NodeExecutor {

    static PassThrough trigger(String name, String description, String icon) {
        return new PassThrough(new NodeMetadata(
                name,
                "trigger",
                description,
                icon,
                List.of(WorkflowEdge.OUT),
                JsonObject.EMPTY,
                NodeTraits.PURE_INLINE));
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
        return NodeResult.completed(context.previous());
    }
}
