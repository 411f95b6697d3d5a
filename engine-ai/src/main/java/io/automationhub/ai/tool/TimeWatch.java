package io.automationhub.ai.tool;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at open time limits again and again while there are any: to wake a thread for each would cost more than a short call. Its
 * thread ends when there was none for a while. Safe for use by several threads.
 */
final class TimeWatch implements Runnable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<TimeLimit> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    void add(TimeLimit limit) {
        open.add(limit);
        if (!looking.get() && looking.compareAndSet(false, true)) {
            Thread thread = new Thread(this, "automation-hub-tool-times");
            thread.setDaemon(true);
            thread.start();
        }
    }

    void remove(TimeLimit limit) {
        open.remove(limit);
    }

    @Override
    public void run() {
        long seen = System.nanoTime();
        while (System.nanoTime() - seen < QUIET_NANOS || !mayEnd()) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = System.nanoTime();
            for (TimeLimit limit : open) {
                limit.look(now);
                seen = now;
            }
        }
    }

    /** Whoever adds one after this look finds that nobody is looking. */
    private boolean mayEnd() {
        looking.set(false);
        return open.isEmpty() || !looking.compareAndSet(false, true);
    }
}
