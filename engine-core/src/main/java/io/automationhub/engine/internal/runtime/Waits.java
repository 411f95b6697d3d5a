package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which nodes of a run wait for which names, and what has come for them. Used by the run's writer only. */
final class Waits {

    /** The most names that are kept for waits that have not begun. */
    static final int MAX_KEPT = 1000;

    private final Map<String, Waiter> waiting = new LinkedHashMap<>();
    private final Map<String, Woken.ByCompletion> kept = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<Waiter, Woken> woken = new HashMap<>();

    /** A node that waits. */
    record Waiter(Scope scope, int slot) {

        boolean isSuspended() {
            return scope.machine().status(slot) == Status.SUSPENDED;
        }
    }

    /** Withdraws the names of nodes that wait no longer, however their waits ended. */
    void withdrawEnded() {
        waiting.values().removeIf(waiter -> !waiter.isSuspended());
    }

    /** A node waits for these; returns the first that has come already, if any, which is to wake it now. */
    Woken.@Nullable ByCompletion suspend(Waiter waiter, List<Wake> wakes) {
        woken.remove(waiter);
        Woken.ByCompletion early = null;
        for (Wake wake : wakes) {
            if (wake instanceof Wake.Completion completion) {
                wait(completion.name(), waiter);
                early = early == null ? kept.get(completion.name()) : early;
            }
        }
        return early;
    }

    private void wait(String name, Waiter waiter) {
        Waiter other = waiting.getOrDefault(name, waiter);
        boolean taken = !other.equals(waiter);
        if (taken || used.contains(name) && !kept.containsKey(name)) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "The name '" + name + "' " + (taken ? "is already waited for" : "was completed before")
                            + " in this run; use one that no other wait has, such as the idempotency key",
                    null);
        }
        waiting.put(name, waiter);
    }

    /** The node that waits for a name; null if none does. */
    @Nullable
    Waiter waiterFor(String name) {
        return waiting.get(name);
    }

    /** Whether a name can still be completed: each is once. */
    boolean isNew(String name) {
        return !used.contains(name) && kept.size() < MAX_KEPT;
    }

    void keep(Woken.ByCompletion completion) {
        used.add(completion.name());
        kept.put(completion.name(), completion);
    }

    /** The node's wait is over; what else it waited for is withdrawn. */
    void wake(Waiter waiter, Woken by) {
        if (by instanceof Woken.ByCompletion completion) {
            used.add(completion.name());
            kept.remove(completion.name());
        }
        waiting.values().removeIf(waiter::equals);
        woken.put(waiter, by);
    }

    Woken by(Waiter waiter) {
        return woken.getOrDefault(waiter, new Woken.ByTime());
    }

    /** The names for which a node waits. */
    List<String> names(Waiter waiter) {
        return waiting.entrySet().stream()
                .filter(entry -> entry.getValue().equals(waiter))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** An iteration has ended: nothing of it waits or was woken any more. */
    void forget(Scope scope) {
        waiting.values().removeIf(waiter -> waiter.scope() == scope);
        woken.keySet().removeIf(waiter -> waiter.scope() == scope);
    }
}
