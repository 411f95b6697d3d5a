package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for what that comes from outside of a run, and what has come that nobody took. Made when it is first needed: a run
 * that only waits for time has none. Used by the run's writer only. What must be told to
 * others, because a wait began or is over, is collected until the facts of the turn are durable.
 */
final class Waits {

    /** The most names, and signals of one name, that are kept for waits that have not begun. */
    static final int MAX_KEPT = 1000;

    private final Map<String, Waiter> completions = new HashMap<>();
    private final Map<String, Woken.ByCompletion> kept = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    private final Map<String, Waiter> children = new HashMap<>();

    /** Of nodes that wait for several runs, those that have ended. */
    private final Map<Waiter, Map<String, Woken.ByChild>> gathered = new HashMap<>();

    /** The nodes that wait for a signal to the run, by its name and the age of the wait. */
    private final Map<String, Set<Waiter>> signalled = new HashMap<>();

    /** Signals by name that nothing has taken, the oldest first. */
    private final Map<String, Deque<Woken.BySignal>> signals = new HashMap<>();

    private final Set<String> signalIds = new HashSet<>();

    /** The nodes that wait for a signal with a key. */
    private final Map<Wake.Signal, Set<Waiter>> keyed = new HashMap<>();

    private List<Outside> begun = new ArrayList<>();
    private List<Outside> over = new ArrayList<>();

    /** A node that waits. */
    record Waiter(Scope scope, int slot) {

        boolean isSuspended() {
            return scope.machine().status(slot) == Status.SUSPENDED;
        }
    }

    /** What a node waits for that others must know of: another run, a signal with a key, a request to somebody. */
    record Outside(Waiter waiter, Wake wake) {}

    // ---------------------------------------------------------------- waits

    /**
     * A node waits for these; returns the first that has come already, if any, which is to wake it now.
     *
     * @throws NonRetriableException kind {@code config}, if another wait of the run has one of the names
     */
    @Nullable
    Woken suspend(Waiter waiter, List<Wake> wakes) {
        wakes.forEach(wake -> refuseTakenName(waiter, wake));
        Woken early = null;
        for (Wake wake : wakes) {
            Woken known = begin(waiter, wake);
            early = early == null ? known : early;
        }
        return early;
    }

    private @Nullable Woken begin(Waiter waiter, Wake wake) {
        if (isOutside(wake)) {
            begun.add(new Outside(waiter, wake));
        }
        if (wake instanceof Wake.Completion completion) {
            completions.put(completion.name(), waiter);
            return kept.get(completion.name());
        }
        if (wake instanceof Wake.Child child) {
            children.put(child.execution(), waiter);
        } else if (wake instanceof Wake.Iterations iterations) {
            iterations.runs().forEach(run -> children.put(run.execution(), waiter));
        } else if (wake instanceof Wake.Signal signal && signal.key() == null) {
            signalled
                    .computeIfAbsent(signal.name(), name -> new LinkedHashSet<>())
                    .add(waiter);
            Deque<Woken.BySignal> all = signals.get(signal.name());
            return all == null ? null : all.peek();
        } else if (wake instanceof Wake.Signal signal) {
            keyed.computeIfAbsent(signal, key -> new LinkedHashSet<>()).add(waiter);
        }
        return null;
    }

