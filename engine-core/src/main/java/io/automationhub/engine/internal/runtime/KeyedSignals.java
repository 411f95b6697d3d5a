package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Signals that are sent to a name and a key, and the nodes of all runs that wait for them. A signal ends the wait that has
 * been open longest; if there is none it is kept for a time. Safe for use by several threads.
 */
final class KeyedSignals {

    /** The most signals that are kept under one name and key. */
    static final int MAX_KEPT = 1000;

    /** The most signals of which it is remembered that they came; the oldest are forgotten first. */
    private static final int MAX_REMEMBERED = 100_000;

    private final EngineRuntime runtime;
    private final long ttlNanos;
    private final Map<Place, Set<Entry>> waiting = new HashMap<>();
    private final Map<Place, Deque<Kept>> kept = new LinkedHashMap<>();

    /** The ids of signals that came, by tenant, in their order. */
    private final Set<String> ids = new LinkedHashSet<>();

    private record Place(String tenant, String name, String key) {}

    private record Entry(Execution execution, Waits.Waiter waiter) {}

    private record Kept(Woken.BySignal signal, long until) {}

    /** @param ttl how long a signal is kept for which nothing waits */
    KeyedSignals(EngineRuntime runtime, Duration ttl) {
        this.runtime = runtime;
        ttlNanos = ttl.toNanos();
    }

    // ---------------------------------------------------------------- waits

    /** A node waits. If a signal is kept for it, that is sent to it. */
    void register(Execution execution, Waits.Waiter waiter, Wake.Signal wake) {
        Place place = place(execution, wake);
        Woken.BySignal known;
        synchronized (this) {
            known = poll(place);
            if (known == null) {
                waiting.computeIfAbsent(place, key -> new LinkedHashSet<>()).add(new Entry(execution, waiter));
                return;
            }
        }
        Woken.BySignal signal = known;
        Event.KeyedSignal event = new Event.KeyedSignal(waiter, wake, signal);
        // The run is at work with this very call, and answers in its next turn.
        CompletableFuture<Void> unused = event.answer.thenAcceptAsync(
                taken -> {
                    if (!taken) {
                        deliver(place, signal, true);
                    }
                },
                runtime.workers());
        execution.post(event);
    }

    /** The node waits no longer. */
    synchronized void withdraw(Execution execution, Waits.Waiter waiter, Wake.Signal wake) {
        Place place = place(execution, wake);
        Set<Entry> entries = waiting.get(place);
        if (entries != null && entries.remove(new Entry(execution, waiter)) && entries.isEmpty()) {
            waiting.remove(place);
        }
    }

    private static Place place(Execution execution, Wake.Signal wake) {
        return new Place(execution.tenant(), wake.name(), String.valueOf(wake.key()));
    }

    // ---------------------------------------------------------------- signals

    /**
     * Sends a signal.
     *
     * @throws EngineException if the run that waits for it does not answer in time; the signal may still count, and can be
     *     sent again with the same id
     */
    SignalReceipt send(String tenant, String key, Woken.BySignal signal) {
        synchronized (this) {
            if (!ids.add(tenant + " " + signal.id())) {
                return SignalReceipt.REPEATED;
            }
            if (ids.size() > MAX_REMEMBERED) {
                Iterator<String> oldest = ids.iterator();
                oldest.next();
                oldest.remove();
            }
        }
        try {
            SignalReceipt receipt = deliver(new Place(tenant, signal.name(), key), signal, false);
            if (receipt == SignalReceipt.FULL) {
                forget(tenant, signal);
            }
            return receipt;
        } catch (EngineException e) {
            forget(tenant, signal);
            throw e;
        }
    }

    private synchronized void forget(String tenant, Woken.BySignal signal) {
        ids.remove(tenant + " " + signal.id());
    }

    /** @param first whether it is to be kept before those that are, because it came before them */
    private SignalReceipt deliver(Place place, Woken.BySignal signal, boolean first) {
        while (true) {
            Entry entry;
            synchronized (this) {
                entry = takeOldest(place);
                if (entry == null) {
                    return keep(place, signal, first);
                }
            }
            Event.KeyedSignal event =
                    new Event.KeyedSignal(entry.waiter(), new Wake.Signal(place.name(), place.key()), signal);
            entry.execution().post(event);
            Boolean taken = RunHandle.answer(event.answer.thenApply(Optional::of), Optional.<Boolean>empty())
                    .orElse(null);
            if (taken == null) {
                throw new EngineException("The execution '" + entry.execution().id() + "', which waits for the signal '"
                        + signal.name() + "', did not answer in time; it may still count, so send it again with the"
                        + " same id");
            }
            if (taken) {
                return SignalReceipt.TAKEN;
            }
        }
    }

    private @Nullable Entry takeOldest(Place place) {
        Set<Entry> entries = waiting.get(place);
        if (entries == null) {
            return null;
        }
        Iterator<Entry> oldest = entries.iterator();
        Entry entry = oldest.next();
        oldest.remove();
        if (entries.isEmpty()) {
            waiting.remove(place);
        }
        return entry;
    }

    private SignalReceipt keep(Place place, Woken.BySignal signal, boolean first) {
        forgetExpired();
        Deque<Kept> all = kept.computeIfAbsent(place, key -> new ArrayDeque<>());
        if (all.size() >= MAX_KEPT && !first) {
            return SignalReceipt.FULL;
        }
        Kept entry = new Kept(signal, runtime.clock().nanos() + ttlNanos);
        if (first) {
            all.addFirst(entry);
        } else {
            all.add(entry);
        }
        return SignalReceipt.KEPT;
    }

    private Woken.@Nullable BySignal poll(Place place) {
        Deque<Kept> all = kept.get(place);
        Kept oldest = null;
        while (all != null && !all.isEmpty() && oldest == null) {
            Kept next = all.remove();
            oldest = next.until() - runtime.clock().nanos() > 0 ? next : null;
        }
        if (all != null && all.isEmpty()) {
            kept.remove(place);
        }
        return oldest == null ? null : oldest.signal();
    }

    /** Places are in the order in which they were first needed, which is about that in which they expire. */
    private void forgetExpired() {
        Iterator<Deque<Kept>> places = kept.values().iterator();
        while (places.hasNext()) {
            Deque<Kept> all = places.next();
            while (!all.isEmpty() && all.peek().until() - runtime.clock().nanos() <= 0) {
                all.remove();
            }
            if (!all.isEmpty()) {
                return;
            }
            places.remove();
        }
    }
}
