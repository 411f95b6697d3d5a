package io.automationhub.engine.nodes.transform;

import org.jspecify.annotations.Nullable;

/** Takes the items of a list, one after the other. Used by one thread. */
interface ItemSink {

    /** Takes the next item. */
    void accept(@Nullable Object item);

    /** No item follows. Called once. */
    void end();

    /** Whether further items would change nothing. */
    boolean isFull();
}
