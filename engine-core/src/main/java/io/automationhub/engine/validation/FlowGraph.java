package io.automationhub.engine.validation;

import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What runs before what: for each node those that run before it on some path, those that have ended whenever it begins,
 * and those that have succeeded whenever it begins. Nodes are their positions in the document; drawings, and edges that
 * lead nowhere, are left out. Sets are bits, so a workflow of 5,000 nodes takes some megabytes.
 */
final class FlowGraph {

    /** What leads from a node to the one that undoes it; it is no handle that an edge could leave. */
    private static final String COMPENSATION = "compensation";

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<List<InEdge>> incoming = new ArrayList<>();

    /** The group that each node stands in; -1 if it stands in none. */
    private final int[] groups;

    /** Each handle that an edge leaves has a number; this says which. */
    private final Map<Handle, Integer> handleNumbers = new HashMap<>();

    private final List<Handle> handles = new ArrayList<>();
    private final int[] order;
    private final BitSet[] upstream;
    private final BitSet[] ended;

    /** Handles of which it is known that they were taken when the node begins. */
    private final BitSet[] taken;

    private final @Nullable BitSet[] succeeded;
    private final BitSet mayBeCancelled = new BitSet();
    private final int triggers;

    private record Handle(int node, String name) {}

    private record InEdge(int source, int handle) {}

    FlowGraph(Workflow workflow, NodeExecutorRegistry registry) {
        this.workflow = workflow;
        this.registry = registry;
        int size = workflow.nodes().size();
        for (int i = 0; i < size; i++) {
            incoming.add(new ArrayList<>());
            WorkflowNode node = workflow.nodes().get(i);
            if (!NodeTypes.isDrawing(node.type())) {
                positions.putIfAbsent(node.id(), i);
            }
        }
        groups = new int[size];
        Arrays.setAll(
                groups,
                i -> workflow.enclosingGroup(workflow.nodes().get(i))
                        .map(group -> positions.getOrDefault(group, -1))
                        .orElse(-1));
        breakCircles();
        readEdges();
        upstream = sets(size);
        ended = sets(size);
        taken = sets(size);
        succeeded = new BitSet[size + 1];
        order = topologicalOrder();
        triggers = (int) workflow.nodes().stream()
                .filter(node -> NodeTypes.isTrigger(node.type()) && !node.isDisabled())
                .count();
        for (int node : order) {
            visit(node);
        }
    }

    /** Groups that contain each other are reported elsewhere; here they stand in none. */
    private void breakCircles() {
        for (int node = 0; node < groups.length; node++) {
            int around = groups[node];
            for (int steps = 0; around >= 0 && around != node && steps < groups.length; steps++) {
                around = groups[around];
            }
            if (around >= 0) {
                groups[node] = -1;
            }
        }
    }

    private static BitSet[] sets(int size) {
        BitSet[] sets = new BitSet[size];
        Arrays.setAll(sets, i -> new BitSet());
        return sets;
    }

    private void readEdges() {
        for (WorkflowEdge edge : workflow.edges()) {
            Integer source = positions.get(edge.source());
            Integer target = positions.get(edge.target());
            if (source != null && target != null) {
                int number = handleNumbers.computeIfAbsent(new Handle(source, edge.sourceHandle()), handle -> {
                    handles.add(handle);
                    return handles.size() - 1;
                });
                incoming.get(target).add(new InEdge(source, number));
            }
        }
        readCompensations();
    }

    /** A handler sees what the node sees that it undoes, and that node. */
    private void readCompensations() {
        for (WorkflowNode node : workflow.nodes()) {
            Integer source = positions.get(node.id());
            Integer target = positions.get(String.valueOf(node.compensateWith()));
            if (node.compensateWith() != null
                    && source != null
                    && target != null
                    && incoming.get(target).isEmpty()) {
                handles.add(new Handle(source, COMPENSATION));
                incoming.get(target).add(new InEdge(source, handles.size() - 1));
            }
        }
    }

