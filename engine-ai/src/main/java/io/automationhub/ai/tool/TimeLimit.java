package io.automationhub.ai.tool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Interrupts the thread that made it when some time has passed, unless it was closed before. */
final class TimeLimit implements AutoCloseable {

    // Guarded by this.
    private @Nullable Thread thread = Thread.currentThread();
    private boolean over;

    private TimeLimit() {}

    static TimeLimit of(Duration time) {
        TimeLimit limit = new TimeLimit();
        CompletableFuture<Void> unused = CompletableFuture.runAsync(
                limit::end, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, Runnable::run));
        return limit;
    }

    private synchronized void end() {
        if (thread != null) {
            over = true;
            thread.interrupt();
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    /** From here on it interrupts nobody, and an interrupt of its own is taken back. */
    @Override
    public synchronized void close() {
        thread = null;
        if (over) {
            boolean unused = Thread.interrupted();
        }
    }
}
