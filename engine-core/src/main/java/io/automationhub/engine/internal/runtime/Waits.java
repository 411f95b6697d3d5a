package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which nodes of a run wait for which names, and what has come for them. Used by the run's writer only. */
final class Waits {

    /** The most names, and signals of one name, that are kept for waits that have not begun. */
    static final int MAX_KEPT = 1000;

    private final Map<String, Waiter> waiting = new LinkedHashMap<>();
    private final Map<String, Woken.ByCompletion> kept = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<Waiter, Woken> woken = new HashMap<>();

    /** The names of signals for which nodes wait, by the age of the wait. */
    private final Map<Waiter, List<String>> waitingForSignals = new LinkedHashMap<>();

    /** Signals by name that nothing has taken, the oldest first. */
    private final Map<String, Deque<Woken.BySignal>> signals = new HashMap<>();

    private final Set<String> signalIds = new HashSet<>();

    /** A node that waits. */
    record Waiter(Scope scope, int slot) {

        boolean isSuspended() {
            return scope.machine().status(slot) == Status.SUSPENDED;
        }
    }

    /** Withdraws the names of nodes that wait no longer, however their waits ended. */
    void withdrawEnded() {
        waiting.values().removeIf(waiter -> !waiter.isSuspended());
        waitingForSignals.keySet().removeIf(waiter -> !waiter.isSuspended());
    }

    /** A node waits for these; returns the first that has come already, if any, which is to wake it now. */
    @Nullable
    Woken suspend(Waiter waiter, List<Wake> wakes) {
        woken.remove(waiter);
        Woken early = null;
        List<String> names = new ArrayList<>();
        for (Wake wake : wakes) {
            Woken kept = null;
            if (wake instanceof Wake.Completion completion) {
                wait(completion.name(), waiter);
                kept = this.kept.get(completion.name());
            } else if (wake instanceof Wake.Signal signal) {
                names.add(signal.name());
                kept = oldest(signal.name());
            }
            early = early == null ? kept : early;
        }
        if (!names.isEmpty()) {
            waitingForSignals.put(waiter, names);
        }
        return early;
    }

    private Woken.@Nullable BySignal oldest(String name) {
        Deque<Woken.BySignal> all = signals.get(name);
        return all == null ? null : all.peek();
    }

    /** The node that has waited longest for a signal; null if none does. */
    @Nullable
    Waiter waiterForSignal(String name) {
        for (Map.Entry<Waiter, List<String>> entry : waitingForSignals.entrySet()) {
            if (entry.getValue().contains(name) && entry.getKey().isSuspended()) {
                return entry.getKey();
            }
        }
        return null;
    }

    boolean isRepeated(String signalId) {
        return signalIds.contains(signalId);
    }

    /** False if there are too many of its name. */
    boolean keep(Woken.BySignal signal) {
        Deque<Woken.BySignal> all = signals.computeIfAbsent(signal.name(), name -> new ArrayDeque<>());
        if (all.size() >= MAX_KEPT) {
            return false;
        }
        signalIds.add(signal.id());
        all.add(signal);
        return true;
    }

    /** The names of the signals for which a node waits. */
    List<String> signalNames(Waiter waiter) {
        return waitingForSignals.getOrDefault(waiter, List.of());
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
        if (by instanceof Woken.BySignal signal) {
            signalIds.add(signal.id());
            Deque<Woken.BySignal> all = signals.get(signal.name());
            if (all != null) {
                all.removeIf(each -> each.id().equals(signal.id()));
            }
        }
        waiting.values().removeIf(waiter::equals);
        waitingForSignals.remove(waiter);
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
        waitingForSignals.keySet().removeIf(waiter -> waiter.scope() == scope);
        woken.keySet().removeIf(waiter -> waiter.scope() == scope);
    }
}
