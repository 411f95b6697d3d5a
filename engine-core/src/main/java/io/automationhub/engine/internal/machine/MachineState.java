package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a machine remembers, and what can be seen of it: arrays by slot, a log of what happened, and, made when it
 * is first needed, what only some runs need. {@link Machine} is the only one that changes it.
 */
abstract sealed class MachineState permits Machine {

    final MachineTree tree;
    final Plan plan;
    final long seed;

    /** The group whose iteration this is; null for the workflow itself. */
    final @Nullable GroupRun group;

    /** Which iteration of the group it is, from 0. */
    final int index;

    final byte[] status;
    final @Nullable Object[] output;

    /** Of each slot: edges taken in the high half, edges unresolved in the low one. */
    final int[] joins;

    /** When a slot's first attempt began, plus one; 0 if none did. */
    final long[] startedAt;

    final long[] endedAt;
    final IntRing inlineReady;
    final IntRing otherReady;
    int[] log;
    byte[] logKind;
    int logSize;

    // What only some runs need is made when it is first needed.
    @Nullable
    RareState rare;

    @Nullable
    Deadlines deadlines;

    /** The groups that run or ran, by slot. */
    GroupRun @Nullable [] groups;

    long runDue;
    long graceDue = Deadlines.NEVER;
    int active;
    int ended;
    Outcome outcome = Outcome.RUNNING;
    int firstFailure = -1;
    boolean timedOut;
    int endingEntry = -1;

    /** Whether it was told that nothing more happens in this iteration. */
    boolean reported;

    // ---- the tree's own
    boolean queued;

    boolean crowded;
    long serial;
    long noted = Deadlines.NEVER;

    /** The group's own: where it stands among the iterations that go on. */
    int liveAt;

    private @Nullable Object attachment;

    /**
     * A run that has not begun.
     *
     * @param seed where the randomness of retry delays comes from
     */
    MachineState(MachineTree tree, Plan plan, long seed, @Nullable GroupRun group, int index) {
        this.tree = tree;
        this.plan = plan;
        this.seed = seed;
        this.group = group;
        this.index = index;
        int size = plan.size;
        status = new byte[size];
        output = new Object[size];
        joins = new int[size];
        startedAt = new long[size];
        endedAt = new long[size];
        inlineReady = new IntRing(plan.inlineWidth);
        otherReady = new IntRing(plan.otherWidth);
        log = new int[plan.logCapacity];
        logKind = new byte[plan.logCapacity];
        runDue = plan.timeoutOfRun == 0 ? Deadlines.NEVER : plan.timeoutOfRun;
        System.arraycopy(plan.openEdges, 0, joins, 0, size);
    }

    // ---------------------------------------------------------------- what can be seen

    /** Whether nothing more happens. */
    public boolean isFinished() {
        return active == 0;
    }

    /** How the run ends; {@link Outcome#RUNNING} while it neither ended nor is about to. */
    public Outcome outcome() {
        return outcome == Outcome.RUNNING && active == 0 ? Outcome.SUCCEEDED : outcome;
    }

    /** Whether the run began to end before its nodes had. */
    public boolean isEnding() {
        return outcome != Outcome.RUNNING;
    }

    /** The log entry before which the run began to end; -1 if it did not. */
    public int endingEntry() {
        return endingEntry;
    }

    /** The slot whose failure made the run fail; -1 if none did. */
    public int firstFailure() {
        return firstFailure;
    }

    /** What runs in it. */
    public Plan plan() {
        return plan;
    }

    /** The group whose iteration this is; null for the workflow itself. */
    public @Nullable GroupRun group() {
        return group;
    }

    /** Which iteration of its group it is, from 0. */
    public int index() {
        return index;
    }

    /** The run of the group in a slot: what goes on, or what it came to; null if it never began. */
    public @Nullable GroupRun groupRun(int slot) {
        return groups == null ? null : groups[slot];
    }

    /** What the machine's owner keeps with it. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps something of the owner's with the machine. */
    public void attach(Object owners) {
        attachment = owners;
    }

    /** Whether the run ran out of time. */
    public boolean isTimedOut() {
        return timedOut;
    }

    /** The time of the run's last event. */
    public long now() {
        return tree.now;
    }

    /** The {@link Status} of a slot. */
    public byte status(int slot) {
        return status[slot];
    }

    /** The output of a slot that succeeded, or the error of one that failed and went on as if it had not; else null. */
    public @Nullable Object output(int slot) {
        if (status[slot] == Status.SUCCEEDED) {
            return output[slot];
        }
        return status[slot] == Status.FAILED && handles(slot) != 0 && handles(slot) != 1L << Plan.ERROR_HANDLE
                ? error(slot)
                : null;
    }

    /** What a node returned, whatever became of it: the output of a {@code stop} node that failed its run. */
    public @Nullable Object returned(int slot) {
        return output[slot];
    }

    /** The last error of a slot; null if there was none. */
    public @Nullable JsonObject error(int slot) {
        return rare == null ? null : rare.errors[slot];
    }

    /** How many attempts of a slot were begun. */
    public int attempt(int slot) {
        return startedAt[slot] == 0 ? 0 : rare == null ? 1 : rare.retries[slot] + 1;
    }

