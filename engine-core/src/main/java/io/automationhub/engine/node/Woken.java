package io.automationhub.engine.node;

import org.jspecify.annotations.Nullable;

/** What ended a wait. */
public sealed interface Woken {

    /** The instant has come. */
    record ByTime() implements Woken {}

    /** Somebody outside completed {@code name} with {@code value}. */
    record ByCompletion(String name, @Nullable Object value) implements Woken {}

    /**
     * The run was sent a signal.
     *
     * @param id what tells the signal from others
     */
    record BySignal(String name, String id, @Nullable Object data) implements Woken {}
}
