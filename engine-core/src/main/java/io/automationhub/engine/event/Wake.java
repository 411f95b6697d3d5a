package io.automationhub.engine.event;

import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ends a wait. */
public sealed interface Wake {

    /** An instant; one in the past wakes at once. */
    record At(Instant instant) implements Wake {}

    /**
     * Somebody outside who knows the run and this name: {@code engine.complete(executionId, name, value)}. If that comes
     * before the wait, its value is kept. {@code ExecutionContext.idempotencyKey()} is a name that no other node has.
     *
     * @param request what is asked of somebody; null if nobody needs to be told. Requests that are open can be listed
     */
    record Completion(String name, @Nullable JsonObject request) implements Wake {}

    /**
     * A signal. Without a key, one that is sent to the run; one that came before the wait is taken, the oldest first, and
     * each signal ends one wait, that which has been open longest. With a key, one that is sent to whoever waits for that
     * name and key, in any run of the tenant.
     *
     * @param key what the run and the sender have in common, such as the number of an order; null for a signal to the run
     */
    record Signal(String name, @Nullable String key) implements Wake {}

    /**
     * The end of another run, which begins when the node waits, and is cancelled when the node waits for it no longer.
     *
     * @param execution the id that the run gets; the same whenever the same attempt asks for it
     * @param workflow the id of its workflow
     * @param version the published version of it
     */
    record Child(
            String execution,
            String workflow,
            int version,
            @Nullable Object input) implements Wake {}

    /**
     * The ends of runs that are iterations of a distributed group: of all of them, or of the first that does not succeed. They
     * begin when the node waits, and those that go on are cancelled when the node waits for them no longer.
     *
     * @param name tells one wait of the node from another
     * @param failFast whether the first that does not succeed ends the wait
     */
    record Iterations(String name, List<Iteration> runs, boolean failFast) implements Wake {

        public Iterations {
            runs = List.copyOf(runs);
        }
    }

    /** One iteration: the id that its run gets, and what it runs. */
    record Iteration(String execution, GroupPart part) {}

    /** At an instant. */
    static Wake at(Instant instant) {
        return new At(instant);
    }

    /** When somebody outside completes {@code name}. */
    static Wake completion(String name) {
        return new Completion(name, null);
    }

    /** When somebody outside completes {@code name}, of whom this is asked. */
    static Wake completion(String name, JsonObject request) {
        return new Completion(name, request);
    }

    /** When the run is sent a signal of that name. */
    static Wake signal(String name) {
        return new Signal(name, null);
    }

    /** When a signal of that name and key is sent. */
    static Wake signal(String name, String key) {
        return new Signal(name, key);
    }
}
