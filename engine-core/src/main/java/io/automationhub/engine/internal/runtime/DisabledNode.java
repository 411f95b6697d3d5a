package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/** What a disabled node does instead of its work: it passes {@code previous} on by {@code out}, or its first handle. */
record DisabledNode(List<String> way) implements NodeExecutor {

    private static final NodeMetadata METADATA = NodeMetadata.HOST.withTraits(NodeTraits.PURE_INLINE);

    static DisabledNode of(List<String> handles) {
        boolean out = handles.contains(WorkflowEdge.OUT) || handles.isEmpty();
        return new DisabledNode(handles.isEmpty() ? List.of() : List.of(out ? WorkflowEdge.OUT : handles.get(0)));
    }

    @Override
    public NodeMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.previous(), way);
    }
}
