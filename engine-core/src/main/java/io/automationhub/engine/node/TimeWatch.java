package io.automationhub.engine.node;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the open time limits when the first of them is over, at most each 10 ms. Its thread is woken only for a limit that is
 * over before its next look, for to wake it costs more than a short call does; it ends when there was no limit for a while. Safe
 * for use by several threads.
 */
final class TimeWatch implements Runnable {

    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final Set<TimeLimit> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Thread> looking = new AtomicReference<>();

    /** When it looks next; never while it looks, so that whoever comes meanwhile has it look again. */
    private volatile long next;

    void add(TimeLimit limit) {
        open.add(limit);
        Thread thread = looking.get();
        if (thread == null) {
            begin();
        } else if (limit.deadline() + LEAST_NANOS - next < 0) {
            LockSupport.unpark(thread);
        }
    }

    private void begin() {
        // Nothing of whoever comes first, for the actions of all who come later.
        Thread thread = new Thread(null, this, "automation-hub-time-limits", 0, false);
        thread.setContextClassLoader(getClass().getClassLoader());
        thread.setDaemon(true);
        if (looking.compareAndSet(null, thread)) {
            try {
                thread.start();
            } catch (Error e) {
                looking.set(null);
                throw e;
            }
        }
    }

    void remove(TimeLimit limit) {
        open.remove(limit);
    }

    @Override
    public void run() {
        try {
            look();
        } finally {
            // If it fails, for want of memory, the next limit has another thread look.
            looking.compareAndSet(Thread.currentThread(), null);
        }
    }

    private void look() {
        long seen = System.nanoTime();
        while (System.nanoTime() - seen < QUIET_NANOS || !mayEnd()) {
            long now = System.nanoTime();
            next = now + NEVER;
            long first = now + MOST_NANOS;
            for (TimeLimit limit : open) {
                seen = now;
                if (limit.deadline() - now <= 0) {
                    remove(limit);
                    limit.end();
                } else if (limit.deadline() - first < 0) {
                    first = limit.deadline();
                }
            }
            first = Math.max(first - now, LEAST_NANOS) + now;
            next = first;
            LockSupport.parkNanos(first - System.nanoTime());
        }
    }

    /** Whoever adds one after this look finds that nobody is looking. */
    private boolean mayEnd() {
        looking.set(null);
        return open.isEmpty() || !looking.compareAndSet(null, Thread.currentThread());
    }
}
