package io.automationhub.engine.simulator;

import io.automationhub.engine.simulator.RandomGraph.Edge;
import io.automationhub.engine.simulator.RandomGraph.Node;
import io.automationhub.engine.simulator.RandomGraph.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The semantics of a workflow, or of one iteration of a group, written down as slowly and plainly as possible. After
 * every event it looks at all nodes again and derives from what has ended what may run and what never will, until
 * nothing changes.
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

        @Nullable
        GroupState group;
    }

    /** What is known of one attempt of a group. */
    static final class GroupState {
        final Map<Integer, Reference> live = new TreeMap<>();
        final Set<Integer> begun = new TreeSet<>();
        final Map<Integer, Object> results = new TreeMap<>();
        final Map<Integer, Object> errors = new TreeMap<>();

        @Nullable
        Object failure;

        boolean cancelled;

        /** A loop's: whether its test is due, and whether it ended the loop. */
        boolean test;

        boolean done;
    }

    /** What is to be done for a group; the names of the machine's steps, but not its type. */
    enum Step {
        WAIT,
        TEST,
        SUCCEED,
        FAIL,
        CANCEL
    }

    final @Nullable Reference parent;

    /** The group's node in the parent, and the number of the iteration. */
    final int group;

    final int index;

    /** Whether what became of the iteration was asked for. */
    boolean reported;

    private final RandomGraph graph;
    final List<Cell> cells = new ArrayList<>();
    Run run = Run.RUNNING;
    boolean ending;
    long graceDue = NEVER;

    /** Whether nothing new begins; only that of the whole run counts. */
    boolean paused;

    /** The time; only that of the whole run counts. */
    private long time;

    /** Nodes that were both skipped and cancelled by the last event; either name is right. */
    final Set<Integer> skippedOrCancelled = new TreeSet<>();

    /** A whole run. */
    Reference(RandomGraph graph) {
        this(graph, null, -1, 0);
    }

    private Reference(RandomGraph graph, @Nullable Reference parent, int group, int index) {
        this.graph = graph;
        this.parent = parent;
        this.group = group;
        this.index = index;
        for (int i = 0; i < graph.nodes.size(); i++) {
            cells.add(new Cell());
        }
    }

    RandomGraph graph() {
        return graph;
    }

    Reference root() {
        return parent == null ? this : parent.root();
    }

    long now() {
        return root().time;
    }

    void setTime(long now) {
        root().time = now;
    }

    /** This scope and all iterations that go on in it. */
    List<Reference> all() {
        List<Reference> all = new ArrayList<>(List.of(this));
        for (Cell cell : cells) {
            if (cell.group != null) {
                cell.group.live.values().forEach(iteration -> all.addAll(iteration.all()));
            }
        }
        return all;
    }

    // ---------------------------------------------------------------- groups

    void beginGroup(int node) {
        GroupState state = new GroupState();
        RandomGraph.Group spec = spec(node);
        state.test = spec.kind() == RandomGraph.Kind.LOOP && spec.testBefore();
        cells.get(node).group = state;
    }

    private RandomGraph.Group spec(int node) {
        return Objects.requireNonNull(graph.nodes.get(node).group());
    }

    /** What a group comes to next; begins iterations. */
    Step step(int node) {
        GroupState state = Objects.requireNonNull(cells.get(node).group);
        RandomGraph.Group spec = spec(node);
        if (!state.cancelled && state.failure == null) {
            Step next = advance(node, state, spec);
            if (state.failure == null) {
                return next;
            }
        }
        state.live.values().forEach(Reference::cancel);
        return !state.live.isEmpty() ? Step.WAIT : state.cancelled ? Step.CANCEL : Step.FAIL;
    }

    private Step advance(int node, GroupState state, RandomGraph.Group spec) {
        switch (spec.kind()) {
            case SCOPE -> {
                if (state.begun.isEmpty()) {
                    begin(node, cells.get(node).attempt - 1);
                }
                return state.results.isEmpty() ? Step.WAIT : Step.SUCCEED;
            }
            case FOR_EACH -> {
                for (int i = 0; i < spec.items(); i++) {
                    if (!state.begun.contains(i) && state.live.size() < spec.parallel()) {
                        begin(node, i);
                    }
                }
                return state.live.isEmpty() ? Step.SUCCEED : Step.WAIT;
            }
            default -> {
                if (state.done) {
                    return Step.SUCCEED;
                }
                if (!state.live.isEmpty()) {
                    return Step.WAIT;
                }
                if (state.test) {
                    return Step.TEST;
                }
                if (state.begun.size() == spec.maxIterations()) {
                    state.failure = "limit";
                    return Step.FAIL;
                }
                begin(node, state.begun.size());
                return Step.WAIT;
            }
        }
    }

    private void begin(int node, int number) {
        GroupState state = Objects.requireNonNull(cells.get(node).group);
        Reference iteration = new Reference(spec(node).body(), this, node, number);
        state.begun.add(number);
        state.live.put(number, iteration);
        iteration.start();
    }

    void tested(int node, boolean holds) {
        GroupState state = Objects.requireNonNull(cells.get(node).group);
        state.test = false;
        state.done = holds != spec(node).testBefore();
    }

    /** Whether nothing more happens in this scope. */
    boolean isOver() {
        return cells.stream().allMatch(cell -> cell.state.isEnded() || ending && cell.state == State.PENDING);
    }

    /** What became of an iteration is told to its group: a result, an error, or null if it was cancelled. */
    void iterationEnded(@Nullable Object result, @Nullable Object error) {
        Reference outer = Objects.requireNonNull(parent);
        GroupState state = Objects.requireNonNull(outer.cells.get(group).group);
        RandomGraph.Group spec = outer.spec(group);
        state.live.remove(index);
        if (result != null) {
            state.results.put(index, result);
            state.test = spec.kind() == RandomGraph.Kind.LOOP;
        } else if (error == null) {
            state.cancelled |= state.failure == null;
        } else if (spec.kind() == RandomGraph.Kind.FOR_EACH && spec.itemPolicy() != RandomGraph.ItemPolicy.FAIL) {
            state.errors.put(index, error);
        } else if (state.failure == null) {
            state.failure = error;
        }
    }

    /** What a group gives, as text. */
    String output(int node) {
        GroupState state = Objects.requireNonNull(cells.get(node).group);
        RandomGraph.Group spec = spec(node);
        if (spec.kind() != RandomGraph.Kind.FOR_EACH) {
            return state.results.isEmpty()
                    ? "null"
                    : String.valueOf(state.results.get(Collections.max(state.results.keySet())));
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < spec.items(); i++) {
            boolean failed = state.errors.containsKey(i);
            boolean collect = spec.itemPolicy() == RandomGraph.ItemPolicy.COLLECT;
            all.add(failed ? collect ? "failed " + i : "null" : String.valueOf(state.results.get(i)));
        }
        return all.toString();
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
        check(!root().paused, "node " + node + " is run in a run that is paused");
        check(
                graph.nodes.get(node).inline() || root().running() < graph.maxParallelism,
                "too many run with node " + node);
        cell.state = State.RUNNING;
        if (cell.firstStart == NEVER) {
            cell.firstStart = now();
        }
        Node spec = graph.nodes.get(node);
        if (!cell.resumed) {
            cell.attempt++;
            cell.attemptDue = spec.timeout() == 0 ? NEVER : now() + spec.timeout();
        }
        cell.due = Math.min(cell.attemptDue, totalDue(node));
    }

    boolean canRunMore() {
        for (int i = 0; i < cells.size(); i++) {
            if (!root().paused
                    && cells.get(i).state == State.READY
                    && (graph.nodes.get(i).inline() || root().running() < graph.maxParallelism)) {
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
        if (cell.state == State.ENDING || ending || root().ending) {
            succeed(node, "stopped", Set.of());
            return;
        }
        end(node, success ? State.SUCCEEDED : State.FAILED);
        cell.output = "stopped";
        if (parent != null) {
            endRun(Run.CANCELLED);
        }
        root().endRun(success ? Run.SUCCEEDED : Run.FAILED);
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

    /** Does what is due now, here and in all iterations. */
    void tick() {
        tickHere();
        for (Reference iteration : all()) {
            if (iteration != this) {
                iteration.tickHere();
            }
        }
    }

    private void tickHere() {
        if (graph.runTimeout > 0 && now() >= graph.runTimeout && !ending) {
            endRun(Run.FAILED);
        }
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).due <= now()) {
                due(i);
            }
        }
        if (now() >= graceDue) {
            graceDue = NEVER;
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).state == State.ENDING && !isGroup(i)) {
                    end(i, State.CANCELLED);
                }
            }
        }
        settle();
    }

    private void due(int node) {
        Cell cell = cells.get(node);
        cell.due = NEVER;
        boolean total = totalDue(node) <= now();
        switch (cell.state) {
            case BACKOFF -> {
                cell.state = State.READY;
                cell.resumed = false;
            }
            case WAITING -> {
                if (cell.wakeAt <= now()) {
                    wake(node);
                } else {
                    cell.reason = total ? Reason.TOTAL_TIMEOUT : Reason.TIMEOUT;
                    timedOut(node);
                }
            }
            case RUNNING -> {
                cell.state = State.ENDING;
                cell.reason = total ? Reason.TOTAL_TIMEOUT : Reason.TIMEOUT;
                cell.due = isGroup(node) ? NEVER : now() + graph.grace;
                cancelIterations(cell);
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
        Set<Long> graces = new TreeSet<>();
        for (Reference scope : all()) {
            for (Cell cell : scope.cells) {
                if (cell.due != NEVER) {
                    dues.add(cell.due);
                }
            }
            if (scope.graceDue != NEVER && !scope.reported) {
                graces.add(scope.graceDue);
            }
        }
        // A scope and its groups end together, and it does not matter which of them is looked at first.
        dues.addAll(graces);
        if (graph.runTimeout > 0 && !ending) {
            dues.add(graph.runTimeout);
        }
        return dues;
    }

    // ---------------------------------------------------------------- rules

    private boolean isGroup(int node) {
        return graph.nodes.get(node).group() != null;
    }

    /** A group that is to end waits for its iterations, which are told so. */
    private static void cancelIterations(Cell cell) {
        if (cell.group != null) {
            cell.group.cancelled = true;
            cell.group.live.values().forEach(Reference::cancel);
        }
    }

    private void timedOut(int node) {
        Cell cell = cells.get(node);
        boolean retriable = cell.reason == Reason.TIMEOUT;
        cell.reason = Reason.NONE;
        failAttempt(node, retriable);
    }

    private void failAttempt(int node, boolean retriable) {
        Cell cell = cells.get(node);
        Node spec = graph.nodes.get(node);
        long retryAt = now() + spec.delay();
        boolean inTime =
                retryAt < totalDue(node) && (root().graph.runTimeout == 0 || retryAt < root().graph.runTimeout);
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
                    cancelIterations(cell);
                    any = true;
                }
                default -> {
                    // Ended, or never to begin.
                }
            }
            cell.due = NEVER;
        }
        graceDue = any ? now() + graph.grace : NEVER;
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
                    cell.due = isGroup(i) ? NEVER : now() + graph.grace;
                    cancelIterations(cell);
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

    /** How many attempts that are not inline run, here and in all iterations. */
    private int running() {
        int count = 0;
        for (Reference scope : all()) {
            for (int i = 0; i < scope.cells.size(); i++) {
                State state = scope.cells.get(i).state;
                boolean runs = state == State.RUNNING || state == State.ENDING;
                count += runs && !scope.graph.nodes.get(i).inline() ? 1 : 0;
            }
        }
        return count;
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
