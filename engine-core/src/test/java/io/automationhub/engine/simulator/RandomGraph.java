package io.automationhub.engine.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A graph made from a seed. Nodes are numbered so that every edge leads to a higher number. */
final class RandomGraph {

    /** What follows a failure; the names of the engine's policies, but not its type. */
    enum Policy {
        FAIL,
        CONTINUE,
        ROUTE
    }

    /**
     * @param handles how many handles it has beside its error handle
     * @param needed how many edges must be taken; 0 for all resolved and one taken
     * @param timeout the most time of an attempt; 0 for no bound
     * @param totalTimeout the most time of all attempts; 0 for no bound
     * @param group what it runs inside; null if it is no group
     */
    record Node(
            int handles,
            boolean inline,
            boolean trigger,
            Policy policy,
            int maxAttempts,
            long delay,
            long timeout,
            long totalTimeout,
            int needed,
            boolean cancelRest,
            @Nullable Group group) {}

    enum Kind {
        SCOPE,
        FOR_EACH,
        LOOP
    }

    /** What follows the failure of an item; the names of the engine's policies, but not its type. */
    enum ItemPolicy {
        FAIL,
        CONTINUE,
        COLLECT
    }

    /** A group: its body, and how that is repeated. What does not belong to the kind means nothing. */
    record Group(
            Kind kind,
            RandomGraph body,
            int items,
            int parallel,
            ItemPolicy itemPolicy,
            int maxIterations,
            boolean testBefore) {}

    /** An edge; handle -1 is the error handle. */
    record Edge(int source, int handle, int target) {}

    final List<Node> nodes = new ArrayList<>();
    final List<Edge> edges;
    final int maxParallelism;
    final long grace;
    final long runTimeout;
    final int start;

    /** A whole workflow. */
    RandomGraph(Random random) {
        this(random, random.nextInt(5) < 3, 0, random.nextInt(4) == 0, null);
    }

    private RandomGraph(Random random, boolean groups, int depth, boolean calm, @Nullable RandomGraph outer) {
        int size =
                depth > 0 ? random.nextInt(depth == 1 ? 7 : 4) : 3 + random.nextInt(random.nextInt(10) == 0 ? 60 : 26);
        boolean triggers = depth == 0 && random.nextInt(3) > 0;
        Set<Edge> connected = new LinkedHashSet<>();
        int[] handles = new int[size];
        Policy[] policies = new Policy[size];
        for (int i = 0; i < size; i++) {
            handles[i] = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
            policies[i] = calm || random.nextInt(3) > 0 ? Policy.FAIL : Policy.values()[1 + random.nextInt(2)];
        }
        int roots = triggers ? 1 + random.nextInt(2) : 1 + random.nextInt(3);
        for (int i = roots; i < size; i++) {
            int incoming = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
            for (int k = 0; k < incoming; k++) {
                int source = random.nextInt(4) == 0 ? random.nextInt(i) : Math.max(0, i - 1 - random.nextInt(6));
                boolean error = policies[source] == Policy.ROUTE && random.nextInt(3) == 0;
                connected.add(new Edge(source, error ? -1 : random.nextInt(handles[source]), i));
            }
        }
        edges = new ArrayList<>(connected);
        maxParallelism = outer != null ? outer.maxParallelism : random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 64;
        grace = outer != null ? outer.grace : 500_000 + random.nextInt(1_000_000);
        runTimeout = depth > 0 || calm || random.nextInt(4) > 0
                ? 0
                : 1_000_000 + random.nextInt(random.nextBoolean() ? 4_000_000 : 20_000_000);
        start = triggers ? random.nextInt(roots) : -1;
        for (int i = 0; i < size; i++) {
            boolean trigger = triggers && i < roots;
            boolean group = groups && !trigger && depth < 3 && random.nextInt(depth == 0 ? 6 : 3) == 0;
            Node node = node(random, i, handles[i], policies[i], trigger, calm);
            nodes.add(group ? group(random, node, depth, calm) : node);
        }
    }

    private Node group(Random random, Node node, int depth, boolean calm) {
        Kind kind = Kind.values()[random.nextInt(3)];
        Group group = new Group(
                kind,
                new RandomGraph(random, true, depth + 1, calm, this),
                random.nextInt(4),
                1 + random.nextInt(3),
                ItemPolicy.values()[random.nextInt(3)],
                1 + random.nextInt(3),
                random.nextBoolean());
        boolean timed = !calm && random.nextInt(4) == 0;
        return new Node(
                node.handles(),
                true,
                false,
                node.policy(),
                kind == Kind.SCOPE ? node.maxAttempts() : 1,
                node.delay(),
                timed ? 1 + random.nextInt(6_000_000) : 0,
                0,
                node.needed(),
                node.cancelRest(),
                group);
    }

    private Node node(Random random, int number, int handles, Policy policy, boolean trigger, boolean calm) {
        int incoming =
                (int) edges.stream().filter(edge -> edge.target() == number).count();
        boolean special = incoming > 1 && random.nextInt(2) == 0;
        int needed = special ? 1 + random.nextInt(incoming) : 0;
        boolean inline = random.nextInt(3) == 0;
        boolean timed = !inline && !calm && random.nextInt(4) == 0;
        return new Node(
                handles,
                inline,
                trigger,
                policy,
                random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1,
                1 + random.nextInt(3_000_000),
                timed ? 1 + random.nextInt(4_000_000) : 0,
                timed && random.nextBoolean() ? 1 + random.nextInt(9_000_000) : 0,
                needed,
                needed > 0 && random.nextBoolean(),
                null);
    }

    /** How deep groups stand in each other; 0 if there are none. */
    int depth() {
        int deepest = 0;
        for (Node node : nodes) {
            if (node.group() != null) {
                deepest = Math.max(deepest, 1 + node.group().body().depth());
            }
        }
        return deepest;
    }

    boolean hasJoin() {
        int[] incoming = new int[nodes.size()];
        for (Edge edge : edges) {
            if (++incoming[edge.target()] > 1) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            text.append(i).append(": ").append(nodes.get(i)).append('\n');
        }
        return text.append(edges)
                .append("\nmaxParallelism ")
                .append(maxParallelism)
                .append(", grace ")
                .append(grace)
                .append(", run time-out ")
                .append(runTimeout)
                .append(", start ")
                .append(start)
                .toString();
    }
}
