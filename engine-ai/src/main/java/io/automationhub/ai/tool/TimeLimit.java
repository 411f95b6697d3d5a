package io.automationhub.ai.tool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Interrupts the thread that made it when some time has passed, unless it was closed before. */
final class TimeLimit implements AutoCloseable {

    private static final TimeWatch WATCH = new TimeWatch();

    private final long deadline;

    // Guarded by this.
    private @Nullable Thread thread = Thread.currentThread();
    private boolean over;

    private TimeLimit(long deadline) {
        this.deadline = deadline;
    }

    static TimeLimit of(Duration time) {
        TimeLimit limit = new TimeLimit(System.nanoTime() + nanos(time));
        WATCH.add(limit);
        return limit;
    }

    /** More than a century is as long as there is. */
    private static long nanos(Duration time) {
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0 ? Long.MAX_VALUE / 2 : time.toNanos();
    }

    /** Interrupts the thread if its time has passed. */
    synchronized void look(long now) {
        if (thread != null && !over && now - deadline >= 0) {
            over = true;
            thread.interrupt();
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    /** From here on it interrupts nobody, and an interrupt of its own is taken back. */
    @Override
    public void close() {
        WATCH.remove(this);
        synchronized (this) {
            thread = null;
            if (over) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
