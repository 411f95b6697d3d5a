package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineView;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what happens in a run, and hands it turn by turn to journal and listeners. Used by the run's writer.
 *
 * <p>The ends of nodes outside of groups stay in the machine's arrays and become facts when somebody reads the turn.
 * Everything else is rare, or its arrays go, so it becomes a fact at once.
 */
final class FactCollector {

    private final Execution execution;
    private final EngineRuntime runtime;
    private final Machine machine;
    private final Facts facts;

    private final boolean read;

    private @Nullable List<Turn.Between> between;
    /** The first log entry of the next turn. */
    private int seenLog;

    private long count;
    private boolean endingSeen;

    FactCollector(Execution execution) {
        this.execution = execution;
        runtime = execution.runtime();
        machine = execution.machine();
        facts = new Facts(execution.startMicros());
        read = runtime.journal() != Journal.NONE || runtime.publisher() != null;
    }

    /** Whether anybody reads facts at all. On any thread. */
    boolean areRead() {
        return read;
    }

    // ---------------------------------------------------------------- facts of their own

    void runStarted() {
        if (read) {
            add(started());
        }
    }

    /** The fact that the run began. */
    ExecutionFact started() {
        int trigger = execution.start().trigger();
        return new ExecutionFact.RunStarted(
                facts.at(0),
                trigger < 0 ? null : execution.scope().id(trigger),
                execution.input(),
                RunHistory.variables(execution, execution.start().variables()),
                execution.start().seed(),
                execution.start().key(),
                execution.start().priority(),
                execution.start().deadline(),
                execution.status() == ExecutionStatus.QUEUED,
                execution.start().part(),
                execution.start().origin(),
                execution.start().tags());
    }

    void attemptStarted(Scope scope, int slot, JsonObject config) {
        add(new ExecutionFact.AttemptStarted(
                now(), scope.id(slot), scope.path(), scope.machine().attempt(slot), config));
    }

    void admitted() {
        add(new ExecutionFact.RunAdmitted(outside()));
    }

    void paused(boolean paused) {
        add(paused ? new ExecutionFact.RunPaused(outside()) : new ExecutionFact.RunResumed(outside()));
    }

    void completionKept(Woken.ByCompletion completion) {
        add(new ExecutionFact.CompletionKept(outside(), completion.name(), completion.value()));
    }

    void signalKept(Woken.BySignal signal) {
        add(new ExecutionFact.SignalKept(outside(), signal.id(), signal.name(), signal.data()));
    }

    void onceStored(Scope scope, int slot, String name, @Nullable Object value) {
        add(new ExecutionFact.OnceStored(now(), scope.id(slot), scope.path(), name, value));
    }

    void runEnded(Execution.Ending end) {
        add(new ExecutionFact.RunEnded(now(), end.status(), end.output(), end.error(), end.compensation()));
    }

    void compensationStarted(Execution.Ending end) {
        add(new ExecutionFact.CompensationStarted(now(), end.status(), end.output(), end.error()));
    }

    void iterationEnded(Scope scope, ExecutionStatus status, @Nullable Object output, @Nullable ExecutionError error) {
        Scope outer = scope.parent();
        GroupRun group = scope.machine().group();
        if (read && outer != null && group != null) {
            add(new ExecutionFact.IterationEnded(now(), outer.id(group.slot()), scope.path(), status, output, error));
        }
    }

    private void add(ExecutionFact fact) {
        insert(machine.logSize(), fact);
    }

    // ---------------------------------------------------------------- facts found in the log

    /** Something happened in an iteration: its facts are made at once, because recovery repeats facts in their order. */
    void happened(Scope scope) {
        if (scope.parent() != null) {
            collect(scope);
        }
    }

    /**
     * Makes facts of what came into the log of the outermost scope. To be called before anything more can happen to a node that failed, waits
     * or was woken, while the machine's arrays still show it. Failed attempts are kept for the history, whoever reads
     * facts.
     */
    void collect() {
        collect(execution.scope());
        if (machine.isEnding() && !endingSeen) {
            endingSeen = true;
            ending();
        }
    }

    /** Makes facts of what came into the log of one scope. */
    void collect(Scope scope) {
        Machine here = scope.machine();
        int end = here.logSize();
        for (int entry = scope.collected; entry < end; entry++) {
            int position = here == machine ? entry : machine.logSize();
            int slot = here.logSlot(entry);
            switch (here.logKind(entry)) {
                case Machine.LOG_RETRY -> retried(scope, position, slot);
                case Machine.LOG_SUSPENDED -> suspended(scope, position, slot);
                case Machine.LOG_WOKEN -> woken(scope, position, slot);
                case Machine.LOG_ENDED -> ended(scope, position, slot);
                default -> {
                    // Starts were recorded with their configuration.
                }
            }
        }
        scope.collected = end;
    }

