package io.automationhub.connectors.webhook;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionWaitException;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.ExecutionRecord;
import java.time.Duration;
import java.util.Optional;

/**
 * The run that a call started, or one of its repetitions did: it may go on in another process, or have ended.
 *
 * @param isNew whether this call started it
 */
record StartedRun(WorkflowEngine engine, String id, boolean isNew) {

    private static final long LOOK_MILLIS = 100;

    /** What it came to; empty if it goes on. */
    Optional<ExecutionRecord> ended() {
        return engine.execution(id).filter(run -> run.status().isEnded());
    }

    /**
     * Waits for its end.
     *
     * @return empty if it goes on after that time
     * @throws InterruptedException if this thread is interrupted
     */
    Optional<ExecutionRecord> await(Duration timeout) throws InterruptedException {
        Optional<ExecutionHandle> here = engine.handle(id);
        if (here.isPresent()) {
            return here(here.get(), timeout);
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        Optional<ExecutionRecord> ended = ended();
        while (ended.isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_MILLIS);
            ended = ended();
        }
        return ended;
    }

    private Optional<ExecutionRecord> here(ExecutionHandle handle, Duration timeout) throws InterruptedException {
        try {
            handle.await(timeout);
        } catch (ExecutionWaitException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
            }
        }
        return ended();
    }
}
