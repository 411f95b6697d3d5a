package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.ExpressionException;
import org.jspecify.annotations.Nullable;

/** A step at work: takes items, and passes on what becomes of them. */
abstract class Stage implements ItemSink {

    final StepContext step;
    final ItemSink next;
    private long index = -1;

    Stage(StepContext step, ItemSink next) {
        this.step = step;
        this.next = next;
    }

    /** What the step does with an item, which came to it at a position, counted from 0. */
    abstract void take(@Nullable Object item, long at);

    @Override
    public final void accept(@Nullable Object item) {
        index++;
        try {
            take(item, index);
        } catch (ExpressionException e) {
            throw step.failure(index, e);
        }
    }

    @Override
    public void end() {
        next.end();
    }

    @Override
    public boolean isFull() {
        return next.isFull();
    }
}
