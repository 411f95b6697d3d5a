package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a group: it begins iterations, hears what became of them, and says what the group comes to. Its owner asks
 * with {@link #step} after each of these what is to be done, until the answer is {@link Step#WAIT}.
 */
public abstract sealed class GroupRun permits ScopeRun, ForEachRun, LoopRun, CompensationRun {

    /** What is to be done for a group. */
    public enum Step {
        /** Nothing until an iteration has ended. */
        WAIT,
        /** Evaluate the group's test, and tell {@link GroupRun#tested}. */
        TEST,
        /** It succeeded with {@link GroupRun#output}. */
        SUCCEED,
        /** It failed with {@link GroupRun#failure}. */
        FAIL,
        /** It was cancelled, or an iteration of it was. */
        CANCEL
    }

    private final Machine parent;
    private final int slot;
    private final @Nullable Plan body;
    private final List<Machine> live = new ArrayList<>(1);
    private boolean cancelled;
    private @Nullable JsonObject failure;

    GroupRun(Machine parent, int slot) {
        this.parent = parent;
        this.slot = slot;
        Plan plan = parent.plan.bodies[slot];
        if (plan == null) {
            throw new IllegalArgumentException("The node '" + parent.plan.ids[slot] + "' is no group");
        }
        body = plan;
    }

    /** What belongs to no slot of the machine, and says itself what its iterations run. */
    GroupRun(Machine parent) {
        this.parent = parent;
        slot = -1;
        body = null;
    }

    /** The machine in which the group is a node. */
    public Machine parent() {
        return parent;
    }

    /** The group's slot there. */
    public int slot() {
        return slot;
    }

    /** What is to be done now. May begin iterations. */
    public Step step() {
        if (!cancelled && failure == null) {
            Step next = advance();
            if (failure == null) {
                return next;
            }
        }
        cancelLive();
        return !live.isEmpty() ? Step.WAIT : cancelled ? Step.CANCEL : Step.FAIL;
    }

    abstract Step advance();

    /** The group's test said this. */
    public abstract void tested(boolean holds);

    /** What the group comes to when it succeeds. */
    public abstract @Nullable Object output();

    /** The result of the last iteration, for loops; null if there is none. */
    public @Nullable Object last() {
        return null;
    }

    /** Which iteration would begin next. */
    public abstract int nextIndex();

    /** How many iterations have ended. */
    public int endedIterations() {
        return nextIndex() - live.size();
    }

    /** How many iterations there will be; -1 if nobody knows. */
    public int iterations() {
        return -1;
    }

    /** Why the group fails; null if it does not. */
    public @Nullable JsonObject failure() {
        return failure;
    }

    /** The errors of items that did not fail the group, in order; see {@link OnItemError}. */
    public List<JsonObject> itemErrors() {
        return List.of();
    }

    /** The iterations that go on. */
    public List<Machine> live() {
        return live;
    }

    // ---------------------------------------------------------------- iterations

    Machine begin(int index) {
        Machine iteration = parent.tree.iteration(this, body(index), index);
        iteration.liveAt = live.size();
        live.add(iteration);
        iteration.start(-1, parent.tree.now);
        parent.tree.queue(iteration);
        return iteration;
    }

    Plan body(int index) {
        if (body == null) {
            throw new IllegalStateException("It says itself what its iterations run");
        }
        return body;
    }

    /** An iteration that recovery knows has begun. */
    Machine recovered(int index) {
        return live.stream()
                .filter(iteration -> iteration.index == index)
                .findFirst()
                .orElseGet(() -> begin(index));
    }

    /** An iteration succeeded. */
    public void succeeded(Machine iteration, @Nullable Object value) {
        over(iteration);
        keep(iteration.index, value);
    }

    /** An iteration failed. */
    public void failed(Machine iteration, JsonObject error) {
        over(iteration);
        if (!keepError(iteration.index, error) && failure == null) {
            failure = error;
        }
    }

    /** An iteration was cancelled. That happens when its group ends; it must not be taken for one that succeeded. */
    public void cancelled(Machine iteration) {
        over(iteration);
        cancelled |= failure == null;
    }

    private void over(Machine iteration) {
        parent.tree.forget(iteration);
        Machine last = live.remove(live.size() - 1);
        if (last != iteration) {
            live.set(iteration.liveAt, last);
            last.liveAt = iteration.liveAt;
        }
    }

    abstract void keep(int index, @Nullable Object value);

    /** Whether the group lives with the failure of an iteration. */
    boolean keepError(int index, JsonObject error) {
        return false;
    }

    int liveCount() {
        return live.size();
    }

    void fail(JsonObject error) {
        failure = error;
    }

    String id() {
        return parent.plan.ids[slot];
    }

    // ---------------------------------------------------------------- cancelling

    /** The group is to end. */
    void cancel() {
        cancelled = true;
        cancelLive();
    }

    private void cancelLive() {
        for (int at = live.size() - 1; at >= 0; at--) {
            live.get(at).cancel(parent.tree.now);
        }
    }
}
