package io.automationhub.engine.simulator;

import io.automationhub.engine.simulator.RandomGraph.Edge;
import io.automationhub.engine.simulator.RandomGraph.Node;
import io.automationhub.engine.simulator.RandomGraph.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The semantics, written down as slowly and plainly as possible. After every event it looks at all nodes again and
 * derives from what has ended what may run and what never will, until nothing changes.
 */
final class Reference {

    enum State {
        PENDING,
        READY,
        RUNNING,
        ENDING,
        WAITING,
        BACKOFF,
        SUCCEEDED,
        FAILED,
        SKIPPED,
        CANCELLED;

        boolean isEnded() {
            return ordinal() >= SUCCEEDED.ordinal();
        }
    }

    enum Run {
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** Why an attempt was asked to end. */
    enum Reason {
        NONE,
        TIMEOUT,
        TOTAL_TIMEOUT,
        CANCEL
    }

    static final int ERROR = -1;
    static final long NEVER = Long.MAX_VALUE;

    /** What is known of one node. */
    static final class Cell {
        State state = State.PENDING;
        Set<Integer> taken = new TreeSet<>();
        Object output = "";
        int attempt;
        long firstStart = NEVER;
        long attemptDue = NEVER;
        long due = NEVER;
        long wakeAt = NEVER;
        Reason reason = Reason.NONE;
        boolean resumed;
        boolean cutOff;
        Object arrived = "";
    }

    private final RandomGraph graph;
    final List<Cell> cells = new ArrayList<>();
    Run run = Run.RUNNING;
    boolean ending;
    long now;
    long graceDue = NEVER;

    /** Nodes that were both skipped and cancelled by the last event; either name is right. */
    final Set<Integer> skippedOrCancelled = new TreeSet<>();

    Reference(RandomGraph graph) {
        this.graph = graph;
        for (int i = 0; i < graph.nodes.size(); i++) {
            cells.add(new Cell());
        }
    }

    // ---------------------------------------------------------------- events

    void start() {
        for (int i = 0; i < cells.size(); i++) {
            if (incoming(i).isEmpty()) {
                cells.get(i).state = graph.start < 0 || graph.start == i ? State.READY : State.SKIPPED;
            }
        }
        settle();
    }

    /** The machine chose to run a ready node; is it allowed to? */
    void run(int node) {
        Cell cell = cells.get(node);
        check(cell.state == State.READY, "node " + node + " is run, but is " + cell.state);
        check(graph.nodes.get(node).inline() || running() < graph.maxParallelism, "too many run with node " + node);
        cell.state = State.RUNNING;
        if (cell.firstStart == NEVER) {
            cell.firstStart = now;
        }
        Node spec = graph.nodes.get(node);
        if (!cell.resumed) {
            cell.attempt++;
            cell.attemptDue = spec.timeout() == 0 ? NEVER : now + spec.timeout();
        }
        cell.due = Math.min(cell.attemptDue, totalDue(node));
    }

