package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.ExecutionEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands turns to the listeners on a thread of its own.
 *
 * <p><b>Concurrency.</b> Many runs put turns into a ring, one thread takes them out. Publishing wakes nobody while runs
 * are busy, because a wake-up for each turn would cost more than the turn: the thread looks every millisecond, and only
 * after a quiet second it parks and asks to be woken. A full ring drops the turn and counts it as a gap.
 */
final class EventPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int CAPACITY = 1 << 14;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_LOOKS = 1000;

    private final List<EngineListener> listeners;
    private final AtomicReferenceArray<@Nullable Turn> ring = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closed;

    EventPublisher(List<EngineListener> listeners) {
        this.listeners = List.copyOf(listeners);
        thread = new Thread(this::deliver, "automation-hub-events");
        thread.setDaemon(true);
        thread.start();
    }

    void publish(Turn turn) {
        long position;
        do {
            position = tail.get();
            if (position - head.get() >= CAPACITY) {
                dropped.incrementAndGet();
                return;
            }
        } while (!tail.compareAndSet(position, position + 1));
        ring.lazySet((int) position & CAPACITY - 1, turn);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void deliver() {
        int quiet = 0;
        while (true) {
            boolean closing = closed;
            if (deliverAll()) {
                quiet = 0;
            } else if (closing) {
                return;
            } else if (++quiet < QUIET_LOOKS) {
                LockSupport.parkNanos(LOOK_NANOS);
            } else {
                parkUntilPublished();
                quiet = 0;
            }
        }
    }

    private boolean deliverAll() {
        boolean any = false;
        for (Turn turn = take(); turn != null; turn = take()) {
            any = true;
            List<ExecutionEvent> events = turn.events();
            for (EngineListener listener : listeners) {
                call(listener, events);
            }
        }
        long gap = dropped.getAndSet(0);
        if (gap > 0) {
            listeners.forEach(listener -> callGap(listener, gap));
        }
        return any;
    }

    private @Nullable Turn take() {
        long position = head.get();
        int at = (int) position & CAPACITY - 1;
        Turn turn = ring.get(at);
        if (turn != null) {
            ring.lazySet(at, null);
            head.lazySet(position + 1);
        }
        return turn;
    }

    private void parkUntilPublished() {
        parked = true;
        // A turn published before the flag was seen is found here; one after it wakes the thread.
        if (tail.get() == head.get() && !closed) {
            LockSupport.park(this);
        }
        parked = false;
    }

    private static void call(EngineListener listener, List<ExecutionEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        try {
            listener.onEvents(events);
        } catch (Throwable e) {
            LOG.warn(
                    "The listener {} failed on {} event(s); the runs go on",
                    listener.getClass().getName(),
                    events.size(),
                    e);
        }
    }

    private static void callGap(EngineListener listener, long gap) {
        try {
            listener.onGap(gap);
        } catch (Throwable e) {
            LOG.warn(
                    "The listener {} failed on a gap; the runs go on",
                    listener.getClass().getName(),
                    e);
        }
    }

    /** Delivers what was published, and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
