package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at nodes and edges as a graph: ids, handles, groups, cycles, what is reached. */
final class GraphCheck {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final List<Problem> problems;

    /** Nodes that mean something, by id, with their position in the document. */
    private final Map<String, Integer> positions = new HashMap<>();

    /** Ids of all nodes, drawings included. */
    private final Set<String> ids = new HashSet<>();

    /** Successors of each node, over edges that are in order. */
    private final Map<String, List<String>> successors = new HashMap<>();

    private final Set<String> withIncoming = new HashSet<>();

    GraphCheck(Workflow workflow, NodeExecutorRegistry registry, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
    }

    /** False if groups stand too deep in each other, or in circles, for anything else to be looked at. */
    boolean check() {
        checkIds();
        checkParents();
        boolean shallow = checkDepth();
        checkEdges();
        checkCycles();
        checkReach();
        return shallow;
    }

    private boolean checkDepth() {
        boolean circle = problems.stream().anyMatch(problem -> problem.code() == ProblemCode.PARENT_CYCLE);
        for (int i = 0; i < workflow.nodes().size() && !circle; i++) {
            if (isTooDeep(workflow.nodes().get(i))) {
                add(
                        ProblemCode.TOO_DEEP,
                        i,
                        "/parentId",
                        "The node stands in more than " + Groups.MAX_DEPTH + " groups, one inside the other",
                        "take some of the groups away");
                return false;
            }
        }
        return !circle;
    }

    private boolean isTooDeep(WorkflowNode node) {
        Optional<WorkflowNode> around = workflow.enclosingGroup(node).flatMap(workflow::node);
        int depth = 0;
        while (around.isPresent() && depth <= Groups.MAX_DEPTH) {
            depth++;
            around = workflow.enclosingGroup(around.get()).flatMap(workflow::node);
        }
        return depth > Groups.MAX_DEPTH;
    }

