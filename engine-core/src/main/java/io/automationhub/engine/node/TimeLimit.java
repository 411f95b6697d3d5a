package io.automationhub.engine.node;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something when some time has passed, unless it was closed before: cancels a request, interrupts a thread. For what is short
 * as a rule and now and then not: a limit that is closed in time wakes no thread. The time is that of the machine, not of an
 * {@link EngineClock}, and a limit may be over 10 ms late. Safe for use by several threads.
 *
 * <pre>{@code
 * try (TimeLimit limit = TimeLimit.of(Duration.ofSeconds(30), request::cancel)) {
 *     return request.send();
 * }
 * }</pre>
 */
public final class TimeLimit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TimeLimit.class);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);
    private static final TimeWatch WATCH = new TimeWatch();

    private final long deadline;
    private final Runnable action;

    // Guarded by this.
    private boolean closed;
    private boolean over;

    private TimeLimit(long deadline, Runnable action) {
        this.deadline = deadline;
        this.action = action;
    }

    /**
     * A limit that begins now.
     *
     * @param time more than 146 years count as 146; what is not positive is over at once
     * @param action runs once, on a thread that others wait for, so it must be quick; what it throws is logged
     */
    public static TimeLimit of(Duration time, Runnable action) {
        TimeLimit limit = new TimeLimit(System.nanoTime() + nanos(time), action);
        try {
            WATCH.add(limit);
        } catch (Error e) {
            limit.close();
            throw e;
        }
        return limit;
    }

    private static long nanos(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
    }

    /** When it is over, as {@link System#nanoTime} tells it. */
    long deadline() {
        return deadline;
    }

    /** Its time has passed. */
    synchronized void end() {
        if (closed || over) {
            return;
        }
        over = true;
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            // Other limits wait for this thread.
            LOG.warn("What was to be done at the end of a time limit failed", e);
        }
    }

    /** Whether its time passed before it was closed. */
    public synchronized boolean isOver() {
        return over;
    }

    /** From here on it does nothing; waits for an action that is at work. Closing twice does nothing. */
    @Override
    public void close() {
        WATCH.remove(this);
        synchronized (this) {
            closed = true;
        }
    }
}
