package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Which nodes of a run wait for which names, and what has come for them. Used by the run's writer only. */
final class Waits {

    /** The most names that are kept for waits that have not begun. */
    static final int MAX_KEPT = 1000;

    private final Map<String, Integer> waiting = new LinkedHashMap<>();
    private final Map<String, Woken.ByCompletion> kept = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<Integer, Woken> woken = new HashMap<>();

    /** Withdraws the names of nodes that wait no longer, however their waits ended. */
    void withdrawUnless(IntPredicate waits) {
        waiting.values().removeIf(slot -> !waits.test(slot));
    }

    /** A node waits for these; returns the first that has come already, if any, which is to wake it now. */
    Woken.@Nullable ByCompletion suspend(int slot, List<Wake> wakes) {
        woken.remove(slot);
        Woken.ByCompletion early = null;
        for (Wake wake : wakes) {
            if (wake instanceof Wake.Completion completion) {
                wait(completion.name(), slot);
                early = early == null ? kept.get(completion.name()) : early;
            }
        }
        return early;
    }

    private void wait(String name, int slot) {
        int other = waiting.getOrDefault(name, slot);
        if (other != slot || used.contains(name) && !kept.containsKey(name)) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "The name '" + name + "' " + (other != slot ? "is already waited for" : "was completed before")
                            + " in this run; use one that no other wait has, such as the idempotency key",
                    null);
        }
        waiting.put(name, slot);
    }

    /** The node that waits for a name; -1 if none does. */
    int slotFor(String name) {
        return waiting.getOrDefault(name, -1);
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
    void wake(int slot, Woken by) {
        if (by instanceof Woken.ByCompletion completion) {
            used.add(completion.name());
            kept.remove(completion.name());
        }
        waiting.values().removeIf(waiter -> waiter == slot);
        woken.put(slot, by);
    }

    Woken by(int slot) {
        return woken.getOrDefault(slot, new Woken.ByTime());
    }

    /** The names for which a node waits. */
    List<String> names(int slot) {
        return waiting.entrySet().stream()
                .filter(entry -> entry.getValue() == slot)
                .map(Map.Entry::getKey)
                .toList();
    }
}
