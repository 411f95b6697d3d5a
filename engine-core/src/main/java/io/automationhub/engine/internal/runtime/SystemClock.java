package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.node.EngineClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The machine's own time. Its thread is started by the first timer. */
public final class SystemClock implements EngineClock, AutoCloseable {

    private @Nullable ScheduledThreadPoolExecutor timers;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long epochMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
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
