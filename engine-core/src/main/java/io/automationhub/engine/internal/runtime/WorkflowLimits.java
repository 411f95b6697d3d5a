package io.automationhub.engine.internal.runtime;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many runs of a workflow may be unfinished at the same time, and the queue of those that wait until fewer are. Runs
 * that other runs called do not count, or they could wait for each other. Safe for use by several threads.
 */
final class WorkflowLimits {

    private final Map<Key, Line> lines = new HashMap<>();

    private record Key(String tenant, String workflow) {}

    /** A run in a queue: those with a higher priority go first, then those that came first. */
    private record Waiting(Execution execution, int priority, long arrival) {}

    /** The runs of one workflow. */
    private static final class Line {

        final Set<Execution> unfinished = new HashSet<>();

        final NavigableSet<Waiting> queue = new TreeSet<>(
                Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::arrival));

        long arrivals;
    }

    /** A run of a workflow with a limit is to begin. False if it has to wait. */
    synchronized boolean enter(Execution execution) {
        Line line = lines.computeIfAbsent(key(execution), key -> new Line());
        if (line.unfinished.size() < limit(execution)) {
            line.unfinished.add(execution);
            return true;
        }
        line.queue.add(new Waiting(execution, execution.start().priority(), line.arrivals++));
        return false;
    }

    /** A run of a workflow with a limit has ended; the one that may begin now, if one does. */
    synchronized @Nullable Execution leave(Execution execution) {
        Key key = key(execution);
        Line line = lines.get(key);
        if (line == null) {
            return null;
        }
        if (!line.unfinished.remove(execution)) {
            line.queue.removeIf(waiting -> waiting.execution().equals(execution));
        }
        Waiting next = line.unfinished.size() < limit(execution) ? line.queue.pollFirst() : null;
        if (next != null) {
            line.unfinished.add(next.execution());
            return next.execution();
        }
        if (line.unfinished.isEmpty() && line.queue.isEmpty()) {
            lines.remove(key);
        }
        return null;
    }

    /** How many runs are before one in its queue; -1 if it is in none. */
    synchronized int ahead(Execution execution) {
        Line line = lines.get(key(execution));
        int before = 0;
        if (line != null) {
            for (Waiting waiting : line.queue) {
                if (waiting.execution().equals(execution)) {
                    return before;
                }
                before++;
            }
        }
        return -1;
    }

    private static Key key(Execution execution) {
        return new Key(execution.tenant(), execution.workflowId());
    }

    private static int limit(Execution execution) {
        return execution.workflow().settings().limit();
    }
}
