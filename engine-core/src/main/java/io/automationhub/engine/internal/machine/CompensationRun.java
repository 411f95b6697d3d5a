package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what a run did that does not succeed: runs the handlers of the nodes that succeeded one after the other, that of
 * the last one first. It begins when nothing else of the run goes on. A handler that fails for good does not keep the
 * others from running. Time-outs of the run do not end it, and it cannot be cancelled; a pause holds it up.
 */
public final class CompensationRun extends GroupRun {

    /** The plans of the handlers, each of one node, in the order in which the nodes succeeded. */
    private final List<Plan> handlers;

    private int next;
    private boolean complete = true;

    /** Of a run whose machine has finished. */
    CompensationRun(Machine root, List<Plan> handlers) {
        super(root);
        this.handlers = List.copyOf(handlers);
        next = handlers.size() - 1;
    }

    @Override
    Step advance() {
        if (liveCount() == 0 && next >= 0) {
            begin(next--);
        }
        return liveCount() == 0 ? Step.SUCCEED : Step.WAIT;
    }

    @Override
    Plan body(int index) {
        return handlers.get(index);
    }

    @Override
    void keep(int index, @Nullable Object value) {
        // What a handler returns is of no use to anybody.
    }

    @Override
    boolean keepError(int index, JsonObject error) {
        complete = false;
        return true;
    }

    /** Notes that one could not even be run. */
    public void incomplete() {
        complete = false;
    }

    /** Whether all handlers that have ended succeeded. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether all handlers have ended. */
    public boolean isOver() {
        return next < 0 && liveCount() == 0;
    }

    @Override
    Machine recovered(int index) {
        next = Math.min(next, index - 1);
        return super.recovered(index);
    }

    @Override
    public void tested(boolean holds) {
        throw new IllegalStateException("A compensation has no test");
    }

    @Override
    public @Nullable Object output() {
        return null;
    }

    @Override
    public int nextIndex() {
        return next;
    }
}
