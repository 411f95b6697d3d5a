package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run from outside. Safe for use by several threads. */
public final class RunHandle {

    private static final long LOOK_SECONDS = 5;

    private final Execution execution;

    RunHandle(Execution execution) {
        this.execution = execution;
    }

    /** The run's id. */
    public String id() {
        return execution.id();
    }

    /** Where it stands. */
    public ExecutionStatus status() {
        return execution.status();
    }

    /** Completes when the run has ended; with an exception if its engine is closed before. */
    public CompletableFuture<ExecutionHistory> done() {
        return execution.done().thenApply(ended -> ended);
    }

    /** The run, once it has ended; null if it has not. */
    public @Nullable ExecutionHistory ended() {
        return execution.status().isEnded() ? execution : null;
    }

    /** Asks the run to end as cancelled. False if it has ended or is ending. */
    public boolean cancel(boolean compensate) {
        Event.Cancelled event = new Event.Cancelled(compensate);
        execution.post(event);
        return answer(event.answer, false);
    }

    /** Pauses or resumes the run. False if it has ended, is ending, or is so already. */
    public boolean pause(boolean paused) {
        Event.Paused event = new Event.Paused(paused);
        execution.post(event);
        return answer(event.answer, false);
    }

    /** Completes a name from outside. False if the run has ended or the name was completed before. */
    public boolean complete(String name, @Nullable Object value) {
        Event.Completion event =
                new Event.Completion(name, Json.of(value, execution.runtime().limits()));
        execution.post(event);
        SignalReceipt receipt = answer(event.answer, SignalReceipt.ENDED);
        return receipt == SignalReceipt.TAKEN || receipt == SignalReceipt.KEPT;
    }

    /**
     * Sends the run a signal.
     *
     * @throws EngineException if the run does not answer in time; the signal may still count, and can be sent again with
     *     the same id
     */
    public SignalReceipt signal(String name, String id, @Nullable Object data) {
        Object value = Json.of(data, execution.runtime().limits());
        Event.Signalled event = new Event.Signalled(new Woken.BySignal(name, id, value));
        execution.post(event);
        SignalReceipt receipt = answer(event.answer.thenApply(Optional::of), Optional.<SignalReceipt>empty())
                .orElse(null);
        if (receipt == null) {
            throw new EngineException("The execution '" + id() + "' did not answer the signal '" + name
                    + "' in time; it may still count, so send it again with the same id");
        }
        return receipt;
    }

    /** Somebody decides an approval. Empty if the run does not answer in time. */
    Optional<DecisionReceipt> decide(ApprovalTokens.Subject subject, JsonObject decision) {
        Event.Decided event = new Event.Decided(subject, decision);
        execution.post(event);
        return answer(event.answer.thenApply(Optional::of), Optional.empty());
    }

    /** The run as it is now. */
    public ExecutionHistory look() {
        if (execution.status().isEnded()) {
            return execution;
        }
        Event.Look look = new Event.Look();
        execution.post(look);
        // A writer that hangs in an inline node cannot answer; then its status alone is known.
        return answer(
                look.answer.thenApply(ExecutionHistory.class::cast),
                new Snapshot(
                        execution.workflow(),
                        execution.record(),
                        execution.isTracked(),
                        java.util.List.of(),
                        execution.logs()));
    }

    static <T> T answer(CompletableFuture<T> future, T otherwise) {
        try {
            return future.get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) {
            return otherwise;
        }
    }
}