    /** All nodes that are in no circle, each behind its predecessors. */
    private int[] topologicalOrder() {
        int size = incoming.size();
        List<List<Integer>> successors = new ArrayList<>();
        int[] open = new int[size];
        for (int i = 0; i < size; i++) {
            successors.add(new ArrayList<>());
        }
        for (int i = 0; i < size; i++) {
            open[i] = incoming.get(i).size();
            for (InEdge edge : incoming.get(i)) {
                successors.get(edge.source()).add(i);
            }
            if (open[i] == 0 && groups[i] >= 0) {
                open[i] = 1;
                successors.get(groups[i]).add(i);
            }
        }
        int[] sorted = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (open[i] == 0) {
                sorted[count++] = i;
            }
        }
        for (int at = 0; at < count; at++) {
            for (int successor : successors.get(sorted[at])) {
                if (--open[successor] == 0) {
                    sorted[count++] = successor;
                }
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    private void visit(int node) {
        WorkflowNode here = workflow.nodes().get(node);
        if (incoming.get(node).isEmpty() && groups[node] >= 0) {
            // What a group's body begins with sees what the group sees.
            upstream[node].or(upstream[groups[node]]);
            ended[node].or(ended[groups[node]]);
            taken[node].or(taken[groups[node]]);
        }
        boolean waitsForAll = here.join().equals(Join.ALL);
        boolean first = true;
        for (InEdge edge : incoming.get(node)) {
            upstream[node].or(upstream[edge.source()]);
            upstream[node].set(edge.source());
            BitSet before = with(ended[edge.source()], edge.source());
            BitSet handlesBefore = with(taken[edge.source()], edge.handle());
            if (first) {
                ended[node] = before;
                taken[node] = handlesBefore;
            } else {
                taken[node].and(handlesBefore);
                if (waitsForAll) {
                    ended[node].or(before);
                } else {
                    ended[node].and(before);
                }
            }
            first = false;
        }
        if (here.cancelRest()) {
            mayBeCancelled.or(upstream[node]);
        }
    }

    private static BitSet with(BitSet set, int one) {
        BitSet copy = (BitSet) set.clone();
        copy.set(one);
        return copy;
    }

    /** The nodes that are in no circle, each behind its predecessors. */
    int[] order() {
        return order;
    }

    /** The position of a node; -1 if there is none. */
    int position(String id) {
        return positions.getOrDefault(id, -1);
    }

    boolean isUpstream(int node, int of) {
        return upstream[of].get(node);
    }

    /** The only node whose output is {@code previous}; -1 if there is none, or several, or an error comes from it. */
    int onlyPredecessor(int node) {
        List<InEdge> edges = incoming.get(node);
        boolean one =
                edges.size() == 1 && !handles.get(edges.get(0).handle()).name().equals(WorkflowEdge.ERROR);
        return one ? edges.get(0).source() : -1;
    }

    /** The group that a node stands in; -1 if it stands in none. */
    int group(int node) {
        return groups[node];
    }

    /** Whether a node stands in a group, or in one inside of it. */
    boolean isInside(int node, int group) {
        int around = groups[node];
        while (around >= 0 && around != group) {
            around = groups[around];
        }
        return around == group;
    }

    /** The variable of a name that is seen at a node, or inside it if it is a group; null if there is none. */
    @Nullable
    WorkflowVariable variable(String name, int node) {
        int owner = owner(name, node);
        return owner < 0
                ? workflow.variables().get(name)
                : workflow.nodes().get(owner).variables().get(name);
    }

    /** The group that declares the variable of a name that is seen at a node; -1 if it is the workflow. */
    int owner(String name, int node) {
        int around = node;
        while (around >= 0 && !workflow.nodes().get(around).variables().containsKey(name)) {
            around = groups[around];
        }
        return around;
    }

    /** Two nodes, each replaced by the group around it that stands beside the other, or the other's group. */
    int[] sideBySide(int one, int other) {
        for (int left = one; left >= 0; left = groups[left]) {
            for (int right = other; right >= 0; right = groups[right]) {
                if (groups[left] == groups[right]) {
                    return new int[] {left, right};
                }
            }
        }
        return new int[] {one, other};
    }

    boolean isRoot(int node) {
        return incoming.get(node).isEmpty();
    }

    /** Whether at most one of two nodes runs, because they stand behind different handles of one that takes only one. */
    boolean excludeEachOther(int one, int other) {
        BitSet all = taken[one];
        for (int at = all.nextSetBit(0); at >= 0; at = all.nextSetBit(at + 1)) {
            int fork = handles.get(at).node();
            BitSet theirs = taken[other];
            for (int their = theirs.nextSetBit(0); their >= 0; their = theirs.nextSetBit(their + 1)) {
                if (their != at && handles.get(their).node() == fork && takesOne(fork, at, their)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean takesOne(int fork, int one, int other) {
        boolean error = handles.get(one).name().equals(WorkflowEdge.ERROR)
                || handles.get(other).name().equals(WorkflowEdge.ERROR);
        WorkflowNode node = workflow.nodes().get(fork);
        return error
                || registry.find(node.type())
                        .map(executor -> !executor.takesSeveralHandles(node))
                        .orElse(true);
    }

    /** Whether {@code node} has succeeded whenever {@code reader} begins; a negative reader is the end of the run. */
    boolean hasSucceeded(int node, int reader) {
        int at = reader < 0 ? succeeded.length - 1 : reader;
        BitSet known = succeeded[at];
        if (known == null) {
            known = surelySucceeded(reader);
            succeeded[at] = known;
        }
        return known.get(node);
    }

    private BitSet surelySucceeded(int reader) {
        BitSet result = new BitSet();
        BitSet handlesTaken = reader < 0 ? new BitSet() : taken[reader];
        for (int at = handlesTaken.nextSetBit(0); at >= 0; at = handlesTaken.nextSetBit(at + 1)) {
            if (!handles.get(at).name().equals(WorkflowEdge.ERROR)) {
                result.set(handles.get(at).node());
            }
        }
        for (int node : order) {
            boolean over = reader < 0 || ended[reader].get(node);
            if (over && !result.get(node) && cannotFail(node) && mustRun(node, result, handlesTaken)) {
                result.set(node);
            }
        }
        return result;
    }

    /** Whether the run ends when the node fails, so that nobody sees it failed. */
    private boolean cannotFail(int node) {
        WorkflowNode here = workflow.nodes().get(node);
        boolean routes =
                here.onError() == OnError.ROUTE || handleNumbers.containsKey(new Handle(node, WorkflowEdge.ERROR));
        return !routes && !mayBeCancelled.get(node);
    }

    private boolean mustRun(int node, BitSet surely, BitSet handlesTaken) {
        WorkflowNode here = workflow.nodes().get(node);
        if (incoming.get(node).isEmpty()) {
            return groups[node] >= 0 || triggers == 0 || triggers == 1 && NodeTypes.isTrigger(here.type());
        }
        int needed = Math.max(1, here.join().needed());
        Map<Integer, Set<String>> bySource = new HashMap<>();
        int certain = 0;
        for (InEdge edge : incoming.get(node)) {
            if (handlesTaken.get(edge.handle())) {
                certain++;
            } else if (surely.get(edge.source())) {
                bySource.computeIfAbsent(edge.source(), source -> new HashSet<>())
                        .add(handles.get(edge.handle()).name());
            }
        }
        for (Map.Entry<Integer, Set<String>> entry : bySource.entrySet()) {
            WorkflowNode source = workflow.nodes().get(entry.getKey());
            List<String> all = registry.find(source.type())
                    .map(executor -> executor.handles(source))
                    .orElse(List.of());
            certain += !all.isEmpty() && entry.getValue().containsAll(all) ? 1 : 0;
        }
        return certain >= needed;
    }
}
