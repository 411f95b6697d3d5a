package io.automationhub.engine.validation;

import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.Collection;
import java.util.List;

/** What the expressions of a workflow may refer to, by declaration. The slots it gives out mean nothing. */
final class DeclaredNames implements ReferenceBinder {

    private final Workflow workflow;

    DeclaredNames(Workflow workflow) {
        this.workflow = workflow;
    }

    @Override
    public int slot(Reference reference) {
        if (reference instanceof Reference.Variable variable) {
            return workflow.variables().containsKey(variable.name()) ? 0 : -1;
        }
        if (reference instanceof Reference.Node node) {
            return workflow.node(node.id())
                            .filter(found -> !NodeTypes.isDrawing(found.type()))
                            .isPresent()
                    ? 0
                    : -1;
        }
        if (reference instanceof Reference.Group group) {
            return workflow.node(group.id())
                            .filter(found -> NodeTypes.isGroup(found.type()))
                            .isPresent()
                    ? 0
                    : -1;
        }
        boolean grouped = workflow.nodes().stream().anyMatch(node -> NodeTypes.isGroup(node.type()));
        return reference instanceof Reference.Iteration && !grouped ? -1 : 0;
    }

    @Override
    public Collection<String> known(Reference reference) {
        if (reference instanceof Reference.Variable) {
            return workflow.variables().keySet();
        }
        return reference instanceof Reference.Node
                ? workflow.nodes().stream().map(WorkflowNode::id).toList()
                : List.of();
    }
}
