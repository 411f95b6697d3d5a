package io.automationhub.engine.node;

import java.time.Instant;

/** What ends a wait. */
public sealed interface Wake {

    /** An instant; one in the past wakes at once. */
    record At(Instant instant) implements Wake {}

    /**
     * Somebody outside who knows the run and this name: {@code engine.complete(executionId, name, value)}. If that comes
     * before the wait, its value is kept. {@link ExecutionContext#idempotencyKey} is a name that no other node has.
     */
    record Completion(String name) implements Wake {}

    /**
     * A signal of that name to the run. One that came before the wait is taken, the oldest first; each signal ends one
     * wait, that which has been open longest.
     */
    record Signal(String name) implements Wake {}

    /** At an instant. */
    static Wake at(Instant instant) {
        return new At(instant);
    }

    /** When somebody outside completes {@code name}. */
    static Wake completion(String name) {
        return new Completion(name);
    }

    /** When the run is sent a signal of that name. */
    static Wake signal(String name) {
        return new Signal(name);
    }
}
