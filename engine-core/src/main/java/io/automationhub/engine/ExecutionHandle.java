package io.automationhub.engine;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.internal.runtime.RunHandle;
import io.automationhub.engine.store.ExecutionHistory;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run that goes on. Safe for use by several threads. */
public final class ExecutionHandle {

    private final RunHandle run;

    ExecutionHandle(RunHandle run) {
        this.run = run;
    }

    /** The run's id. */
    public String id() {
        return run.id();
    }

    /** Where it stands now. */
    public ExecutionStatus status() {
        return run.status();
    }

    /** The run as it is now. */
    public WorkflowExecution snapshot() {
        return new WorkflowExecution(run.look());
    }

    /**
     * Completes when the run has ended, well or not, on the thread that ended it: what follows should be short. It
     * completes with an {@link EngineException} if the engine is closed before.
     */
    public CompletionStage<WorkflowExecution> completion() {
        return run.done().thenApply(WorkflowExecution::new).minimalCompletionStage();
    }

    /**
     * Waits for the end.
     *
     * @throws ExecutionWaitException if this thread is interrupted; the run goes on, and the interrupt flag stays set
     * @throws EngineException if the engine is closed before
     */
    public WorkflowExecution await() {
        return await(null);
    }

    /**
     * Waits for the end, but only so long.
     *
     * @param timeout null for no bound
     * @throws ExecutionWaitException if the time is over or this thread is interrupted; the run goes on
     * @throws EngineException if the engine is closed before
     */
    public WorkflowExecution await(@Nullable Duration timeout) {
        ExecutionHistory ended = run.ended();
        if (ended != null) {
            return new WorkflowExecution(ended);
        }
        try {
            ended = timeout == null ? run.done().get() : run.done().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new WorkflowExecution(ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionWaitException(
                    "Interrupted while waiting for execution '" + id() + "'; it goes on", this);
        } catch (TimeoutException e) {
            throw new ExecutionWaitException(
                    "Execution '" + id() + "' has not ended within " + timeout
                            + "; it goes on, and handle() gives access",
                    this);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EngineException known
                    ? known
                    : new EngineException("Cannot wait for execution '" + id() + "'", e.getCause());
        }
    }

    /**
     * Asks the run to end as cancelled: nothing new begins, attempts that run are asked to end, waits are withdrawn, and
     * runs that it called are cancelled. What it did is not undone.
     *
     * @return whether it changed anything: false if the run has ended, is ending, or undoes what it did
     */
    public boolean cancel() {
        return run.cancel(false);
    }

    /**
     * Asks the run to end as cancelled, and to undo what it did first: the nodes that {@code compensateWith} names run.
     *
     * @return whether it changed anything: false if the run has ended, is ending, or undoes what it did
     */
    public boolean cancelAndCompensate() {
        return run.cancel(true);
    }

    /**
     * Lets nothing new begin. Attempts that run go on and are recorded; waits end, and retries and time-outs come due at
     * their time, but what follows begins when the run is resumed. A run that has nothing left to do ends all the same.
     *
     * @return whether it changed anything: false if the run has ended, is ending, or is paused
     */
    public boolean pause() {
        return run.pause(true);
    }

    /**
     * Lets a paused run go on.
     *
     * @return whether it changed anything: false if the run is not paused
     */
    public boolean resume() {
        return run.pause(false);
    }

    /**
     * Completes a name that a node waits for, or will wait for ({@link io.automationhub.engine.event.Wake.Completion}).
     *
     * @param value anything with a JSON form
     * @return whether it counts: false if the run has ended, or the name was completed before
     */
    public boolean complete(String name, @Nullable Object value) {
        return run.complete(name, value);
    }

    /**
     * Sends the run a signal, for which a {@code wait.signal} node waits or will wait.
     *
     * @param data anything with a JSON form
     * @return what became of it
     */
    public SignalReceipt signal(String name, @Nullable Object data) {
        return signal(name, UUID.randomUUID().toString(), data);
    }

    /**
     * Sends the run a signal that may come twice: the second one with the same id has no effect.
     *
     * @param id tells the signal from others
     * @throws EngineException if the run does not answer within some seconds; the signal may still count, and can be sent
     *     again with the same id
     */
    public SignalReceipt signal(String name, String id, @Nullable Object data) {
        return run.signal(name, id, data);
    }
}
