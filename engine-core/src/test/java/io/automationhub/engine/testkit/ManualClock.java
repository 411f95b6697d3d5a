package io.automationhub.engine.testkit;

import io.automationhub.engine.node.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until somebody advances it. What is due then runs on the advancing thread, in order; what is
 * due already when it is asked for runs at once, on the thread that asks.
 */
public final class ManualClock implements EngineClock {

    /** Where it begins unless told otherwise. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

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
        this(START);
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
    public Runnable wakeAt(long due, Runnable action) {
        Timer timer = keep(due, action);
        if (timer == null) {
            action.run();
            return () -> {};
        }
        return () -> remove(timer);
    }

    /** Null if it is due already. */
    private synchronized @Nullable Timer keep(long due, Runnable action) {
        if (due <= nanos) {
            return null;
        }
        Timer timer = new Timer(due, count++, action);
        timers.add(timer);
        return timer;
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
    }

    /** How long it is until the next timer; empty if none waits. */
    public synchronized Optional<Duration> untilNext() {
        return Optional.ofNullable(timers.peek()).map(timer -> Duration.ofNanos(timer.nanos() - nanos));
    }

    /** How many timers wait. */
    public synchronized int timers() {
        return timers.size();
    }

    /** Moves to the next timer and takes it; moves to {@code target} if there is none before. */
    private synchronized @Nullable Timer next(long target) {
        Timer timer = timers.peek();
        boolean due = timer != null && timer.nanos() <= target;
        nanos = Math.max(nanos, due ? timer.nanos() : target);
        return due ? timers.remove() : null;
    }
}
