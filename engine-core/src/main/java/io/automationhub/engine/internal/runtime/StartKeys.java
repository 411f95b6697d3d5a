package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.IdempotencyConflictException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs that were started with a key of their host's, so that the same start twice is one run. A key is known as long as
 * the store knows its run. Safe for use by several threads.
 */
final class StartKeys {

    private final Map<Key, Execution> runs = new ConcurrentHashMap<>();
    private final Map<String, Key> keys = new ConcurrentHashMap<>();

    private record Key(String tenant, String workflow, String key) {}

    /**
     * The run that was started with the key of this one before; null if there is none.
     *
     * @throws IdempotencyConflictException if that one was started with something else
     */
    @Nullable
    Execution known(Start start) {
        Execution first = runs.get(key(start));
        return first == null ? null : same(start, first);
    }

    /** The run that has the key of this one: this one, or another one that was started before. */
    Execution reserve(Execution execution) {
        Key key = key(execution.start());
        Execution first = runs.putIfAbsent(key, execution);
        if (first != null) {
            return same(execution.start(), first);
        }
        keys.put(execution.id(), key);
        return execution;
    }

    /** The store has forgotten a run. */
    void forgotten(String execution) {
        Key key = keys.remove(execution);
        if (key != null) {
            runs.remove(key);
        }
    }

    private static Execution same(Start start, Execution first) {
        Start other = first.start();
        boolean same = Objects.equals(start.input(), other.input())
                && start.trigger() == other.trigger()
                && Arrays.equals(start.variables(), other.variables())
                && start.compiled().workflow().equals(other.compiled().workflow());
        if (!same) {
            throw new IdempotencyConflictException(
                    start.compiled().workflow().id(), String.valueOf(start.key()), first.id());
        }
        return first;
    }

    private static Key key(Start start) {
        return new Key(start.tenant(), start.compiled().workflow().id(), String.valueOf(start.key()));
    }
}
