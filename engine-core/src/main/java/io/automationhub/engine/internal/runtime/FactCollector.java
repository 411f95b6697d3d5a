package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.node.Woken;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what happens in a run, and hands it turn by turn to journal and listeners. Used by the run's writer.
 *
 * <p>The ends of nodes stay in the machine's arrays and become facts when somebody reads the turn. Everything else is
 * rare, and its arrays change later, so it becomes a fact at once.
 */
final class FactCollector {

    private final Execution execution;
    private final EngineRuntime runtime;
    private final Plan plan;
    private final Machine machine;
    private final Facts facts;

    /** Whether anybody reads facts at all. */
    private final boolean read;

    private @Nullable List<Turn.Between> between;
    private @Nullable Map<Integer, List<FailedAttempt>> failedAttempts;

    /** The first log entry of the next turn, and the first one that {@link #collect} has not looked at. */
    private int seenLog;

    private int collected;
    private long count;
    private boolean endingSeen;

    FactCollector(Execution execution) {
        this.execution = execution;
        runtime = execution.runtime();
        plan = execution.compiled().plan();
        machine = execution.machine();
        facts = new Facts(execution.startMicros(), plan);
        read = runtime.journal() != Journal.NONE || runtime.publisher() != null;
    }

    // ---------------------------------------------------------------- facts of their own

    void runStarted() {
        if (read) {
            int trigger = execution.start().trigger();
            add(new ExecutionFact.RunStarted(
                    facts.at(0),
                    trigger < 0 ? null : plan.id(trigger),
                    execution.input(),
                    RunHistory.variables(execution),
                    execution.start().seed()));
        }
    }

    void attemptStarted(int slot, JsonObject config) {
        add(new ExecutionFact.AttemptStarted(now(), plan.id(slot), Facts.TOP, machine.attempt(slot), config));
    }

    void completionKept(Woken.ByCompletion completion) {
        add(new ExecutionFact.CompletionKept(now(), completion.name(), completion.value()));
    }

    void onceStored(int slot, String name, @Nullable Object value) {
        add(new ExecutionFact.OnceStored(now(), plan.id(slot), Facts.TOP, name, value));
    }

    void runEnded(Execution.Ending end) {
        add(new ExecutionFact.RunEnded(now(), end.status(), end.output(), end.error()));
    }

    private void add(ExecutionFact fact) {
        insert(machine.logSize(), fact);
    }

    // ---------------------------------------------------------------- facts found in the log

    /**
     * Makes facts of what came into the log. To be called before anything more can happen to a node that failed, waits
     * or was woken, while the machine's arrays still show it. Failed attempts are kept for the history, whoever reads
     * facts.
     */
    void collect() {
        int end = machine.logSize();
        for (int entry = collected; entry < end; entry++) {
            switch (machine.logKind(entry)) {
                case Machine.LOG_RETRY -> retried(entry, machine.logSlot(entry));
                case Machine.LOG_SUSPENDED -> suspended(entry, machine.logSlot(entry));
                case Machine.LOG_WOKEN -> woken(entry, machine.logSlot(entry));
                default -> {
                    // Ends are read from the arrays; starts were recorded with their configuration.
                }
            }
        }
        collected = end;
        if (machine.isEnding() && !endingSeen) {
            endingSeen = true;
            ending();
        }
    }

    private void retried(int entry, int slot) {
        JsonObject json = machine.error(slot);
        if (json == null) {
            return;
        }
        ExecutionError error = ExecutionError.fromJson(json);
        FailedAttempt failed = new FailedAttempt(machine.attempt(slot), now(), error);
        keepFailedAttempt(slot, failed);
        Instant retryAt = facts.at(machine.dueAt(slot));
        insert(
                entry,
                new ExecutionFact.AttemptFailed(
                        failed.endedAt(), plan.id(slot), Facts.TOP, failed.attempt(), error, retryAt));
    }

    private void suspended(int entry, int slot) {
        insert(
                entry,
                new ExecutionFact.NodeSuspended(
                        now(),
                        plan.id(slot),
                        Facts.TOP,
                        machine.attempt(slot),
                        execution.nodeRuns().config(slot),
                        facts.atOrNull(machine.wakeAt(slot)),
                        execution.nodeRuns().waits().names(slot)));
    }

    private void woken(int entry, int slot) {
        Woken by = execution.nodeRuns().waits().by(slot);
        Woken.ByCompletion named = by instanceof Woken.ByCompletion completion ? completion : null;
        insert(
                entry,
                new ExecutionFact.NodeWoken(
                        now(),
                        plan.id(slot),
                        Facts.TOP,
                        named == null ? null : named.name(),
                        named == null ? null : named.value()));
    }

    /** A run that ends because a node failed says so by the end of that node. */
    private void ending() {
        if (machine.firstFailure() >= 0) {
            return;
        }
        int stop = machine.stopSlot();
        insert(
                machine.endingEntry(),
                new ExecutionFact.RunEnding(
                        now(),
                        Facts.executionStatus(machine.outcome()),
                        stop < 0 ? null : plan.id(stop),
                        endingError()));
    }

    /** Why a run ends before its nodes have; null if a {@code stop} node says that it succeeds. */
    @Nullable
    ExecutionError endingError() {
        int stop = machine.stopSlot();
        if (stop >= 0) {
            JsonObject error = machine.outcome() == Outcome.FAILED ? machine.error(stop) : null;
            return error == null ? null : ExecutionError.fromJson(error);
        }
        return machine.isTimedOut()
                ? ExecutionError.of(
                        ExecutionError.KIND_TIMEOUT,
                        "The run took longer than its timeout of "
                                + execution.compiled().workflow().settings().timeout(),
                        null)
                : ExecutionError.of(ExecutionError.KIND_CANCELLED, "The run was cancelled", null);
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
        if (!read || seenLog == from && rare == null) {
            return true;
        }
        Turn turn = new Turn(execution, facts, machine.view(from), rare, count);
        count += turn.size();
        boolean durable = runtime.journal().append(turn, () -> {
            runtime.publish(turn);
            whenDurable.run();
        });
        if (durable) {
            runtime.publish(turn);
        }
        return durable;
    }

    // ---------------------------------------------------------------- what can be seen

    List<FailedAttempt> failedAttempts(int slot) {
        return failedAttempts == null ? List.of() : List.copyOf(failedAttempts.getOrDefault(slot, List.of()));
    }

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

    /** Keeps for the history that an attempt failed. */
    void keepFailedAttempt(int slot, FailedAttempt failed) {
        if (failedAttempts == null) {
            failedAttempts = new HashMap<>();
        }
        failedAttempts.computeIfAbsent(slot, key -> new ArrayList<>()).add(failed);
    }

    /** Everything up to here was repeated, and is not to be told again. */
    void folded(long facts) {
        seenLog = machine.logSize();
        collected = seenLog;
        count = facts;
        endingSeen = machine.isEnding();
    }
}
