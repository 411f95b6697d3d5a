package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at each node by itself: its type, its handles, and its settings against the edges around it. */
final class NodeCheck {

    /** The mask of handles has 64 bits, one of which is the error handle's and one the sign. */
    private static final int MAX_HANDLES = 62;

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final List<Problem> problems;
    private final Map<String, Integer> incoming = new HashMap<>();
    private final Set<String> withErrorEdge = new HashSet<>();

    NodeCheck(Workflow workflow, NodeExecutorRegistry registry, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
    }

    void check() {
        for (WorkflowEdge edge : workflow.edges()) {
            incoming.merge(edge.target(), 1, Integer::sum);
            if (edge.sourceHandle().equals(WorkflowEdge.ERROR)) {
                withErrorEdge.add(edge.source());
            }
        }
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            if (!NodeTypes.isDrawing(node.type()) && !node.type().isEmpty()) {
                checkNode(node, "/nodes/" + i);
            }
        }
    }

    private void checkNode(WorkflowNode node, String pointer) {
        checkJoin(node, pointer);
        checkErrorEdge(node, pointer);
        if (NodeTypes.isGroup(node.type())) {
            checkGroup(node, pointer);
        }
        if (NodeTypes.isTrigger(node.type()) && workflow.enclosingGroup(node).isPresent()) {
            add(
                    ProblemCode.TRIGGER_NOT_FIRST,
                    pointer + "/parentId",
                    node,
                    "The trigger '" + node.id() + "' stands in a group",
                    "a run begins outside of groups; a group begins at all nodes without incoming edges");
        }
        registry.find(node.type())
                .ifPresentOrElse(
                        executor -> {
                            checkVersion(node, executor, pointer);
                            checkHandles(node, executor, pointer);
                        },
                        () -> unknownType(node, pointer));
    }

    private void checkVersion(WorkflowNode node, NodeExecutor executor, String pointer) {
        if (!registry.runs(node)) {
            add(
                    ProblemCode.NEWER_TYPE,
                    pointer + "/data/typeVersion",
                    node,
                    "The node '" + node.id() + "' is made for version " + node.typeVersion() + " of '" + node.type()
                            + "'; the executor here knows versions up to "
                            + executor.metadata().version(),
                    "use a newer executor, or change the node to what the older version knows");
        }
    }

    private void unknownType(WorkflowNode node, String pointer) {
        String hint = NearestName.find(node.type(), registry.types())
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElse("register it, or use one of " + String.join(", ", registry.types()));
        add(
                ProblemCode.UNKNOWN_TYPE,
                pointer + "/type",
                node,
                "The type '" + node.type() + "' is not registered",
                hint);
    }

    private void checkGroup(WorkflowNode node, String pointer) {
        if (!node.type().equals(Groups.SCOPE) && !node.retry().equals(RetryPolicy.NONE)) {
            add(
                    ProblemCode.RETRY_ON_GROUP,
                    pointer + "/data/retry",
                    node,
                    "A " + node.type() + " cannot be retried as a whole",
                    "put retry on its nodes, or on a scope around it");
        }
    }

    private void checkJoin(WorkflowNode node, String pointer) {
        int edges = incoming.getOrDefault(node.id(), 0);
        int needed = node.join().needed();
        if (needed < 0 || needed > edges && !(needed == 1 && edges == 0)) {
            add(
                    ProblemCode.JOIN_OUT_OF_RANGE,
                    pointer + "/data/join",
                    node,
                    "The join waits for " + (needed < 0 ? "fewer than one" : needed) + " of " + edges
                            + " incoming edge(s), so it can never fire",
                    edges == 0 ? "remove the join" : "use a number from 1 to " + edges + ", 'any' or 'all'");
        }
    }

    private void checkErrorEdge(WorkflowNode node, String pointer) {
        boolean edge = withErrorEdge.contains(node.id());
        if (node.onError() == OnError.ROUTE && !edge) {
            add(
                    ProblemCode.ERROR_EDGE_REQUIRED,
                    pointer + "/data/onError",
                    node,
                    "The node routes its error, but no edge leaves its handle 'error'",
                    "draw the edge, or use onError 'fail' or 'continue'");
        }
        if (edge && node.onError() != null && node.onError() != OnError.ROUTE) {
            add(
                    ProblemCode.UNUSED_ERROR_EDGE,
                    pointer + "/data/onError",
                    node,
                    "The edge at the handle 'error' is never taken",
                    "use onError 'route', or remove the edge");
        }
    }

    private void checkHandles(WorkflowNode node, NodeExecutor executor, String pointer) {
        List<String> handles = executor.handles(node);
        if (handles.size() > MAX_HANDLES) {
            add(
                    ProblemCode.TOO_MANY_HANDLES,
                    pointer + "/data/config",
                    node,
                    "The node has " + handles.size() + " handles, more than " + MAX_HANDLES,
                    "divide it into several nodes");
        }
        boolean out = handles.contains(WorkflowEdge.OUT) || handles.isEmpty();
        if (node.isDisabled() && !out) {
            add(
                    ProblemCode.DISABLED_BRANCH,
                    pointer + "/data/disabled",
                    node,
                    "A disabled " + node.type() + " goes on by '" + handles.get(0) + "'",
                    "remove the node if that is not meant");
        }
        if (node.onError() == OnError.CONTINUE && !out) {
            add(
                    ProblemCode.UNSUPPORTED_ON_ERROR,
                    pointer + "/data/onError",
                    node,
                    "After a failure a " + node.type() + " goes on by '" + handles.get(0) + "'",
                    "use onError 'route' to go another way");
        }
    }

    private void add(ProblemCode code, String pointer, WorkflowNode node, String message, String hint) {
        problems.add(Problem.of(code, pointer, node.id(), message, hint));
    }
}
