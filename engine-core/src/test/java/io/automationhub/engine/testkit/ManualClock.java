package io.automationhub.engine.testkit;

import io.automationhub.engine.node.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until somebody advances it. What is due then runs on the advancing thread, in order. */
public final class ManualClock implements EngineClock {

    private final long startMicros;
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::nanos).thenComparingLong(Timer::number));
    private long nanos;
    private long count;

    private record Timer(long nanos, long number, Runnable action) {}

    /** A clock that begins at an instant. */
    public ManualClock(Instant start) {
        startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, start);
    }

    /** A clock that begins on 1 January 2026, 00:00 UTC. */
    public ManualClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public long epochMicros(long reading) {
        return startMicros + reading / 1000;
    }

    @Override
    public synchronized Runnable wakeAt(long due, Runnable action) {
        Timer timer = new Timer(due, count++, action);
        timers.add(timer);
        return () -> remove(timer);
    }

    private synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    /** Lets time pass. The clock stops at each timer on the way and runs it. */
    public void advance(Duration duration) {
        long target = nanos() + duration.toNanos();
        for (Timer timer = next(target); timer != null; timer = next(target)) {
            timer.action().run();
        }
        synchronized (this) {
            nanos = target;
        }
    }

    /** How many timers wait. */
    public synchronized int timers() {
        return timers.size();
    }

    private synchronized @Nullable Timer next(long target) {
        Timer timer = timers.peek();
        if (timer == null || timer.nanos() > target) {
            return null;
        }
        timers.remove();
        nanos = Math.max(nanos, timer.nanos());
        return timer;
    }
}
