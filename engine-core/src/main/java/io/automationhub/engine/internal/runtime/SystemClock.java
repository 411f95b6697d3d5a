package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.Micros;
import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.store.StoreMember;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The machine's own time. Its thread is started by the first timer. */
public final class SystemClock implements EngineClock, AutoCloseable {

    private static final long REREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Clocks of machines go wrong by a ten-thousandth at most; what is known of the time gets worse by that. */
    private static final long MOST_DRIFT = 10_000;

    private final InstantSource wall;
    private volatile Reading reading;
    private volatile boolean aligned;
    private long alignedAt;
    private long errorNanos;
    private @Nullable ScheduledThreadPoolExecutor timers;

    public SystemClock() {
        this(InstantSource.system());
    }

    /** A clock of a machine whose wall clock says something else, such as a wrong time. */
    public SystemClock(InstantSource wall) {
        this.wall = wall;
        reading = read();
    }

    private Reading read() {
        return new Reading(System.nanoTime(), Micros.of(wall.instant()));
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    /** The wall clock as it was read last, carried on by monotonic time; read again after a second. */
    @Override
    public long epochMicros(long nanos) {
        Reading last = reading;
        if (!aligned && nanos - last.nanos() > REREAD_NANOS) {
            last = read();
            reading = last;
            return last.at(nanos);
        }
        return last.at(nanos);
    }

    /** Takes the time of others from now on, and carries it on by monotonic time, whatever this machine's wall clock says. */
    synchronized void align(StoreMember.Time time) {
        long drift = (time.nanos() - alignedAt) / MOST_DRIFT;
        if (!aligned || time.errorNanos() <= errorNanos + drift) {
            reading = new Reading(time.nanos(), time.micros());
            errorNanos = time.errorNanos();
            alignedAt = time.nanos();
            aligned = true;
        }
    }

    /** What both clocks said at one moment. */
    private record Reading(long nanos, long epochMicros) {

        long at(long other) {
            return epochMicros + (other - nanos) / 1000;
        }
    }

    @Override
    public Runnable wakeAt(long nanos, Runnable action) {
        long delay = Math.max(0, nanos - System.nanoTime());
        Future<?> timer = timers().schedule(action, delay, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    private synchronized ScheduledThreadPoolExecutor timers() {
        ScheduledThreadPoolExecutor executor = timers;
        if (executor == null) {
            executor = new ScheduledThreadPoolExecutor(1, work -> {
                Thread thread = new Thread(work, "automation-hub-timer");
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            timers = executor;
        }
        return executor;
    }

    @Override
    public synchronized void close() {
        if (timers != null) {
            timers.shutdownNow();
        }
    }
}