    boolean canRunMore() {
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).state == State.READY
                    && (graph.nodes.get(i).inline() || running() < graph.maxParallelism)) {
                return true;
            }
        }
        return false;
    }

    void succeed(int node, Object output, Set<Integer> handles) {
        Cell cell = cells.get(node);
        if (cell.state == State.ENDING && cell.reason != Reason.CANCEL) {
            timedOut(node);
            return;
        }
        end(node, State.SUCCEEDED);
        cell.output = output;
        cell.taken = goesOn(cell) ? handles : Set.of();
        settle();
    }

    void fail(int node, boolean cancelled, boolean retriable) {
        Cell cell = cells.get(node);
        if (cell.state == State.ENDING) {
            if (cell.reason != Reason.CANCEL) {
                timedOut(node);
            } else if (cell.cutOff && !ending || cancelled) {
                end(node, State.CANCELLED);
            } else {
                end(node, ending ? State.FAILED : State.CANCELLED);
            }
            settle();
            return;
        }
        failAttempt(node, retriable);
    }

    void stop(int node, boolean success) {
        Cell cell = cells.get(node);
        if (cell.state == State.ENDING || ending) {
            succeed(node, "stopped", Set.of());
            return;
        }
        end(node, success ? State.SUCCEEDED : State.FAILED);
        cell.output = "stopped";
        endRun(success ? Run.SUCCEEDED : Run.FAILED);
    }

    void suspend(int node, long wakeAt) {
        Cell cell = cells.get(node);
        if (cell.state == State.ENDING) {
            if (cell.reason == Reason.CANCEL) {
                end(node, State.CANCELLED);
                settle();
            } else {
                timedOut(node);
            }
            return;
        }
        cell.state = State.WAITING;
        cell.wakeAt = wakeAt;
        cell.due = Math.min(wakeAt, Math.min(cell.attemptDue, totalDue(node)));
    }

    void wake(int node) {
        Cell cell = cells.get(node);
        cell.state = State.READY;
        cell.resumed = true;
        cell.due = NEVER;
        cell.wakeAt = NEVER;
    }

    void cancel() {
        if (!ending) {
            endRun(Run.CANCELLED);
        }
    }

    /** Does what is due at {@link #now}. */
    void tick() {
        if (graph.runTimeout > 0 && now >= graph.runTimeout && !ending) {
            endRun(Run.FAILED);
        }
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).due <= now) {
                due(i);
            }
        }
        if (now >= graceDue) {
            graceDue = NEVER;
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).state == State.ENDING) {
                    end(i, State.CANCELLED);
                }
            }
        }
        settle();
    }

    private void due(int node) {
        Cell cell = cells.get(node);
        cell.due = NEVER;
        boolean total = totalDue(node) <= now;
        switch (cell.state) {
            case BACKOFF -> {
                cell.state = State.READY;
                cell.resumed = false;
            }
            case WAITING -> {
                if (cell.wakeAt <= now) {
                    wake(node);
                } else {
                    cell.reason = total ? Reason.TOTAL_TIMEOUT : Reason.TIMEOUT;
                    timedOut(node);
                }
            }
            case RUNNING -> {
                cell.state = State.ENDING;
                cell.reason = total ? Reason.TOTAL_TIMEOUT : Reason.TIMEOUT;
                cell.due = now + graph.grace;
            }
            case ENDING -> {
                if (cell.reason == Reason.CANCEL) {
                    end(node, State.CANCELLED);
                } else {
                    timedOut(node);
                }
            }
            default -> throw new AssertionError("node " + node + " is due, but is " + cell.state);
        }
    }

    /** The times at which something is due, to find the next one and to see whether two coincide. */
    List<Long> dues() {
        List<Long> dues = new ArrayList<>();
        for (Cell cell : cells) {
            if (cell.due != NEVER) {
                dues.add(cell.due);
            }
        }
        if (graceDue != NEVER) {
            dues.add(graceDue);
        }
        if (graph.runTimeout > 0 && !ending) {
            dues.add(graph.runTimeout);
        }
        return dues;
    }

    // ---------------------------------------------------------------- rules

    private void timedOut(int node) {
        Cell cell = cells.get(node);
        boolean retriable = cell.reason == Reason.TIMEOUT;
        cell.reason = Reason.NONE;
        failAttempt(node, retriable);
    }

    private void failAttempt(int node, boolean retriable) {
        Cell cell = cells.get(node);
        Node spec = graph.nodes.get(node);
        long retryAt = now + spec.delay();
        boolean inTime = retryAt < totalDue(node) && (graph.runTimeout == 0 || retryAt < graph.runTimeout);
        if (retriable && cell.attempt < spec.maxAttempts() && inTime && !ending) {
            cell.state = State.BACKOFF;
            cell.due = retryAt;
            return;
        }
        end(node, State.FAILED);
        if (ending) {
            return;
        }
        cell.output = "error of " + node;
        if (spec.policy() == Policy.FAIL) {
            endRun(Run.FAILED);
        } else {
            cell.taken = Set.of(spec.policy() == Policy.ROUTE ? ERROR : 0);
        }
        settle();
    }

    private long totalDue(int node) {
        long total = graph.nodes.get(node).totalTimeout();
        long first = cells.get(node).firstStart;
        return total == 0 || first == NEVER ? NEVER : first + total;
    }

    private boolean goesOn(Cell cell) {
        return !ending && !cell.cutOff;
    }

    private void end(int node, State state) {
        cells.get(node).state = state;
        cells.get(node).due = NEVER;
    }

    private void endRun(Run how) {
        run = how;
        ending = true;
        boolean any = false;
        for (Cell cell : cells) {
            switch (cell.state) {
                case READY -> cell.state = cell.firstStart == NEVER ? State.PENDING : State.CANCELLED;
                case WAITING, BACKOFF -> cell.state = State.CANCELLED;
                case RUNNING, ENDING -> {
                    cell.state = State.ENDING;
                    cell.reason = Reason.CANCEL;
                    any = true;
                }
                default -> {
                    // Ended, or never to begin.
                }
            }
            cell.due = NEVER;
        }
        graceDue = any ? now + graph.grace : NEVER;
    }

    /** Looks at all nodes that wait for edges until nothing changes any more. */
    private void settle() {
        boolean changed = !ending;
        while (changed) {
            changed = false;
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).state == State.PENDING && !incoming(i).isEmpty()) {
                    changed |= decide(i);
                }
            }
        }
        if (!ending && cells.stream().allMatch(cell -> cell.state.isEnded())) {
            run = Run.SUCCEEDED;
        }
    }

    private boolean decide(int node) {
        int taken = 0;
        int open = 0;
        for (Edge edge : incoming(node)) {
            Cell source = cells.get(edge.source());
            if (!source.state.isEnded()) {
                open++;
            } else if (source.taken.contains(edge.handle())) {
                taken++;
            }
        }
        Node spec = graph.nodes.get(node);
        boolean runs = spec.needed() == 0 ? open == 0 && taken > 0 : taken >= spec.needed();
        boolean never = spec.needed() == 0 ? open == 0 && taken == 0 : taken + open < spec.needed();
        if (runs) {
            cells.get(node).state = State.READY;
            cells.get(node).arrived = previous(node);
            if (spec.cancelRest()) {
                cancelRest(node);
            }
        } else if (never) {
            cells.get(node).state = State.SKIPPED;
        }
        return runs || never;
    }

    private void cancelRest(int join) {
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (i == join || !allPathsLeadTo(i, join)) {
                continue;
            }
            switch (cell.state) {
                case PENDING, READY, WAITING, BACKOFF -> {
                    boolean couldBeSkipped = cell.state == State.PENDING;
                    end(i, State.CANCELLED);
                    cell.cutOff = true;
                    if (couldBeSkipped) {
                        skippedOrCancelled.add(i);
                    }
                }
                case RUNNING -> {
                    cell.state = State.ENDING;
                    cell.reason = Reason.CANCEL;
                    cell.cutOff = true;
                    cell.due = now + graph.grace;
                }
                case ENDING -> {
                    cell.reason = Reason.CANCEL;
                    cell.cutOff = true;
                }
                case SKIPPED -> skippedOrCancelled.add(i);
                default -> {
                    // Ended before the join fired.
                }
            }
        }
    }

    private boolean allPathsLeadTo(int node, int join) {
        List<Edge> outgoing =
                graph.edges.stream().filter(edge -> edge.source() == node).toList();
        return !outgoing.isEmpty()
                && outgoing.stream()
                        .allMatch(edge ->
                                edge.target() == join || edge.target() < join && allPathsLeadTo(edge.target(), join));
    }

    /** What the taken edges bring, as text: one output, or outputs by node. */
    Object previous(int node) {
        Map<Integer, Object> brought = new TreeMap<>();
        for (Edge edge : incoming(node)) {
            Cell source = cells.get(edge.source());
            if (source.state.isEnded() && source.taken.contains(edge.handle())) {
                brought.put(edge.source(), source.output);
            }
        }
        return brought.size() == 1 ? brought.values().iterator().next() : brought;
    }

    private List<Edge> incoming(int node) {
        return graph.edges.stream().filter(edge -> edge.target() == node).toList();
    }

    private int running() {
        int count = 0;
        for (int i = 0; i < cells.size(); i++) {
            State state = cells.get(i).state;
            boolean runs = state == State.RUNNING || state == State.ENDING;
            count += runs && !graph.nodes.get(i).inline() ? 1 : 0;
        }
        return count;
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
