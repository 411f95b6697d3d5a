package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.workflow.Limit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Limits of attempts in an engine whose runs live in memory. */
final class NamedLimits implements AttemptLimits {

    private static final long NEVER = Long.MAX_VALUE;
    private static final int FEW = 100;

    private final EngineClock clock;

    /** How many attempts run under each name. */
    private final Map<Key, Integer> used = new HashMap<>();

    /** Until when attempts that have begun count, under each name of a rate; the first to go first. */
    private final Map<Key, Deque<Long>> begun = new HashMap<>();

    private final NavigableSet<Waiting> queue =
            new TreeSet<>(Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::arrival));

    private final Set<Execution> waiting = new HashSet<>();
    private long arrivals;

    /** When this looks again at who may begin, because attempts count no longer. */
    private long looksAt = NEVER;

    /** When there are so many rates, those under which nothing counts are forgotten. */
    private int sweepsAt = FEW;

    /** @param perNanos 0 if attempts at the same time are counted */
    private record Key(String tenant, String name, long perNanos) {}

    private record Waiting(Execution execution, int priority, long arrival) {}

    NamedLimits(EngineClock clock) {
        this.clock = clock;
    }

    @Override
    public boolean take(Execution execution) {
        boolean taken = takeOrWait(execution);
        lookLater();
        return taken;
    }

    private synchronized boolean takeOrWait(Execution execution) {
        if (waiting.contains(execution)) {
            return false;
        }
        if (isFull(execution)) {
            waiting.add(execution);
            queue.add(new Waiting(execution, execution.start().priority(), arrivals++));
            return false;
        }
        count(execution);
        return true;
    }

    @Override
    public void giveBack(Execution execution, int places) {
        for (int i = 0; i < places; i++) {
            discount(execution);
            serve();
        }
    }

    /** Lets those go on that find places. */
    private void serve() {
        for (Optional<Execution> next = nextWithPlace(); next.isPresent(); next = nextWithPlace()) {
            next.get().post(new Event.PlaceFree());
        }
        lookLater();
    }

    /** The next run that finds a place under all its names; it has taken it. */
    private synchronized Optional<Execution> nextWithPlace() {
        for (Waiting next : queue) {
            if (!isFull(next.execution())) {
                queue.remove(next);
                waiting.remove(next.execution());
                count(next.execution());
                return Optional.of(next.execution());
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized void withdraw(Execution execution) {
        if (waiting.remove(execution)) {
            queue.removeIf(each -> each.execution().equals(execution));
        }
    }

    @Override
    public synchronized Map<String, Limit> waitsFor(Execution execution) {
        Map<String, Limit> full = new TreeMap<>();
        if (waiting.contains(execution)) {
            limits(execution).forEach((name, limit) -> {
                if (isFull(key(execution, name, limit), limit)) {
                    full.put(name, limit);
                }
            });
        }
        return full;
    }

    // ---------------------------------------------------------------- counting

    private static Map<String, Limit> limits(Execution execution) {
        return execution.workflow().settings().limits();
    }

    private static Key key(Execution execution, String name, Limit limit) {
        return new Key(
                execution.tenant(), name, limit.per() == null ? 0 : limit.per().toNanos());
    }

    @Override
    public synchronized boolean isFull(String tenant, String name, int places) {
        return used.getOrDefault(new Key(tenant, name, 0), 0) >= places;
    }

    private boolean isFull(Execution execution) {
        return limits(execution).entrySet().stream()
                .anyMatch(limit -> isFull(key(execution, limit.getKey(), limit.getValue()), limit.getValue()));
    }

    private boolean isFull(Key key, Limit limit) {
        return limit.isRate()
                ? counting(key, clock.nanos()) >= limit.most()
                : used.getOrDefault(key, 0) >= limit.most();
    }

    private int counting(Key key, long now) {
        Deque<Long> all = begun.get(key);
        if (all == null) {
            return 0;
        }
        while (!all.isEmpty() && all.peek() - now <= 0) {
            all.remove();
        }
        return all.size();
    }

    private void count(Execution execution) {
        limits(execution).forEach((name, limit) -> {
            Key key = key(execution, name, limit);
            if (limit.isRate()) {
                begun.computeIfAbsent(key, rate -> new ArrayDeque<>()).add(clock.nanos() + key.perNanos());
            } else {
                used.merge(key, 1, Integer::sum);
            }
        });
        if (begun.size() > sweepsAt) {
            long now = clock.nanos();
            begun.keySet().removeIf(key -> counting(key, now) == 0);
            sweepsAt = Math.max(FEW, 2 * begun.size());
        }
    }

    private synchronized void discount(Execution execution) {
        limits(execution).forEach((name, limit) -> {
            if (!limit.isRate()) {
                used.computeIfPresent(key(execution, name, limit), (key, count) -> count == 1 ? null : count - 1);
            }
        });
    }

    // ---------------------------------------------------------------- time

    /** Looks again when the first attempt that somebody may wait for counts no longer. */
    private void lookLater() {
        long at = nextLook();
        if (at != NEVER) {
            Runnable unused = clock.wakeAt(at, this::timeCame);
        }
    }

    private synchronized long nextLook() {
        if (queue.isEmpty() || begun.isEmpty()) {
            return NEVER;
        }
        long first = NEVER;
        for (Deque<Long> all : begun.values()) {
            if (!all.isEmpty()) {
                first = Math.min(first, all.peek());
            }
        }
        if (first >= looksAt) {
            return NEVER;
        }
        looksAt = first;
        return first;
    }

    private void timeCame() {
        synchronized (this) {
            looksAt = NEVER;
        }
        serve();
    }
}
