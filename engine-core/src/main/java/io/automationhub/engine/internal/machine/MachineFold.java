package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Brings a started machine to where a recorded run stood, fact by fact. It changes the state as the events did, and takes
 * no decision again, so that what was recorded is right even where the rules have changed since. {@link #recovered} ends
 * it.
 */
public final class MachineFold {

    private final Machine machine;

    /** Folds into a machine that was started and has done nothing else. */
    public MachineFold(Machine machine) {
        this.machine = machine;
    }

    /** An attempt began. */
    public void started(int slot, int attempt, long at) {
        machine.tree.now = at;
        byte status = machine.status[slot];
        if (status != Status.READY && status != Status.BACKOFF) {
            return;
        }
        if (status == Status.BACKOFF) {
            machine.rare().retries[slot] = attempt - 2;
            machine.rare().resumed[slot] = false;
            machine.deadlines().set(slot, Machine.NEVER);
        }
        machine.occupy(slot);
        machine.begin(slot);
        machine.record(Machine.LOG_STARTED, slot);
    }

    /** An attempt failed, and another one was to begin at {@code retryAt}. */
    public void retried(int slot, int attempt, JsonObject error, long startedNanos, long retryAt, long at) {
        begun(slot, attempt, startedNanos);
        machine.tree.now = at;
        machine.status[slot] = Status.BACKOFF;
        machine.rare().errors[slot] = error;
        machine.deadlines().set(slot, retryAt);
        machine.record(Machine.LOG_RETRY, slot);
    }

    /** An attempt waited. */
    public void suspended(int slot, int attempt, long wakeAt, long startedNanos, long at) {
        begun(slot, attempt, startedNanos);
        machine.tree.now = at;
        machine.suspend(slot, wakeAt);
    }

    /** A wait ended. */
    public void woken(int slot, long at) {
        machine.woken(slot, at);
    }

    /** A node run ended. */
    public void ended(
            int slot,
            int attempt,
            byte end,
            @Nullable Object value,
            @Nullable JsonObject error,
            long handles,
            long startedNanos,
            long at) {
        if (Status.isEnded(machine.status[slot])) {
            return;
        }
        if (attempt > 0) {
            begun(slot, attempt, startedNanos);
        }
        machine.tree.now = at;
        machine.finish(slot, end, value, error, handles);
    }

    /** A {@code stop} node ended the run. */
    public void stopped(
            int slot, int attempt, @Nullable Object value, @Nullable JsonObject error, long startedNanos, long at) {
        begun(slot, attempt, startedNanos);
        machine.occupy(slot);
        machine.status[slot] = Status.RUNNING;
        machine.stopped(slot, value, error, at);
    }

    /** The iteration of a group that is known to have begun. */
    public static Machine iteration(GroupRun group, int index) {
        return group.recovered(index);
    }

    /** Nothing more happened in the iteration, and its group has heard of it. */
    public void iterationEnded(long at) {
        machine.tree.now = at;
        machine.reported = true;
    }

    /** The run was cancelled, or ran out of time. */
    public void ending(Outcome end, boolean byTimeout, long at) {
        machine.tree.now = at;
        machine.timedOut = byTimeout;
        machine.endRun(end);
    }

    /** An attempt is known to have begun; whether its own fact was kept does not matter. */
    private void begun(int slot, int attempt, long startedNanos) {
        if (machine.status[slot] == Status.RUNNING || machine.status[slot] == Status.ENDING) {
            machine.release(slot);
        }
        if (attempt > 1) {
            machine.rare().retries[slot] = attempt - 1;
        }
        machine.startedAt[slot] = startedNanos + 1;
    }

    /**
     * All facts were folded: attempts that were in flight run again, those that were asked to end have ended. What must not
     * run again stays as it is; the owner tells of its failure.
     */
    public void recovered(long nanos) {
        machine.tree.now = nanos;
        for (int slot = 0; slot < machine.plan.size; slot++) {
            GroupRun group = machine.groupRun(slot);
            if (group != null && !Status.isEnded(machine.status[slot])) {
                group.live().forEach(iteration -> new MachineFold(iteration).recovered(nanos));
            } else if (machine.status[slot] == Status.RUNNING && !machine.isInterrupted(slot)) {
                machine.release(slot);
                machine.rare().repeated[slot] = true;
                machine.enqueue(slot);
            } else if (machine.status[slot] == Status.ENDING) {
                machine.endWithoutResult(slot);
            }
        }
        machine.rare().effects.clear();
    }
}
