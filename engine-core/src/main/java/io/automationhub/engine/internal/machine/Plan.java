package io.automationhub.engine.internal.machine;

import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a workflow, or of a group's body, as arrays: nodes are slots, edges are positions, handles are bits.
 * Immutable, and shared by all runs of the workflow.
 */
public final class Plan {

    /** The bit of the {@code error} handle, which every node has. */
    public static final int ERROR_HANDLE = 62;

    /**
     * One node as the machine needs it.
     *
     * @param handles its handles in the order of their bits, without {@code error}
     * @param inline whether it runs on the writer's thread and is never counted as parallel
     * @param needed how many edges must be taken for it to run; 0 for: all resolved and one taken
     * @param timeout the most time of one attempt
     * @param passesThrough whether its output is always what came to it
     * @param atMostOnce whether an attempt that was under way in a crash is not to be repeated
     * @param body what a group runs; null for a node that is none. Groups are inline: they take no thread
     */
    public record Node(
            String id,
            List<String> handles,
            boolean inline,
            RetryPolicy retry,
            @Nullable Duration timeout,
            OnError onError,
            int needed,
            boolean cancelRest,
            boolean passesThrough,
            boolean atMostOnce,
            @Nullable Plan body) {}

    final int size;
    final String[] ids;
    final String[][] handles;
    final boolean[] inline;
    final RetryPolicy[] retry;
    final long[] timeoutNanos;
    final OnError[] onError;
    final int[] needed;

    /** Whether what a slot passes on may be what several slots brought to it, or to one before it. */
    final boolean[] mayGather;

    /** Whether an attempt that was under way in a crash is not to be repeated. */
    final boolean[] atMostOnce;

    /** What runs inside a slot that is a group; else null. */
    final @Nullable Plan[] bodies;

    /** For a node that cancels the rest when its join fires: the slots that lead only to it; else null. */
    private final int @Nullable [][] rest;

    /** The edges that leave slot s: positions {@code outFrom[s]} to {@code outFrom[s + 1]}. */
    final int[] outFrom;

    final int[] outTarget;
    final byte[] outHandle;

    /** The edges that lead to slot s, as positions among the outgoing ones: {@code inFrom[s]} to {@code inFrom[s + 1]}. */
    final int[] inFrom;

    final int[] inEdge;
    final int[] edgeSource;
    final int[] roots;
    /** How many edges lead to each slot. */
    final int[] openEdges;

    /** Whether an attempt of a slot, or all of them together, may take only so long. */
    final boolean[] timed;

    /** How large a run's arrays should be at first: ready nodes of both kinds, log entries. */
    final int inlineWidth;

    final int otherWidth;
    final int logCapacity;

    final int maxParallelism;
    final long graceNanos;

    /** The most time of a run; 0 for no bound. */
    final long timeoutOfRun;

    private final Map<String, Integer> slots = new HashMap<>();

    private Plan(
            List<Node> nodes,
            List<WorkflowEdge> edges,
            int maxParallelism,
            Duration grace,
            @Nullable Duration timeout) {
        size = nodes.size();
        ids = new String[size];
        handles = new String[size][];
        inline = new boolean[size];
        retry = new RetryPolicy[size];
        timeoutNanos = new long[size];
        onError = new OnError[size];
        needed = new int[size];
        atMostOnce = new boolean[size];
        bodies = new Plan[size];
        for (int slot = 0; slot < size; slot++) {
            copy(nodes.get(slot), slot);
        }
        outFrom = new int[size + 1];
        inFrom = new int[size + 1];
        outTarget = new int[edges.size()];
        outHandle = new byte[edges.size()];
        edgeSource = new int[edges.size()];
        inEdge = new int[edges.size()];
        connect(edges);
        roots = findRoots();
        rest = findRest(nodes);
        mayGather = findGathering(nodes);
        openEdges = new int[size];
        timed = new boolean[size];
        int others = 0;
        for (int slot = 0; slot < size; slot++) {
            openEdges[slot] = inFrom[slot + 1] - inFrom[slot];
            timed[slot] = timeoutNanos[slot] > 0 || retry[slot].totalTimeout() != null;
            others += inline[slot] ? 0 : 1;
        }
        int width = Math.max(roots.length, widestFan());
        inlineWidth = others == size ? 1 : width;
        otherWidth = others == 0 ? 1 : width;
        logCapacity = size + others;
        this.maxParallelism = maxParallelism;
        this.graceNanos = grace.toNanos();
        this.timeoutOfRun = timeout == null ? 0 : Math.max(1, timeout.toNanos());
    }

    /**
     * Compiles a graph that was validated: ids are unique, edges name existing nodes and handles, there is no cycle.
     *
     * @param maxParallelism how many attempts that are not inline may run at the same time
     * @param grace how long a cancelled attempt may go on
     * @param timeout the most time of a run; null for no bound
     */
    public static Plan compile(
            List<Node> nodes,
            List<WorkflowEdge> edges,
            int maxParallelism,
            Duration grace,
            @Nullable Duration timeout) {
        return new Plan(nodes, edges, maxParallelism, grace, timeout);
    }

    /** How many nodes there are; slots count from 0. */
    public int size() {
        return size;
    }

    /** The id of the node in a slot. */
    public String id(int slot) {
        return ids[slot];
    }

    /** The slot of a node; -1 if there is no such node. */
    public int slot(String id) {
        return slots.getOrDefault(id, -1);
    }

    /** Whether the node in a slot runs on the writer's thread. */
    public boolean isInline(int slot) {
        return inline[slot];
    }

    /** Whether any edge leaves the node by another handle than {@code error}. */
    public boolean hasSuccessor(int slot) {
        for (int edge = outFrom[slot]; edge < outFrom[slot + 1]; edge++) {
            if (outHandle[edge] != ERROR_HANDLE) {
                return true;
            }
        }
        return false;
    }

