package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run from outside, wherever it is. Safe for use by several threads. */
public final class RunHandle {

    private static final long LOOK_SECONDS = 5;

    private final EngineRuntime runtime;
    private final String tenant;
    private final String id;

    /** The run, as this process had it last; null if it never did. */
    private volatile @Nullable Execution last;

    RunHandle(Execution execution) {
        this(execution.runtime(), execution.tenant(), execution.id());
        last = execution;
    }

    /** A run that a store keeps, and that this process may not have. */
    RunHandle(EngineRuntime runtime, String tenant, String id) {
        this.runtime = runtime;
        this.tenant = tenant;
        this.id = id;
    }

    /** The run, if this process has it, or it has ended here; null if it is elsewhere. */
    private @Nullable Execution here() {
        Execution known = last;
        if (known == null || known.isMoved()) {
            known = runtime.findLive(tenant, id);
            last = known == null ? last : known;
        }
        return known;
    }

    /** The run, if this process has it or can take it, or it has ended here; null if it is with another process or has ended. */
    private @Nullable Execution reachable() {
        Execution known = here();
        return known == null ? runtime.find(tenant, id) : known;
    }

    /** The run's id. */
    public String id() {
        return id;
    }

    /** Where it stands. */
    public ExecutionStatus status() {
        Execution known = here();
        return known == null ? history().status() : known.status();
    }

    /** What it runs. */
    Workflow workflow() {
        Execution known = here();
        return known == null ? history().workflow() : known.workflow();
    }

    private ExecutionHistory history() {
        return new StoredHistory(runtime.store(), tenant, id);
    }

    /** Completes when the run has ended; with an exception if its engine is closed before. */
    public CompletableFuture<ExecutionHistory> done() {
        Execution known = here();
        if (known != null && (known.stored() == null || known.status().isEnded())) {
            return known.done().thenApply(ended -> ended);
        }
        return runtime.awaitEnd(tenant, id);
    }

    /** The run, once it has ended; null if it has not. */
    public @Nullable ExecutionHistory ended() {
        Execution known = here();
        if (known != null) {
            return known.status().isEnded() ? known : null;
        }
        return status().isEnded() ? history() : null;
    }

    /** Asks the run to end as cancelled. False if it has ended or is ending. */
    public boolean cancel(boolean compensate) {
        return asked(new Event.Cancelled(compensate), new RunMessage.Cancel(compensate), true, false)
                .orElse(false);
    }

    /** Pauses or resumes the run. False if it has ended, is ending, or is so already. */
    public boolean pause(boolean paused) {
        return asked(new Event.Paused(paused), new RunMessage.Pause(paused), true, false)
                .orElse(false);
    }

    /** Completes a name from outside. False if the run has ended or the name was completed before. */
    public boolean complete(String name, @Nullable Object value) {
        Object json = Json.of(value, runtime.limits());
        SignalReceipt receipt = asked(
                        new Event.Completion(name, json),
                        new RunMessage.Completion(name, json),
                        SignalReceipt.SENT,
                        SignalReceipt.ENDED)
                .orElse(SignalReceipt.ENDED);
        return receipt == SignalReceipt.TAKEN || receipt == SignalReceipt.KEPT || receipt == SignalReceipt.SENT;
    }

    /**
     * Sends the run a signal.
     *
     * @throws EngineException if the run does not answer in time; the signal may still count, and can be sent again with
     *     the same id
     */
    public SignalReceipt signal(String name, String signalId, @Nullable Object data) {
        Woken.BySignal signal = new Woken.BySignal(name, signalId, Json.of(data, runtime.limits()));
        return asked(
                        new Event.Signalled(signal),
                        new RunMessage.Signal(signal),
                        SignalReceipt.SENT,
                        SignalReceipt.ENDED)
                .orElseThrow(() -> new EngineException("The execution '" + id() + "' did not answer the signal '" + name
                        + "' in time; it may still count, so send it again with the same id"));
    }

    /** Somebody decides an approval. Empty if the run does not answer in time. */
    Optional<DecisionReceipt> decide(ApprovalTokens.Subject subject, JsonObject decision) {
        return asked(
                new Event.Decided(subject, decision),
                new RunMessage.Decision(subject.node(), subject.iteration(), subject.name(), decision),
                DecisionReceipt.SENT,
                DecisionReceipt.ENDED);
    }

    /**
     * Asks the run, or leaves a message where it is with another process.
     *
     * @param sent the answer if a message was left
     * @param ended the answer if the run has ended elsewhere
     * @return empty if it does not answer in time
     */
    private <T> Optional<T> asked(Event.Request<T> event, RunMessage message, T sent, T ended) {
        Execution execution = reachable();
        Membership membership = runtime.membership();
        if (execution == null) {
            return Optional.of(membership != null && membership.send(tenant, id, message) ? sent : ended);
        }
        if (membership != null) {
            event.elsewhere = () -> event.answer.complete(membership.send(tenant, id, message) ? sent : ended);
        }
        execution.post(event);
        return answer(event.answer.thenApply(Optional::of), Optional.empty());
    }

    /** The run as it is now. */
    public ExecutionHistory look() {
        Execution execution = here();
        if (execution == null || execution.status().isEnded()) {
            return execution == null ? history() : execution;
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