    /** The ends of nodes outside of groups are read from the arrays later. */
    private void ended(Scope scope, int position, int slot) {
        execution.waitingNodes().waitIsOver(scope, slot);
        if (read && scope.parent() != null) {
            MachineView view = scope.machine().view(0);
            insert(position, facts.nodeEnded(scope, view, slot));
        }
    }

    private void retried(Scope scope, int entry, int slot) {
        execution.waitingNodes().waitIsOver(scope, slot);
        Machine here = scope.machine();
        JsonObject json = here.error(slot);
        if (json == null) {
            return;
        }
        ExecutionError error = ExecutionError.fromJson(json);
        FailedAttempt failed = new FailedAttempt(here.attempt(slot), now(), error);
        scope.keepFailedAttempt(slot, failed);
        Instant retryAt = facts.at(here.dueAt(slot));
        insert(
                entry,
                new ExecutionFact.AttemptFailed(
                        failed.endedAt(), scope.id(slot), scope.path(), failed.attempt(), error, retryAt));
    }

    private void suspended(Scope scope, int entry, int slot) {
        insert(
                entry,
                new ExecutionFact.NodeSuspended(
                        now(),
                        scope.id(slot),
                        scope.path(),
                        scope.machine().attempt(slot),
                        execution.nodeRuns().config(scope, slot),
                        scope.wakes(slot)));
    }

    private void woken(Scope scope, int entry, int slot) {
        Woken by = scope.wokenBy(slot);
        execution.waitingNodes().waitIsOver(scope, slot);
        insert(entry, new ExecutionFact.NodeWoken(now(), scope.id(slot), scope.path(), by));
    }

    /** A run that ends because a node failed says so by the end of that node. */
    private void ending() {
        if (machine.firstFailure() >= 0) {
            return;
        }
        insert(
                machine.endingEntry(),
                new ExecutionFact.RunEnding(
                        now(),
                        Facts.executionStatus(machine.outcome()),
                        stopNode(),
                        endingError(),
                        execution.compensatesIfCancelled()));
    }

    private @Nullable String stopNode() {
        Machine stopped = execution.tree().stopMachine();
        return stopped == null ? null : stopped.plan().id(execution.tree().stopSlot());
    }

    /** Why a run ends before its nodes have; null if a {@code stop} node says that it succeeds. */
    @Nullable
    ExecutionError endingError() {
        Machine stopped = execution.tree().stopMachine();
        if (stopped != null) {
            JsonObject error = machine.outcome() == Outcome.FAILED
                    ? stopped.error(execution.tree().stopSlot())
                    : null;
            return error == null ? null : ExecutionError.fromJson(error);
        }
        return machine.isTimedOut()
                ? ExecutionError.of(ExecutionError.KIND_TIMEOUT, timeoutMessage(), null)
                : ExecutionError.of(ExecutionError.KIND_CANCELLED, "The run was cancelled", null);
    }

    private String timeoutMessage() {
        Instant deadline = execution.start().deadline();
        return deadline != null && !now().isBefore(deadline)
                ? "The run has not ended by its deadline, " + deadline
                : "The run took longer than its timeout of "
                        + execution.compiled().workflow().settings().timeout();
    }

    private void insert(int entry, ExecutionFact fact) {
        if (!read) {
            return;
        }
        List<Turn.Between> list = between;
        if (list == null) {
            list = new ArrayList<>(2);
            between = list;
        }
        int at = list.size();
        while (at > 0 && list.get(at - 1).entry() > entry) {
            at--;
        }
        list.add(at, new Turn.Between(entry, fact));
    }

    // ---------------------------------------------------------------- turns

    /** Whether anything happened since the last turn. */
    boolean hasFacts() {
        return between != null || machine.logSize() > seenLog;
    }

    /**
     * Hands over what was collected since the last turn.
     *
     * @param whenDurable called later, if this returns false
     * @return whether everything is durable now
     */
    boolean append(Runnable whenDurable) {
        int from = seenLog;
        List<Turn.Between> rare = between;
        seenLog = machine.logSize();
        between = null;
        if (!read || seenLog == from && rare == null && !execution.hasNewsForStore()) {
            return true;
        }
        Turn turn = new Turn(execution, facts, machine.view(from), rare, count);
        count += turn.size();
        boolean durable = execution.journal().append(turn, () -> {
            runtime.publish(turn);
            whenDurable.run();
        });
        if (durable) {
            runtime.publish(turn);
        }
        return durable;
    }

    // ---------------------------------------------------------------- what can be seen

    Facts facts() {
        return facts;
    }

    /** The nanoseconds from the start of the run to an instant. */
    long nanos(Instant instant) {
        return facts.nanos(instant);
    }

    private Instant now() {
        return facts.at(machine.now());
    }

    /** The time of something that the machine does not hear of. */
    private Instant outside() {
        return facts.at(Math.max(execution.elapsed(), machine.now()));
    }

    /** Everything up to here was repeated, and is not to be told again. */
    void folded(long facts) {
        seenLog = machine.logSize();
        execution.scope().collected = seenLog;
        count = facts;
        endingSeen = machine.isEnding();
    }
}