    private void refuseTakenName(Waiter waiter, Wake wake) {
        if (!(wake instanceof Wake.Completion completion)) {
            return;
        }
        String name = completion.name();
        Waiter other = completions.get(name);
        boolean taken = other != null && !other.equals(waiter) && other.isSuspended();
        if (taken || used.contains(name) && !kept.containsKey(name)) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "The name '" + name + "' " + (taken ? "is already waited for" : "was completed before")
                            + " in this run; use one that no other wait has, such as the idempotency key",
                    null);
        }
    }

    /** Something was taken for a node. */
    void taken(Woken by) {
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
    }

    /** The node waits no longer for these, for whatever reason; they are withdrawn. */
    void over(Waiter waiter, List<Wake> wakes) {
        wakes.forEach(wake -> end(waiter, wake));
    }

    private void end(Waiter waiter, Wake wake) {
        if (wake instanceof Wake.Completion completion) {
            completions.remove(completion.name(), waiter);
        } else if (wake instanceof Wake.Child child) {
            children.remove(child.execution());
        } else if (wake instanceof Wake.Iterations iterations) {
            iterations.runs().forEach(run -> children.remove(run.execution()));
            gathered.remove(waiter);
        } else if (wake instanceof Wake.Signal signal && signal.key() == null) {
            withdraw(signal.name(), waiter);
        } else if (wake instanceof Wake.Signal signal) {
            keyed.computeIfPresent(signal, (key, waiters) -> {
                waiters.remove(waiter);
                return waiters.isEmpty() ? null : waiters;
            });
        }
        if (isOutside(wake)) {
            Outside outside = new Outside(waiter, wake);
            begun.remove(outside);
            over.add(outside);
        }
    }

    /** Whether somebody else must be told of it. */
    private static boolean isOutside(Wake wake) {
        return wake instanceof Wake.Child
                || wake instanceof Wake.Iterations
                || wake instanceof Wake.Signal signal && signal.key() != null
                || wake instanceof Wake.Completion completion && completion.request() != null;
    }

    private void withdraw(String name, Waiter waiter) {
        Set<Waiter> waiters = signalled.get(name);
        if (waiters != null && waiters.remove(waiter) && waiters.isEmpty()) {
            signalled.remove(name);
        }
    }

    // ---------------------------------------------------------------- what comes

    /** The node that has waited longest for a signal; null if none does. */
    @Nullable
    Waiter waiterForSignal(String name) {
        for (Waiter waiter : signalled.getOrDefault(name, Set.of())) {
            if (waiter.isSuspended()) {
                return waiter;
            }
        }
        return null;
    }

    /** The node at that place, if it waits for a signal with a key; null if it does not. */
    @Nullable
    Waiter waiterForKey(Wake.Signal wake, String node, String iteration) {
        for (Waiter waiter : keyed.getOrDefault(wake, Set.of())) {
            Scope scope = waiter.scope();
            if (scope.id(waiter.slot()).equals(node) && scope.path().equals(iteration)) {
                return waiter;
            }
        }
        return null;
    }

    /** Whether nothing is waited for, and nobody has to be told anything. */
    boolean isEmpty() {
        return completions.isEmpty()
                && children.isEmpty()
                && signalled.isEmpty()
                && keyed.isEmpty()
                && begun.isEmpty()
                && over.isEmpty();
    }

    /** The node that waits for a name; null if none does. */
    @Nullable
    Waiter waiterFor(String name) {
        return completions.get(name);
    }

    /** The node that waits for a run; null if none does. */
    @Nullable
    Waiter waiterForChild(String execution) {
        return children.get(execution);
    }

    /** A run has ended for which a node waits; what ends the wait by that, or null if it waits for more. */
    @Nullable
    Woken ended(Waiter waiter, Woken.ByChild child) {
        for (Wake wake : waiter.scope().wakes(waiter.slot())) {
            if (wake instanceof Wake.Iterations iterations) {
                Map<String, Woken.ByChild> ended = gathered.computeIfAbsent(waiter, key -> new HashMap<>());
                ended.put(child.execution(), child);
                boolean failed = iterations.failFast() && child.status() != ExecutionStatus.SUCCEEDED;
                return failed || ended.size() == iterations.runs().size() ? inOrder(iterations, ended) : null;
            }
        }
        return child;
    }

    private static Woken inOrder(Wake.Iterations iterations, Map<String, Woken.ByChild> ended) {
        List<Woken.EndedIteration> all = new ArrayList<>();
        for (Wake.Iteration run : iterations.runs()) {
            Woken.ByChild child = ended.get(run.execution());
            if (child != null) {
                all.add(new Woken.EndedIteration(run.part().index(), child));
            }
        }
        return new Woken.ByIterations(iterations.name(), all);
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

    /** Whether a name was completed: each is once. */
    boolean isCompleted(String name) {
        return used.contains(name);
    }

    /** Whether no further completions can be kept. */
    boolean isFull() {
        return kept.size() >= MAX_KEPT;
    }

    void keep(Woken.ByCompletion completion) {
        used.add(completion.name());
        kept.put(completion.name(), completion);
    }

    // ---------------------------------------------------------------- what others must be told

    /** What the run has begun to wait for, and others have not been told. */
    List<Outside> begun() {
        return begun;
    }

    /** What the run waits for no longer, and others have not been told. */
    List<Outside> over() {
        return over;
    }

    /** What the run has begun to wait for since this was last asked. */
    List<Outside> takeBegun() {
        List<Outside> all = begun;
        begun = all.isEmpty() ? all : new ArrayList<>();
        return all;
    }

    /** What the run waits for no longer since this was last asked. */
    List<Outside> takeOver() {
        List<Outside> all = over;
        over = all.isEmpty() ? all : new ArrayList<>();
        return all;
    }
}
