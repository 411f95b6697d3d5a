package io.automationhub.engine.validation;

import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the expressions at a place of a workflow may refer to, by declaration. The slots it gives out mean nothing. */
final class DeclaredNames implements ReferenceBinder {

    private final Workflow workflow;

    /** The groups around the place, from the innermost one. */
    private final List<WorkflowNode> groups = new ArrayList<>();

    /** @param group the innermost group around the place; null for none */
    DeclaredNames(Workflow workflow, @Nullable WorkflowNode group) {
        this.workflow = workflow;
        WorkflowNode around = group;
        while (around != null && !groups.contains(around)) {
            groups.add(around);
            around = workflow.enclosingGroup(around).flatMap(workflow::node).orElse(null);
        }
    }

    @Override
    public int slot(Reference reference) {
        return exists(reference) ? 0 : -1;
    }

    private boolean exists(Reference reference) {
        if (reference instanceof Reference.Variable variable) {
            return variables().contains(variable.name());
        }
        if (reference instanceof Reference.Node node) {
            return workflow.node(node.id())
                    .filter(found -> !NodeTypes.isDrawing(found.type()))
                    .isPresent();
        }
        if (reference instanceof Reference.Approval approval) {
            return approvals().contains(approval.id());
        }
        if (reference instanceof Reference.Group group) {
            return groups.stream()
                    .anyMatch(around -> around.id().equals(group.id())
                            && Groups.iterationNames(around.type()).contains(group.name()));
        }
        return !(reference instanceof Reference.Iteration iteration)
                || groups.stream()
                        .anyMatch(around -> Groups.iterationNames(around.type()).contains(iteration.name()));
    }

    /** The approvals that stand in the groups around the place, or in none. */
    private List<String> approvals() {
        Set<String> around = new LinkedHashSet<>();
        groups.forEach(group -> around.add(group.id()));
        return workflow.nodes().stream()
                .filter(node -> node.type().equals(NodeTypes.APPROVAL))
                .filter(node ->
                        workflow.enclosingGroup(node).map(around::contains).orElse(true))
                .map(WorkflowNode::id)
                .toList();
    }

    private Collection<String> variables() {
        Set<String> names = new LinkedHashSet<>(workflow.variables().keySet());
        groups.forEach(group -> names.addAll(group.variables().keySet()));
        return names;
    }

    @Override
    public Collection<String> known(Reference reference) {
        if (reference instanceof Reference.Variable) {
            return variables();
        }
        if (reference instanceof Reference.Approval) {
            return approvals();
        }
        return reference instanceof Reference.Node
                ? workflow.nodes().stream().map(WorkflowNode::id).toList()
                : List.of();
    }
}