    /** The bit mask of one handle of a node; 0 if it has no such handle. */
    public long handle(int slot, String name) {
        String[] names = handles[slot];
        for (int bit = 0; bit < names.length; bit++) {
            if (names[bit].equals(name)) {
                return 1L << bit;
            }
        }
        return name.equals(WorkflowEdge.ERROR) ? 1L << ERROR_HANDLE : 0;
    }

    /** The mask of the handle by which a node goes on that says nothing else: {@code out}, or its first one. */
    public long defaultHandle(int slot) {
        long out = handle(slot, WorkflowEdge.OUT);
        return out != 0 ? out : handles[slot].length == 0 ? 0 : 1;
    }

    /** The names of the handles in a mask. */
    public List<String> handleNames(int slot, long mask) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < handles[slot].length; bit++) {
            if ((mask & 1L << bit) != 0) {
                names.add(handles[slot][bit]);
            }
        }
        if ((mask & 1L << ERROR_HANDLE) != 0) {
            names.add(WorkflowEdge.ERROR);
        }
        return names;
    }

    int @Nullable [] rest(int slot) {
        return rest == null ? null : rest[slot];
    }

    private int widestFan() {
        int widest = 1;
        for (int slot = 0; slot < size; slot++) {
            widest = Math.max(widest, outFrom[slot + 1] - outFrom[slot]);
        }
        return widest;
    }

    private void copy(Node node, int slot) {
        ids[slot] = node.id();
        slots.put(node.id(), slot);
        handles[slot] = node.handles().toArray(String[]::new);
        inline[slot] = node.inline();
        retry[slot] = node.retry();
        timeoutNanos[slot] =
                node.timeout() == null ? 0 : Math.max(1, node.timeout().toNanos());
        onError[slot] = node.onError();
        needed[slot] = node.needed();
        bodies[slot] = node.body();
        atMostOnce[slot] = node.atMostOnce();
    }

    private void connect(List<WorkflowEdge> edges) {
        for (WorkflowEdge edge : edges) {
            outFrom[slot(edge.source()) + 1]++;
            inFrom[slot(edge.target()) + 1]++;
        }
        for (int slot = 0; slot < size; slot++) {
            outFrom[slot + 1] += outFrom[slot];
            inFrom[slot + 1] += inFrom[slot];
        }
        int[] nextOut = outFrom.clone();
        int[] nextIn = inFrom.clone();
        for (WorkflowEdge edge : edges) {
            int source = slot(edge.source());
            int target = slot(edge.target());
            int position = nextOut[source]++;
            outTarget[position] = target;
            outHandle[position] = (byte) Long.numberOfTrailingZeros(handle(source, edge.sourceHandle()));
            edgeSource[position] = source;
            inEdge[nextIn[target]++] = position;
        }
    }

    private boolean[] findGathering(List<Node> nodes) {
        boolean[] found = new boolean[size];
        IntRing next = new IntRing(size);
        for (int slot = 0; slot < size; slot++) {
            if (nodes.get(slot).passesThrough() && inFrom[slot + 1] - inFrom[slot] > 1) {
                found[slot] = true;
                next.add(slot);
            }
        }
        while (!next.isEmpty()) {
            int slot = next.take();
            for (int edge = outFrom[slot]; edge < outFrom[slot + 1]; edge++) {
                int target = outTarget[edge];
                if (!found[target] && nodes.get(target).passesThrough()) {
                    found[target] = true;
                    next.add(target);
                }
            }
        }
        return found;
    }

    private int[] findRoots() {
        int[] found = new int[size];
        int count = 0;
        for (int slot = 0; slot < size; slot++) {
            if (inFrom[slot] == inFrom[slot + 1]) {
                found[count++] = slot;
            }
        }
        return java.util.Arrays.copyOf(found, count);
    }

    private int @Nullable [][] findRest(List<Node> nodes) {
        if (nodes.stream().noneMatch(Node::cancelRest)) {
            return null;
        }
        int[][] found = new int[size][];
        int[] order = topologicalOrder();
        for (int slot = 0; slot < size; slot++) {
            if (nodes.get(slot).cancelRest()) {
                found[slot] = leadingOnlyTo(slot, order);
            }
        }
        return found;
    }

    private int[] topologicalOrder() {
        int[] order = new int[size];
        int[] open = new int[size];
        int end = 0;
        for (int slot = 0; slot < size; slot++) {
            open[slot] = inFrom[slot + 1] - inFrom[slot];
            if (open[slot] == 0) {
                order[end++] = slot;
            }
        }
        for (int at = 0; at < end; at++) {
            for (int edge = outFrom[order[at]]; edge < outFrom[order[at] + 1]; edge++) {
                if (--open[outTarget[edge]] == 0) {
                    order[end++] = outTarget[edge];
                }
            }
        }
        return order;
    }

    /** The nodes from which all paths lead to {@code join}. */
    private int[] leadingOnlyTo(int join, int[] order) {
        boolean[] leads = new boolean[size];
        int count = 0;
        for (int at = size - 1; at >= 0; at--) {
            int slot = order[at];
            boolean all = slot != join && outFrom[slot] < outFrom[slot + 1];
            for (int edge = outFrom[slot]; all && edge < outFrom[slot + 1]; edge++) {
                all = outTarget[edge] == join || leads[outTarget[edge]];
            }
            leads[slot] = all;
            count += all ? 1 : 0;
        }
        int[] found = new int[count];
        for (int slot = 0, next = 0; slot < size; slot++) {
            if (leads[slot]) {
                found[next++] = slot;
            }
        }
        return found;
    }
}
