package io.automationhub.engine.internal.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The thread that makes the attempts of a run for whose end somebody waits, one after another: an attempt that begins in a
 * turn of this thread, while no other goes on, is made there and not on a thread of its own, which saves two changes of
 * threads. It is that of who called {@code run}, if it is lent, or else one of the engine's that stands in for it.
 *
 * <p>An attempt waits until the turn that began it is over, so that however many follow each other the stack stays flat.
 * What begins on another thread, as after a wait or a retry, has a thread of its own. Only the thread itself changes
 * anything here.
 */
final class RunThread {

    private final WorkerThreads workers;
    /** Null while there is none that takes attempts. */
    private @Nullable Thread thread = Thread.currentThread();

    private @Nullable Attempt next;

    /** The calling thread, until it hands over. */
    RunThread(WorkerThreads workers) {
        this.workers = workers;
    }

    /** Whether this thread makes the attempt. On any thread. */
    boolean takes(Attempt attempt) {
        if (!Thread.currentThread().equals(thread) || next != null) {
            return false;
        }
        next = attempt;
        return true;
    }

    /** Lets a thread of the engine's own do {@link #work}, if there is any, and makes nothing here any more. */
    void handOver(Execution execution) {
        thread = null;
        Attempt first = next;
        if (first == null) {
            execution.release(this);
        } else {
            first.start(attempt -> workers.standIn(() -> {
                thread = Thread.currentThread();
                work(execution);
            }));
        }
    }

    /**
     * Makes attempts until there is none to be made here. If somebody interrupts the thread the attempt hears of it; it is
     * the last one then, and the flag is set afterwards.
     */
    void work(Execution execution) {
        boolean interrupted = false;
        while (next != null) {
            Attempt attempt = next;
            next = null;
            workers.onThisThread(attempt);
            if (attempt.wasInterrupted()) {
                interrupted = true;
                break;
            }
        }
        thread = null;
        execution.release(this);
        if (next != null) {
            next.start();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
