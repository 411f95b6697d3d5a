package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.value.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What nodes of one run computed once: kept under the node and a name, and durable before anybody sees it. */
final class OnceValues {

    private final Execution execution;
    private final Map<Key, Optional<Object>> durable = new ConcurrentHashMap<>();

    /** Stored in this turn; used by the writer only. */
    private final List<Event.Once> stored = new ArrayList<>();

    /** A scope is itself; two iterations are never the same. */
    record Key(Scope scope, int slot, String name) {}

    OnceValues(Execution execution) {
        this.execution = execution;
    }

    /** On an attempt's thread. */
    @Nullable
    Object get(Attempt attempt, String name, Supplier<? extends @Nullable Object> supplier) {
        Optional<Object> known = durable.get(new Key(attempt.scope(), attempt.slot(), name));
        if (known != null) {
            return known.orElse(null);
        }
        Object value = Json.of(supplier.get(), execution.runtime().limits());
        if (execution.journal() == Journal.NONE) {
            return kept(attempt, name, value);
        }
        Event.Once event = new Event.Once(attempt, name, value);
        execution.post(event);
        try {
            return event.durable.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("Interrupted while storing '" + name + "'").initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot store '" + name + "'", e.getCause());
        }
    }

    /** Where a run is in memory alone, a value is as durable as it will be; its fact, if it is read, comes with a turn of the writer. */
    private @Nullable Object kept(Attempt attempt, String name, @Nullable Object value) {
        if (attempt.isAbandoned()) {
            throw new CancellationException("The attempt was given up");
        }
        Optional<Object> first =
                durable.putIfAbsent(new Key(attempt.scope(), attempt.slot(), name), Optional.ofNullable(value));
        if (first != null) {
            return first.orElse(null);
        }
        if (execution.facts().areRead()) {
            execution.post(new Event.Once(attempt, name, value));
        }
        return value;
    }

    /** On the writer. */
    void store(Event.Once event) {
        if (event.attempt.isAbandoned()) {
            event.durable.completeExceptionally(new CancellationException("The attempt was given up"));
            return;
        }
        stored.add(event);
        execution.facts().onceStored(event.attempt.scope(), event.attempt.slot(), event.name, event.value);
    }

    /** On the writer, when the facts of the turn are durable. */
    void release() {
        for (Event.Once event : stored) {
            Optional<Object> value = Optional.ofNullable(event.value);
            Optional<Object> first =
                    durable.putIfAbsent(new Key(event.attempt.scope(), event.attempt.slot(), event.name), value);
            event.durable.complete((first == null ? value : first).orElse(null));
        }
        stored.clear();
    }

    /** Repeats that a value was stored. */
    void fold(Scope scope, int slot, String name, @Nullable Object value) {
        durable.putIfAbsent(new Key(scope, slot, name), Optional.ofNullable(value));
    }

    /** An iteration has ended: nobody asks for its values any more. */
    void forget(Scope scope) {
        durable.keySet().removeIf(key -> key.scope() == scope);
    }
}
