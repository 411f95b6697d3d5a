package io.automationhub.engine.internal.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The thread that called {@code run} and has nothing to do until the run ends: an attempt that begins there, while no
 * other goes on, is made there and not on a thread of its own, which saves two changes of threads.
 *
 * <p>An attempt waits until the turn that began it is over, so that however many follow each other the stack stays flat.
 * What begins on another thread, as after a wait or a retry, has a thread of its own. Only the thread itself changes
 * anything here.
 */
final class CallerThread {

    private final WorkerThreads workers;
    private final Thread thread = Thread.currentThread();
    private @Nullable Attempt next;
    private boolean working = true;

    CallerThread(WorkerThreads workers) {
        this.workers = workers;
    }

    /** Whether this thread makes the attempt. On any thread. */
    boolean takes(Attempt attempt) {
        if (!Thread.currentThread().equals(thread) || !working || next != null) {
            return false;
        }
        next = attempt;
        return true;
    }

    /**
     * Makes attempts until there is none to be made here. If somebody interrupts the thread the attempt hears of it; it is
     * the last one then, and the flag is set afterwards.
     */
    void work() {
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
        working = false;
        if (next != null) {
            next.start();
        }
        if (interrupted) {
            thread.interrupt();
        }
    }
}
