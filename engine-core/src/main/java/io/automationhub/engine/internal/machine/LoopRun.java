package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/** A group that repeats its body, until a test before or after an iteration ends it. */
final class LoopRun extends GroupRun {

    /** The kind of the error of a loop that does not end. */
    private static final String LOOP_LIMIT = "loop-limit";

    private final int maxIterations;
    private final boolean testBefore;
    private int next;
    private boolean test;
    private boolean done;
    private @Nullable Object last;

    LoopRun(Machine parent, int slot, int maxIterations, boolean testBefore) {
        super(parent, slot);
        this.maxIterations = maxIterations;
        this.testBefore = testBefore;
        test = testBefore;
    }

    @Override
    Step advance() {
        if (done) {
            return Step.SUCCEED;
        }
        if (liveCount() > 0) {
            return Step.WAIT;
        }
        if (test) {
            return Step.TEST;
        }
        if (next == maxIterations) {
            fail(JsonObject.builder()
                    .put("kind", LOOP_LIMIT)
                    .put(
                            "message",
                            "The loop '" + id() + "' did not end within " + maxIterations
                                    + " iterations; correct its condition, or raise maxIterations")
                    .put("node", id())
                    .build());
            return Step.FAIL;
        }
        begin(next++);
        return Step.WAIT;
    }

    @Override
    public void tested(boolean holds) {
        test = false;
        done = holds != testBefore;
    }

    @Override
    void keep(int index, @Nullable Object value) {
        next = index + 1;
        last = value;
        test = true;
    }

    @Override
    Machine recovered(int index) {
        next = index + 1;
        test = false;
        return super.recovered(index);
    }

    @Override
    public int nextIndex() {
        return next;
    }

    @Override
    public @Nullable Object last() {
        return last;
    }

    @Override
    public @Nullable Object output() {
        return last;
    }
}
