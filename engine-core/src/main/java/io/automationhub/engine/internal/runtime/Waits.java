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
import org.jspecify.annotations.Nullable;

/** Which nodes of a run wait for which names, and what has come for them. Used by the run's writer only. */
final class Waits {

    /** The most names that are kept for waits that have not begun. */
    static final int MAX_KEPT = 1000;

    private final Map<String, Integer> waiting = new LinkedHashMap<>();
    private final Map<String, Woken.ByCompletion> kept = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<Integer, Woken> woken = new HashMap<>();

    /** A node waits for these; returns the one that has come already, if any. */
    Woken.@Nullable ByCompletion suspend(int slot, List<Wake> wakes) {
        woken.remove(slot);
        for (Wake wake : wakes) {
            if (wake instanceof Wake.Completion completion) {
                Woken.ByCompletion early = kept.remove(completion.name());
                if (early != null) {
                    return early;
                }
            }
        }
        for (Wake wake : wakes) {
            if (wake instanceof Wake.Completion completion) {
                wait(completion.name(), slot);
            }
        }
        return null;
    }

    private void wait(String name, int slot) {
        int other = waiting.getOrDefault(name, slot);
        if (other != slot || used.contains(name)) {
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
