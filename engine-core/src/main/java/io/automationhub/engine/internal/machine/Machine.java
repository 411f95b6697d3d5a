package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link Plan}: of a workflow, or of one iteration of a group.
 *
 * <p><b>Use.</b> The owner tells what happened ({@link #start}, {@link #completed}, {@link #failed}, …) and then takes
 * commands from the {@link MachineTree} until there are none. A command is a number: an operation and a slot. Only one
 * thread may use the machines of a run at a time.
 *
 * <p><b>Groups.</b> A group is run like a node: the owner begins a {@link GroupRun}, which makes a machine for each
 * iteration, and tells this machine what came of it.
 *
 * <p><b>Time</b> comes with every event, in nanoseconds since the start of the run.
 *
 * <p><b>Recovery.</b> {@link MachineFold} repeats what was recorded.
 */
public final class Machine extends MachineState {

    /** Nothing is to be done now. */
    public static final long NONE = 0;

    /** Run an attempt of the node: the first one, a further one, or the same one after a wait. */
    public static final int RUN = 1;

    /** Ask the node's running attempt to end. */
    public static final int STOP = 2;

    /** Give up on the node's running attempt: whatever it still returns does not count. */
    public static final int ABANDON = 3;

    /** The iteration has ended, and its owner is to say what it came to. */
    public static final int RESULT = 4;

    /** A log entry: an attempt that is not inline began. */
    public static final int LOG_STARTED = 1;

    /** A log entry: an attempt failed, and another one will follow. */
    public static final int LOG_RETRY = 2;

    /** A log entry: the node waits. */
    public static final int LOG_SUSPENDED = 3;

    /** A log entry: the wait is over. */
    public static final int LOG_WOKEN = 4;

    /** A log entry: the node run ended, also if it never ran. */
    public static final int LOG_ENDED = 5;

    /** No time at all: never due. */
    public static final long NEVER = Deadlines.NEVER;

    private static final int OPERATION_SHIFT = 60;
    private static final int TAKEN_ONE = 1 << 16;
    private static final int OPEN_MASK = TAKEN_ONE - 1;
    private static final String TIMEOUT = "timeout";
    private static final String CANCELLED = "cancelled";

    /** Why an attempt was asked to end. */
    private static final byte BY_TIMEOUT = 1;

    private static final byte BY_TOTAL_TIMEOUT = 2;
    private static final byte BY_CANCEL = 3;

    /** A machine that has not begun. */
    Machine(MachineTree tree, Plan plan, long seed, @Nullable GroupRun group, int index) {
        super(tree, plan, seed, group, index);
    }

    // ---------------------------------------------------------------- commands

    /** The operation of a command: {@link #RUN}, {@link #STOP}, {@link #ABANDON} or {@link #RESULT}. */
    public static int operation(long command) {
        return (int) (command >>> OPERATION_SHIFT);
    }

    /** The slot of a command. */
    public static int slot(long command) {
        return (int) command;
    }

    /** The next thing to do here; {@link #NONE} if there is nothing until something happens. */
    long next() {
        if (rare != null && !rare.effects.isEmpty()) {
            int effect = rare.effects.take();
            return (long) (effect & 3) << OPERATION_SHIFT | effect >>> 2;
        }
        if (tree.mayBegin()) {
            long command = nextToRun();
            if (command != NONE) {
                return command;
            }
        }
        if (active == 0 && group != null && !reported) {
            reported = true;
            return (long) RESULT << OPERATION_SHIFT;
        }
        return NONE;
    }

    private long nextToRun() {
        while (!inlineReady.isEmpty()) {
            int slot = inlineReady.take();
            if (status[slot] == Status.READY) {
                return begin(slot);
            }
        }
        while (tree.hasPlace() && !otherReady.isEmpty()) {
            int slot = otherReady.take();
            if (status[slot] == Status.READY) {
                tree.takePlace();
                long command = begin(slot);
                record(LOG_STARTED, slot);
                return command;
            }
        }
        return NONE;
    }

    /** Whether it could do something if fewer attempts ran elsewhere in the run. */
    boolean waitsForPlace() {
        return !otherReady.isEmpty();
    }

    long begin(int slot) {
        status[slot] = Status.RUNNING;
        if (startedAt[slot] == 0) {
            startedAt[slot] = tree.now + 1;
        } else {
            countAttempt(rare(), slot);
        }
        if (plan.timed[slot]) {
            setDeadlines(slot);
        }
        return (long) RUN << OPERATION_SHIFT | slot;
    }

    /** An attempt that goes on after a wait, or that begins again after a crash, is not a further one. */
    private static void countAttempt(RareState state, int slot) {
        if (state.repeated[slot]) {
            state.repeated[slot] = false;
        } else if (!state.resumed[slot]) {
            state.retries[slot]++;
        }
    }

    private void setDeadlines(int slot) {
        RareState state = rare();
        if (!state.resumed[slot]) {
            long timeout = plan.timeoutNanos[slot];
            state.attemptDue[slot] = timeout == 0 ? NEVER : later(tree.now, timeout);
            Duration total = plan.retry[slot].totalTimeout();
            state.totalDue[slot] = total == null ? NEVER : later(startedAt[slot] - 1, total.toNanos());
        }
        deadlines().set(slot, Math.min(state.attemptDue[slot], state.totalDue[slot]));
    }

    // ---------------------------------------------------------------- events

    /**
     * Begins.
     *
     * @param trigger the slot it begins at; -1 for all roots. Other triggers, and roots that are none, are skipped
     */
    public void start(int trigger, long nanos) {
        tree.now = nanos;
        for (int root : plan.roots) {
            if (trigger < 0 || root == trigger) {
                ready(root);
            } else {
                skip(root);
            }
        }
        resolveSkipped();
    }

    /**
     * An attempt returned a value.
     *
     * @param handles the mask of the handles it takes
     */
    public void completed(int slot, @Nullable Object value, long handles, long nanos) {
        tree.now = nanos;
        if (status[slot] == Status.RUNNING) {
            release(slot);
            finish(slot, Status.SUCCEEDED, value, null, handles);
        } else if (status[slot] == Status.ENDING) {
            release(slot);
            if (rare().endingBy[slot] == BY_CANCEL) {
                finish(slot, Status.SUCCEEDED, value, null, handles);
            } else {
                failTimedOut(slot);
            }
        }
    }

    /**
     * An attempt failed.
     *
     * @param error what the node keeps as its error
     * @param kind the error's kind
     * @param retriable whether another attempt can help at all
     * @param retryAfterNanos the wait that the other side asked for; negative if it did not
     */
    public void failed(int slot, JsonObject error, String kind, boolean retriable, long retryAfterNanos, long nanos) {
        tree.now = nanos;
        if (status[slot] == Status.RUNNING) {
            release(slot);
            failAttempt(slot, error, kind, retriable, retryAfterNanos);
        } else if (status[slot] == Status.ENDING) {
            release(slot);
            if (rare().endingBy[slot] != BY_CANCEL) {
                failTimedOut(slot);
            } else if (outcome == Outcome.RUNNING || kind.equals(CANCELLED)) {
                finish(slot, Status.CANCELLED, null, error, 0);
            } else {
                finish(slot, Status.FAILED, null, error, 0);
            }
        }
    }

    /**
     * An attempt ended the whole run.
     *
     * @param error null if the run is to succeed
     */
    public void stopped(int slot, @Nullable Object value, @Nullable JsonObject error, long nanos) {
        Machine root = tree.root();
        boolean counts = status[slot] == Status.RUNNING && outcome == Outcome.RUNNING && !root.isEnding();
        if (!counts) {
            completed(slot, value, 0, nanos);
            return;
        }
        tree.now = nanos;
        release(slot);
        tree.stoppedBy(this, slot);
        Outcome end = error == null ? Outcome.SUCCEEDED : Outcome.FAILED;
        outcome = group == null ? end : Outcome.CANCELLED;
        finish(slot, error == null ? Status.SUCCEEDED : Status.FAILED, value, error, 0);
        endRun();
        if (group != null) {
            root.endRun(end);
        }
    }

    /**
     * An attempt waits.
     *
     * @param wakeAt when it goes on by itself; {@link #NEVER} if only {@link #woken} resumes it
     */
    public void suspended(int slot, long wakeAt, long nanos) {
        tree.now = nanos;
        if (status[slot] == Status.ENDING) {
            endWithoutResult(slot);
        } else if (status[slot] == Status.RUNNING) {
            release(slot);
            suspend(slot, wakeAt);
        }
    }

    void suspend(int slot, long wakeAt) {
        RareState state = rare();
        status[slot] = Status.SUSPENDED;
        state.wakeAt[slot] = wakeAt;
        deadlines().set(slot, Math.min(wakeAt, Math.min(state.attemptDue[slot], state.totalDue[slot])));
        wakeUp();
        record(LOG_SUSPENDED, slot);
    }

    /** Something from outside ends a wait. False if the node does not wait. */
    public boolean woken(int slot, long nanos) {
        tree.now = nanos;
        if (status[slot] != Status.SUSPENDED) {
            return false;
        }
        wake(slot);
        return true;
    }

    private void wake(int slot) {
        RareState state = rare();
        state.resumed[slot] = true;
        state.wakeAt[slot] = NEVER;
        deadlines().set(slot, NEVER);
        record(LOG_WOKEN, slot);
        enqueue(slot);
    }

    /** Time has passed: does everything that is due. */
    void tick(long nanos) {
        tree.now = nanos;
        if (tree.now >= runDue && outcome == Outcome.RUNNING) {
            timedOut = true;
            endRun(Outcome.FAILED);
        }
        if (deadlines != null) {
            for (int slot = deadlines.poll(tree.now); slot >= 0; slot = deadlines.poll(tree.now)) {
                due(slot);
            }
        }
        if (tree.now >= graceDue) {
            graceDue = NEVER;
            abandonAll();
        }
    }

    private void due(int slot) {
        RareState state = rare();
        switch (status[slot]) {
            case Status.BACKOFF -> {
                state.resumed[slot] = false;
                enqueue(slot);
            }
            case Status.SUSPENDED -> {
                if (state.wakeAt[slot] <= tree.now) {
                    wake(slot);
                } else {
                    state.endingBy[slot] = state.totalDue[slot] <= tree.now ? BY_TOTAL_TIMEOUT : BY_TIMEOUT;
                    failTimedOut(slot);
                }
            }
            case Status.RUNNING -> requestEnd(slot, state.totalDue[slot] <= tree.now ? BY_TOTAL_TIMEOUT : BY_TIMEOUT);
            case Status.ENDING -> abandon(slot);
            default -> {
                // Ended in the same instant: nothing is due any more.
            }
        }
    }

    /** Cancels the run. No effect if it is already ending. */
    public void cancel(long nanos) {
        tree.now = nanos;
        if (outcome == Outcome.RUNNING) {
            endRun(Outcome.CANCELLED);
        }
    }

    /** When {@link #tick} must be called at the latest; {@link #NEVER} if nothing is due. */
    long nextDue() {
        long next = deadlines == null ? NEVER : deadlines.next();
        return Math.min(Math.min(next, graceDue), outcome == Outcome.RUNNING ? runDue : NEVER);
    }

    // ---------------------------------------------------------------- groups

    /** Begins a group that runs its body once, after a command to run its slot. */
    public GroupRun beginScope(int slot) {
        return begin(slot, new ScopeRun(this, slot));
    }

    /**
     * Begins a group that runs its body for each of {@code count} items.
     *
     * @param parallel how many iterations may go on at the same time
     */
    public GroupRun beginForEach(int slot, int count, int parallel, OnItemError onItemError) {
        return begin(slot, new ForEachRun(this, slot, count, parallel, onItemError));
    }

    /**
     * Begins a group that repeats its body.
     *
     * @param testBefore whether a test decides before each iteration whether it begins, or after it whether it was the
     *     last
     */
    public GroupRun beginLoop(int slot, int maxIterations, boolean testBefore) {
        return begin(slot, new LoopRun(this, slot, maxIterations, testBefore));
    }

    private GroupRun begin(int slot, GroupRun run) {
        GroupRun[] all = groups;
        if (all == null) {
            all = new GroupRun[plan.size];
            groups = all;
        }
        all[slot] = run;
        return run;
    }

    // ---------------------------------------------------------------- failure and retry

    private void failAttempt(int slot, JsonObject error, String kind, boolean retriable, long retryAfterNanos) {
        RetryPolicy policy = plan.retry[slot];
        int attempt = attempt(slot);
        if (outcome == Outcome.RUNNING && retriable && attempt < policy.maxAttempts() && policy.retries(kind)) {
            long delay = retryAfterNanos >= 0 ? retryAfterNanos : policy.delayNanos(attempt, random(slot, attempt));
            long retryAt = later(tree.now, delay);
            if (retryAt < totalDue(slot) && retryAt < tree.root().runDue) {
                status[slot] = Status.BACKOFF;
                rare().errors[slot] = error;
                deadlines().set(slot, retryAt);
                wakeUp();
                record(LOG_RETRY, slot);
                return;
            }
        }
        finish(slot, Status.FAILED, null, error, handlesOfFailure(slot));
    }

    private long totalDue(int slot) {
        Duration total = plan.retry[slot].totalTimeout();
        return total == null ? NEVER : later(startedAt[slot] - 1, total.toNanos());
    }

    private long handlesOfFailure(int slot) {
        return switch (plan.onError[slot]) {
            case FAIL -> 0;
            case CONTINUE -> plan.defaultHandle(slot);
            case ROUTE -> 1L << Plan.ERROR_HANDLE;
        };
    }

    private void failTimedOut(int slot) {
        boolean total = rare().endingBy[slot] == BY_TOTAL_TIMEOUT;
        rare().endingBy[slot] = 0;
        Duration bound = total ? plan.retry[slot].totalTimeout() : Duration.ofNanos(plan.timeoutNanos[slot]);
        String message = total
                ? "Node '" + plan.ids[slot] + "' took longer than its totalTimeout of " + bound + ", over "
                        + attempt(slot) + " attempt(s)"
                : "Attempt " + attempt(slot) + " of node '" + plan.ids[slot] + "' took longer than its timeout of "
                        + bound;
        failAttempt(slot, error(TIMEOUT, message, plan.ids[slot]), TIMEOUT, true, -1);
    }

    private static JsonObject error(String kind, String message, @Nullable String node) {
        return JsonObject.builder()
                .put("kind", kind)
                .put("message", message)
                .put("node", node)
                .build();
    }

    /** A number from 0 to 1 that depends on seed, slot and attempt alone (the finaliser of SplitMix64). */
    private double random(int slot, int attempt) {
        long mixed = seed + 0x9E3779B97F4A7C15L * ((long) slot << 20 | attempt);
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return ((mixed ^ mixed >>> 31) >>> 11) * 0x1.0p-53;
    }

    // ---------------------------------------------------------------- ends and edges

    void finish(int slot, byte end, @Nullable Object value, @Nullable JsonObject error, long handles) {
        boolean goesOn = outcome == Outcome.RUNNING;
        output[slot] = value;
        if (error != null) {
            rare().errors[slot] = error;
        }
        if (plan.mayGather[slot] && plan.needed[slot] == 0 && gathers(slot)) {
            rare().gathered[slot] = true;
        }
        end(slot, end);
        if (rare != null || handles != 1) {
            rare().handles[slot] = goesOn ? handles : 0;
        }
        if (!goesOn) {
            return;
        }
        if (end == Status.FAILED && handles == 0) {
            firstFailure = slot;
            endRun(Outcome.FAILED);
        } else {
            resolveEdges(slot, handles);
            resolveSkipped();
        }
    }

    private void end(int slot, byte end) {
        status[slot] = end;
        endedAt[slot] = tree.now;
        active--;
        ended++;
        wakeUp();
        if (deadlines != null) {
            deadlines.set(slot, NEVER);
        }
        record(LOG_ENDED, slot);
    }

    private void resolveEdges(int source, long handles) {
        int end = plan.outFrom[source + 1];
        for (int edge = plan.outFrom[source]; edge < end; edge++) {
            int target = plan.outTarget[edge];
            if (status[target] != Status.PENDING) {
                continue;
            }
            boolean taken = (handles >>> plan.outHandle[edge] & 1) != 0;
            int join = joins[target] - 1 + (taken ? TAKEN_ONE : 0);
            joins[target] = join;
            decide(target, join >>> 16, join & OPEN_MASK);
        }
    }

    private void decide(int slot, int taken, int open) {
        int needed = plan.needed[slot];
        if (needed == 0) {
            if (open == 0) {
                if (taken > 0) {
                    ready(slot);
                } else {
                    skip(slot);
                }
            }
        } else if (taken >= needed) {
            fire(slot);
        } else if (taken + open < needed) {
            skip(slot);
        }
    }

    /** A join that does not wait for all: it keeps what has arrived by now, and may cancel the rest. */
    private void fire(int slot) {
        ready(slot);
        rare().arrived[slot] = gather(slot);
        rare().gathered[slot] = plan.mayGather[slot] && gathers(slot);
        int[] rest = plan.rest(slot);
        if (rest != null) {
            for (int other : rest) {
                cancelNode(other);
            }
        }
    }

    private void ready(int slot) {
        active++;
        enqueue(slot);
    }

    void enqueue(int slot) {
        status[slot] = Status.READY;
        wakeUp();
        if (plan.inline[slot]) {
            inlineReady.add(slot);
        } else {
            otherReady.add(slot);
        }
    }

    private void skip(int slot) {
        status[slot] = Status.SKIPPED;
        endedAt[slot] = tree.now;
        ended++;
        rare().skipping.add(slot);
        record(LOG_ENDED, slot);
    }

    private void resolveSkipped() {
        while (rare != null && !rare.skipping.isEmpty()) {
            resolveEdges(rare.skipping.take(), 0);
        }
    }

    // ---------------------------------------------------------------- cancelling

    private void cancelNode(int slot) {
        switch (status[slot]) {
            case Status.PENDING -> {
                active++;
                end(slot, Status.CANCELLED);
            }
            case Status.READY, Status.SUSPENDED, Status.BACKOFF -> end(slot, Status.CANCELLED);
            case Status.RUNNING -> requestEnd(slot, BY_CANCEL);
            case Status.ENDING -> rare().endingBy[slot] = BY_CANCEL;
            default -> {
                // It ended before the join fired.
            }
        }
    }

    private void requestEnd(int slot, byte reason) {
        status[slot] = Status.ENDING;
        rare().endingBy[slot] = reason;
        GroupRun inner = groupRun(slot);
        if (inner != null) {
            // Its iterations have their own grace periods, and when the last one has ended, the group has.
            deadlines().set(slot, NEVER);
            inner.cancel();
            return;
        }
        rare().effects.add(slot << 2 | STOP);
        wakeUp();
        deadlines().set(slot, outcome == Outcome.RUNNING ? later(tree.now, plan.graceNanos) : NEVER);
    }

    private void abandon(int slot) {
        rare().effects.add(slot << 2 | ABANDON);
        wakeUp();
        endWithoutResult(slot);
    }

    /** An attempt that was asked to end has ended, and brought nothing that counts. */
    void endWithoutResult(int slot) {
        release(slot);
        if (rare().endingBy[slot] == BY_CANCEL) {
            finish(slot, Status.CANCELLED, null, null, 0);
        } else {
            failTimedOut(slot);
        }
    }

    /** Whether what a running attempt returns still counts: not if it took too long. */
    public boolean counts(int slot) {
        return status[slot] == Status.RUNNING || status[slot] == Status.ENDING && rare().endingBy[slot] == BY_CANCEL;
    }

    void endRun(Outcome end) {
        outcome = end;
        endRun();
    }

    /** Nothing new starts; what runs is asked to end, what waits is withdrawn. */
    private void endRun() {
        endingEntry = logSize;
        inlineReady.clear();
        otherReady.clear();
        for (int slot = 0; slot < plan.size; slot++) {
            switch (status[slot]) {
                case Status.READY -> {
                    if (startedAt[slot] == 0) {
                        status[slot] = Status.PENDING;
                        active--;
                        wakeUp();
                    } else {
                        end(slot, Status.CANCELLED);
                    }
                }
                case Status.SUSPENDED, Status.BACKOFF -> end(slot, Status.CANCELLED);
                case Status.RUNNING -> requestEnd(slot, BY_CANCEL);
                case Status.ENDING -> {
                    rare().endingBy[slot] = BY_CANCEL;
                    deadlines().set(slot, NEVER);
                }
                default -> {
                    // Pending nodes stay so, ended ones too.
                }
            }
        }
        graceDue = active > 0 ? later(tree.now, plan.graceNanos) : NEVER;
        wakeUp();
    }

    private void abandonAll() {
        for (int slot = 0; slot < plan.size; slot++) {
            if (status[slot] == Status.ENDING && groupRun(slot) == null) {
                abandon(slot);
            }
        }
    }

    /** There may be something to do here, or something due at another time. */
    private void wakeUp() {
        if (group != null) {
            tree.queue(this);
        }
    }

    /** An attempt that is not inline takes one of the places for parallel ones, and gives it back. */
    void occupy(int slot) {
        tree.running += plan.inline[slot] ? 0 : 1;
    }

    void release(int slot) {
        if (!plan.inline[slot]) {
            tree.running--;
        }
    }
}