    private void checkIds() {
        List<WorkflowNode> nodes = workflow.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            WorkflowNode node = nodes.get(i);
            if (!node.id().isEmpty() && !ids.add(node.id())) {
                add(ProblemCode.DUPLICATE_ID, i, "/id", "The id '" + node.id() + "' is used twice", "rename one node");
            } else if (!NodeTypes.isDrawing(node.type())) {
                positions.put(node.id(), i);
            }
        }
        if (positions.isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.NO_NODES,
                    "/nodes",
                    null,
                    "The workflow has no nodes",
                    "add a trigger and what follows it"));
        }
    }

    private void checkParents() {
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            String parent = node.parentId();
            if (parent == null) {
                continue;
            }
            Optional<WorkflowNode> group = workflow.node(parent);
            boolean known = group.isPresent()
                    && (NodeTypes.isGroup(group.get().type())
                            || NodeTypes.isDrawing(group.get().type()));
            if (!known) {
                add(
                        ProblemCode.UNKNOWN_PARENT,
                        i,
                        "/parentId",
                        "The parent '" + parent + "' is " + (group.isPresent() ? "no group" : "not in the workflow"),
                        "name a node of type forEach, loop, scope or group");
            } else if (isOwnAncestor(node)) {
                add(
                        ProblemCode.PARENT_CYCLE,
                        i,
                        "/parentId",
                        "The group '" + node.id() + "' contains itself",
                        "let its parentId name an outer group, or none");
            }
        }
    }

    private boolean isOwnAncestor(WorkflowNode node) {
        String ancestor = node.parentId();
        for (int steps = 0; ancestor != null && steps <= workflow.nodes().size(); steps++) {
            if (ancestor.equals(node.id())) {
                return true;
            }
            ancestor = workflow.node(ancestor).map(WorkflowNode::parentId).orElse(null);
        }
        return false;
    }

    private void checkEdges() {
        Set<List<String>> seen = new HashSet<>();
        List<WorkflowEdge> edges = workflow.edges();
        for (int i = 0; i < edges.size(); i++) {
            WorkflowEdge edge = edges.get(i);
            String pointer = "/edges/" + i;
            boolean begins = hasEnd(edge.source(), pointer + "/source");
            boolean ends = hasEnd(edge.target(), pointer + "/target");
            if (!begins || !ends || !positions.containsKey(edge.source()) || !positions.containsKey(edge.target())) {
                continue;
            }
            if (!seen.add(List.of(edge.source(), edge.sourceHandle(), edge.target()))) {
                problem(
                        ProblemCode.DUPLICATE_EDGE,
                        pointer,
                        "There are two edges from '" + edge.source() + "' (" + edge.sourceHandle() + ") to '"
                                + edge.target() + "'",
                        "remove one");
            }
            checkEdge(edge, pointer);
            successors
                    .computeIfAbsent(edge.source(), source -> new ArrayList<>())
                    .add(edge.target());
            withIncoming.add(edge.target());
        }
    }

    private boolean hasEnd(String id, String pointer) {
        if (id.isEmpty() || ids.contains(id)) {
            return !id.isEmpty();
        }
        problem(
                ProblemCode.DANGLING_EDGE,
                pointer,
                "There is no node '" + id + "'" + NearestName.hint(id, ids),
                "correct the id, or remove the edge");
        return false;
    }

    private void checkEdge(WorkflowEdge edge, String pointer) {
        WorkflowNode source = workflow.node(edge.source()).orElseThrow();
        WorkflowNode target = workflow.node(edge.target()).orElseThrow();
        if (!workflow.enclosingGroup(source).equals(workflow.enclosingGroup(target))) {
            problem(
                    ProblemCode.EDGE_CROSSES_GROUP,
                    pointer,
                    "The edge leads from '" + source.id() + "' in " + place(source) + " to '" + target.id() + "' in "
                            + place(target),
                    "connect the group itself; only its result can be used outside");
        }
        if (NodeTypes.isTrigger(target.type())) {
            problem(
                    ProblemCode.TRIGGER_NOT_FIRST,
                    pointer + "/target",
                    "The edge leads to the trigger '" + target.id() + "'",
                    "a run begins at a trigger; let the edge lead to the node after it");
        }
        checkHandle(edge, source, pointer);
    }

    private void checkHandle(WorkflowEdge edge, WorkflowNode source, String pointer) {
        Set<String> handles = handles(source);
        if (handles != null && !handles.contains(edge.sourceHandle())) {
            problem(
                    ProblemCode.UNKNOWN_HANDLE,
                    pointer + "/sourceHandle",
                    "The node '" + source.id() + "' of type " + source.type() + " has no handle '" + edge.sourceHandle()
                            + "'" + NearestName.hint(edge.sourceHandle(), handles),
                    "use one of " + String.join(", ", handles.stream().sorted().toList()));
        }
    }

    /** The handles of a node; null if its type is unknown. */
    private @Nullable Set<String> handles(WorkflowNode node) {
        Optional<NodeExecutor> executor = registry.find(node.type());
        if (executor.isEmpty()) {
            return null;
        }
        Set<String> handles = new HashSet<>(executor.get().handles(node));
        handles.add(WorkflowEdge.ERROR);
        return handles;
    }

    private String place(WorkflowNode node) {
        return workflow.enclosingGroup(node)
                .map(group -> "the group '" + group + "'")
                .orElse("no group");
    }

    private void checkCycles() {
        Map<String, Integer> open = new HashMap<>();
        positions.keySet().forEach(id -> open.put(id, 0));
        successors.values().forEach(targets -> targets.forEach(target -> open.merge(target, 1, Integer::sum)));
        Deque<String> free = new ArrayDeque<>();
        open.forEach((id, count) -> {
            if (count == 0) {
                free.add(id);
            }
        });
        while (!free.isEmpty()) {
            String id = free.remove();
            open.remove(id);
            for (String target : successors.getOrDefault(id, List.of())) {
                if (open.merge(target, -1, Integer::sum) == 0) {
                    free.add(target);
                }
            }
        }
        if (!open.isEmpty()) {
            reportCycle(open.keySet());
        }
    }

    /** Every node left over has a predecessor that is left over, so walking back must meet itself. */
    private void reportCycle(Set<String> left) {
        Map<String, String> predecessor = new HashMap<>();
        for (String source : left) {
            for (String target : successors.getOrDefault(source, List.of())) {
                if (left.contains(target)) {
                    predecessor.merge(target, source, (a, b) -> a.compareTo(b) <= 0 ? a : b);
                }
            }
        }
        List<String> path = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String at = left.stream()
                .filter(predecessor::containsKey)
                .min(String::compareTo)
                .orElseThrow();
        while (seen.add(at)) {
            path.add(at);
            at = Objects.requireNonNull(predecessor.get(at));
        }
        List<String> circle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        Collections.reverse(circle);
        Collections.rotate(circle, -circle.indexOf(Collections.min(circle, Comparator.comparing(positions::get))));
        List<String> shown = circle.size() > 20 ? circle.subList(0, 20) : circle;
        problems.add(Problem.of(
                ProblemCode.CYCLE,
                "/nodes/" + positions.get(circle.get(0)),
                circle.get(0),
                "Edges form a circle: " + String.join(" → ", shown) + (circle.size() > 20 ? " → …" : "") + " → "
                        + circle.get(0),
                "a workflow runs forward only; put what repeats into a loop group"));
    }

    private void checkReach() {
        List<String> triggers = positions.keySet().stream()
                .filter(id ->
                        NodeTypes.isTrigger(workflow.node(id).orElseThrow().type()))
                .toList();
        if (triggers.isEmpty()) {
            return;
        }
        Set<String> reached = new HashSet<>(triggers);
        Deque<String> next = new ArrayDeque<>(triggers);
        while (!next.isEmpty()) {
            for (String target : successors.getOrDefault(next.remove(), List.of())) {
                if (reached.add(target)) {
                    next.add(target);
                }
            }
        }
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            boolean counts = positions.containsKey(node.id())
                    && !workflow.isCompensation(node)
                    && workflow.enclosingGroup(node).isEmpty();
            if (counts && !reached.contains(node.id())) {
                add(
                        ProblemCode.UNREACHABLE,
                        i,
                        "",
                        "No path leads from a trigger to '" + node.id() + "', so it never runs",
                        "connect it, or remove it");
            }
        }
    }

    private void add(ProblemCode code, int node, String field, String message, String hint) {
        String id = workflow.nodes().get(node).id();
        problems.add(Problem.of(code, "/nodes/" + node + field, id, message, hint));
    }

    private void problem(ProblemCode code, String pointer, String message, String hint) {
        problems.add(Problem.of(code, pointer, null, message, hint));
    }
}
