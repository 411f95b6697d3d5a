package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the nodes that undo what others did. */
final class CompensationCheck {

    private static final String HINT =
            "name a node in the same group that has no edges and undoes nothing else; another workflow is run by a"
                    + " workflow.call";

    /** What is evaluated when it is asked for cannot be: the data that it reads may be gone by then. */
    private static final String LAZY = "\"x-lazy\":true";

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final List<Problem> problems;
    private final Set<String> connected = new HashSet<>();

    CompensationCheck(Workflow workflow, NodeExecutorRegistry registry, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
        for (WorkflowEdge edge : workflow.edges()) {
            connected.add(edge.source());
            connected.add(edge.target());
        }
    }

    void check() {
        Map<String, String> undone = new HashMap<>();
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            String handler = node.compensateWith();
            if (handler == null) {
                continue;
            }
            String other = undone.putIfAbsent(handler, node.id());
            String objection = other == null
                    ? objection(node, handler)
                    : "'" + handler + "' undoes '" + other + "' already, and a node undoes one other";
            if (objection != null) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_COMPENSATION,
                        "/nodes/" + i + "/data/compensateWith",
                        node.id(),
                        objection,
                        HINT));
            }
        }
    }

    private @Nullable String objection(WorkflowNode node, String id) {
        Optional<WorkflowNode> found = workflow.node(id);
        if (found.isEmpty()) {
            return "There is no node '" + id + "'"
                    + NearestName.hint(
                            id, workflow.nodes().stream().map(WorkflowNode::id).toList());
        }
        WorkflowNode handler = found.get();
        if (handler.id().equals(node.id())) {
            return "The node '" + id + "' cannot undo itself";
        }
        if (connected.contains(id)) {
            return "Edges lead to or from '" + id + "', but it runs only to undo";
        }
        if (!workflow.enclosingGroup(node).equals(workflow.enclosingGroup(handler))) {
            return "'" + id + "' stands in another group";
        }
        if (handler.compensateWith() != null) {
            return "'" + id + "' undoes, so nothing can undo it";
        }
        if (handler.isDisabled()) {
            return "'" + id + "' is disabled";
        }
        boolean unfit = NodeTypes.isGroup(handler.type())
                || NodeTypes.isTrigger(handler.type())
                || handler.type().equals("stop")
                || NodeTypes.isDrawing(handler.type())
                || registry.find(handler.type())
                        .map(executor ->
                                executor.metadata().configSchema().toString().contains(LAZY))
                        .orElse(false);
        return unfit ? "A node of type " + handler.type() + " cannot undo" : null;
    }
}
