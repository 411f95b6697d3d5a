package io.automationhub.engine.validation;

import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at what stands in distributed groups: it runs elsewhere, so it reaches nothing outside but by its result. */
final class DistributionCheck {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final List<Problem> problems;

    DistributionCheck(Workflow workflow, NodeExecutorRegistry registry, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
    }

    void check() {
        if (workflow.nodes().stream().noneMatch(Groups::isDistributed)) {
            return;
        }
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            WorkflowNode group = distributedAround(node);
            if (group != null) {
                checkNode(node, group, "/nodes/" + i);
            }
        }
    }

    private @Nullable WorkflowNode distributedAround(WorkflowNode node) {
        Optional<WorkflowNode> around = workflow.enclosingGroup(node).flatMap(workflow::node);
        while (around.isPresent() && !Groups.isDistributed(around.get())) {
            around = workflow.enclosingGroup(around.get()).flatMap(workflow::node);
        }
        return around.orElse(null);
    }

    private void checkNode(WorkflowNode node, WorkflowNode group, String pointer) {
        if (node.type().equals("stop")) {
            add(
                    node,
                    pointer,
                    "The node ends its run, and stands in the distributed group '" + group.id()
                            + "', whose iterations are runs of their own",
                    "let it fail, or stop behind the group");
        }
        NodeExecutor executor = registry.find(node.type()).orElse(null);
        if (executor == null || node.isDisabled()) {
            return;
        }
        executor.variablesWritten(node).forEach((name, place) -> {
            if (!isInside(node, group, name)) {
                add(
                        node,
                        pointer + "/data/config" + place,
                        "The node sets the variable '" + name + "' from inside the distributed group '" + group.id()
                                + "', whose iterations are runs of their own",
                        "declare it in the group, or return a value and set it behind the group");
            }
        });
    }

    /** Whether a variable is declared by the group or by one inside of it. */
    private boolean isInside(WorkflowNode node, WorkflowNode group, String variable) {
        Optional<WorkflowNode> around = workflow.enclosingGroup(node).flatMap(workflow::node);
        while (around.isPresent()) {
            if (around.get().variables().containsKey(variable)) {
                return true;
            }
            if (around.get().id().equals(group.id())) {
                return false;
            }
            around = workflow.enclosingGroup(around.get()).flatMap(workflow::node);
        }
        return false;
    }

    private void add(WorkflowNode node, String pointer, String message, String hint) {
        problems.add(Problem.of(ProblemCode.DISTRIBUTED_EFFECT, pointer, node.id(), message, hint));
    }
}