    /** The mask of the handles that an ended slot took. */
    public long handles(int slot) {
        if (status[slot] != Status.SUCCEEDED && status[slot] != Status.FAILED) {
            return 0;
        }
        return rare == null ? 1 : rare.handles[slot];
    }

    /** When a slot's first attempt began; negative if none did. */
    public long startedAt(int slot) {
        return startedAt[slot] - 1;
    }

    /** When a slot ended; without meaning before. */
    public long endedAt(int slot) {
        return endedAt[slot];
    }

    /** Whether the attempt that runs now goes on after a wait. */
    public boolean isResumed(int slot) {
        return rare != null && rare.resumed[slot];
    }

    /** After a crash: whether an attempt of a slot was under way that must not be repeated. */
    public boolean isInterrupted(int slot) {
        return plan.atMostOnce[slot] && status[slot] == Status.RUNNING;
    }

    /** When something is due for a slot; {@link Machine#NEVER} if nothing is. */
    public long dueAt(int slot) {
        return deadlines == null ? Deadlines.NEVER : deadlines.get(slot);
    }

    /** When a waiting slot goes on by itself; {@link Machine#NEVER} if it does not. */
    public long wakeAt(int slot) {
        return rare == null ? Deadlines.NEVER : rare.wakeAt[slot];
    }

    /** Whether nothing leads to a slot, so that what it gets is the run's input. */
    public boolean isRoot(int slot) {
        return plan.inFrom[slot] == plan.inFrom[slot + 1];
    }

    /**
     * What the taken edges bring to a slot: the output of the only predecessor, or an object by id if there are several.
     * An {@code error} edge brings the error.
     */
    public @Nullable Object previous(int slot) {
        if (plan.needed[slot] != 0) {
            return rare().arrived[slot];
        }
        int first = plan.inFrom[slot];
        boolean single = plan.inFrom[slot + 1] - first == 1;
        return single ? brought(plan.edgeSource[plan.inEdge[first]]) : gather(slot);
    }

    @Nullable
    Object gather(int slot) {
        int single = -1;
        JsonObject.Builder several = null;
        for (int at = plan.inFrom[slot]; at < plan.inFrom[slot + 1]; at++) {
            int edge = plan.inEdge[at];
            int source = plan.edgeSource[edge];
            if (source == single || (handles(source) >>> plan.outHandle[edge] & 1) == 0) {
                continue;
            }
            if (single >= 0) {
                several = several == null ? bring(single, JsonObject.builder()) : several;
                bring(source, several);
            }
            single = single < 0 ? source : single;
        }
        return several != null ? several.build() : single < 0 ? null : brought(single);
    }

    /**
     * What a slot passes on of several others is brought member by member: as an object in an object it would grow with every
     * join, and soon be larger than anything.
     */
    private JsonObject.Builder bring(int source, JsonObject.Builder several) {
        if (isGathered(source) && brought(source) instanceof JsonObject members) {
            members.forEach(several::put);
            return several;
        }
        return several.put(plan.ids[source], brought(source));
    }

    private boolean isGathered(int slot) {
        return rare != null && rare.gathered[slot];
    }

    /** Whether what comes to a slot is from several others, or was when it came to the one before it. */
    boolean gathers(int slot) {
        int single = -1;
        for (int at = plan.inFrom[slot]; at < plan.inFrom[slot + 1]; at++) {
            int edge = plan.inEdge[at];
            int source = plan.edgeSource[edge];
            if (source != single && (handles(source) >>> plan.outHandle[edge] & 1) != 0) {
                if (single >= 0) {
                    return true;
                }
                single = source;
            }
        }
        return single >= 0 && isGathered(single);
    }

    private @Nullable Object brought(int source) {
        return status[source] == Status.FAILED ? error(source) : output[source];
    }

    /**
     * A view of the log entries from {@code from} on, and of the slots that ended in them. It may be read by another
     * thread while the run goes on.
     */
    public MachineView view(int from) {
        return new MachineView(this, rare, log, logKind, from, logSize);
    }

    /** How many node runs ended, also those that never ran. */
    public int ended() {
        return ended;
    }

    /** How many log entries there are. */
    public int logSize() {
        return logSize;
    }

    /** The kind of a log entry: {@link Machine#LOG_STARTED} to {@link Machine#LOG_ENDED}. */
    public int logKind(int entry) {
        return logKind[entry];
    }

    /** The slot of a log entry. */
    public int logSlot(int entry) {
        return log[entry];
    }

    // ---------------------------------------------------------------- small things

    void record(int kind, int slot) {
        if (logSize == log.length) {
            log = Arrays.copyOf(log, logSize * 2 + 1);
            logKind = Arrays.copyOf(logKind, log.length);
        }
        log[logSize] = slot;
        logKind[logSize++] = (byte) kind;
    }

    RareState rare() {
        RareState state = rare;
        if (state == null) {
            state = new RareState(plan.size);
            rare = state;
        }
        return state;
    }

    Deadlines deadlines() {
        Deadlines all = deadlines;
        if (all == null) {
            all = new Deadlines(plan.size);
            deadlines = all;
        }
        return all;
    }

    static long later(long time, long nanos) {
        return time > Deadlines.NEVER - nanos ? Deadlines.NEVER : time + nanos;
    }
}
