package io.automationhub.engine.internal.runtime;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Limits of attempts in an engine whose runs live in memory. */
final class NamedLimits implements AttemptLimits {

    /** How many attempts run under each name, by tenant and name. */
    private final Map<Key, Integer> used = new HashMap<>();

    private final NavigableSet<Waiting> queue =
            new TreeSet<>(Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::arrival));

    private final Set<Execution> waiting = new HashSet<>();
    private long arrivals;

    private record Key(String tenant, String name) {}

    private record Waiting(Execution execution, int priority, long arrival) {}

    @Override
    public synchronized boolean take(Execution execution) {
        if (waiting.contains(execution)) {
            return false;
        }
        if (full(execution).isPresent()) {
            waiting.add(execution);
            queue.add(new Waiting(execution, execution.start().priority(), arrivals++));
            return false;
        }
        count(execution, 1);
        return true;
    }

    @Override
    public void giveBack(Execution execution, int places) {
        for (int i = 0; i < places; i++) {
            Optional<Execution> next = passOn(execution);
            while (next.isPresent()) {
                next.get().post(new Event.PlaceFree());
                next = nextWithPlace();
            }
        }
    }

    private synchronized Optional<Execution> passOn(Execution execution) {
        count(execution, -1);
        return nextWithPlace();
    }

    /** The next run that finds a place under all its names; it has taken it. */
    private synchronized Optional<Execution> nextWithPlace() {
        for (Waiting next : queue) {
            if (full(next.execution()).isEmpty()) {
                queue.remove(next);
                waiting.remove(next.execution());
                count(next.execution(), 1);
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
    public synchronized List<String> waitsFor(Execution execution) {
        return waiting.contains(execution) ? full(execution).stream().toList() : List.of();
    }

    private Optional<String> full(Execution execution) {
        return execution.workflow().settings().limits().entrySet().stream()
                .filter(limit -> used.getOrDefault(new Key(execution.tenant(), limit.getKey()), 0) >= limit.getValue())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void count(Execution execution, int change) {
        for (String name : execution.workflow().settings().limits().keySet()) {
            used.merge(new Key(execution.tenant(), name), change, (before, more) -> {
                int sum = before + more;
                return sum == 0 ? null : sum;
            });
        }
    }
}
