package io.automationhub.engine.internal.machine;

import org.jspecify.annotations.Nullable;

/** A group that runs its body once. Each attempt of the group is an iteration with the next number. */
final class ScopeRun extends GroupRun {

    private final int index;
    private boolean begun;
    private boolean done;
    private @Nullable Object output;

    ScopeRun(Machine parent, int slot) {
        super(parent, slot);
        index = parent.attempt(slot) - 1;
    }

    @Override
    Step advance() {
        if (!begun && liveCount() == 0) {
            begun = true;
            begin(index);
        }
        return done ? Step.SUCCEED : Step.WAIT;
    }

    @Override
    void keep(int iteration, @Nullable Object value) {
        begun = true;
        done = true;
        output = value;
    }

    @Override
    public void tested(boolean holds) {
        throw new IllegalStateException("A scope has no test");
    }

    @Override
    public int iterations() {
        return 1;
    }

    @Override
    public int endedIterations() {
        return 0;
    }

    @Override
    public int nextIndex() {
        return index;
    }

    @Override
    public @Nullable Object output() {
        return output;
    }
}
