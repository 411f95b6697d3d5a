package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.internal.machine.CompensationRun;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the nodes of one run: performs the machine's commands, and brings to the machine what comes of them. Used by the
 * run's writer, except where a method says otherwise. What only some runs need is made when it is first needed.
 */
final class NodeRuns {

    /** A run keeps so many log lines; further ones go to the host's logging only. */
    private static final int MAX_LOGS = 10_000;

    private final Execution execution;
    private final EngineRuntime runtime;
    private final NodeOutputs outputs;
    private final AtomicInteger attemptsInFlight = new AtomicInteger();

    private @Nullable List<Attempt> toStart;
    private @Nullable List<Attempt> abandoned;
    private volatile @Nullable OnceValues onceValues;
    private volatile @Nullable List<WorkflowLog> logs;

    NodeRuns(Execution execution) {
        this.execution = execution;
        runtime = execution.runtime();
        outputs = new NodeOutputs(execution);
    }

    // ---------------------------------------------------------------- commands

    void perform(Scope scope, long command) {
        int slot = Machine.slot(command);
        switch (Machine.operation(command)) {
            case Machine.RUN -> run(scope, slot);
            case Machine.STOP -> stop(scope, slot);
            case Machine.ABANDON -> abandon(scope, slot);
            default -> resultOf(scope);
        }
    }

    private void resultOf(Scope scope) {
        if (scope.machine().group() instanceof CompensationRun) {
            execution.compensations().handlerEnded(scope);
        } else {
            execution.groupRuns().iterationEnded(scope);
        }
    }

    private void run(Scope scope, int slot) {
        NodeProgram program = scope.program(slot);
        try {
            JsonObject config = config(scope, slot);
            if (program.group()) {
                execution.groupRuns().begin(scope, slot, config);
            } else if (program.inline() && program.pure()) {
                NodeResult result = program.executor().execute(program.node(), scope.inlineCall(slot, program, config));
                accept(scope, slot, result, execution.elapsed());
            } else {
                prepare(scope, slot, config);
            }
        } catch (Throwable e) {
            fail(scope, slot, Failure.of(e, false), execution.elapsed());
        }
        // What the node left of an interrupt is its own.
        Thread.interrupted();
    }

    /** The attempt starts when the facts of the turn are durable. */
    private void prepare(Scope scope, int slot, JsonObject config) {
        Attempt attempt = new Attempt(
                execution, scope, slot, config, execution.waitingNodes().woken(scope, slot));
        scope.attempts()[slot] = attempt;
        scope.configs()[slot] = config;
        if (toStart == null) {
            toStart = new ArrayList<>();
        }
        toStart.add(attempt);
        execution.facts().attemptStarted(scope, slot, config);
    }

    /** Rendered once for a node run, before its first attempt. */
    JsonObject config(Scope scope, int slot) {
        NodeProgram program = scope.program(slot);
        JsonObject constant = program.constantConfig();
        if (!program.keepsConfig()) {
            return constant != null ? constant : rendered(scope, slot, program);
        }
        JsonObject known = scope.configs()[slot];
        if (known == null) {
            known = constant != null ? constant : rendered(scope, slot, program);
            if (program.captures() != null) {
                known = known.with(DistributedForEach.CAPTURED, captured(scope, slot, program.captures()));
            }
            scope.configs()[slot] = known;
        }
        return known;
    }

    /** What the body of a distributed group reads of what stands around it. */
    private static JsonArray captured(Scope scope, int slot, int[] captures) {
        RunEnvironment environment = scope.environment().at(slot);
        return JsonArray.of(Arrays.stream(captures).mapToObj(environment::read).toArray());
    }

    private JsonObject rendered(Scope scope, int slot, NodeProgram program) {
        Object rendered = bounded(program.config().render(scope.environment().at(slot)));
        return rendered instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    private @Nullable Object bounded(@Nullable Object config) {
        try {
            return Json.of(config, limits());
        } catch (JsonException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG, "The rendered configuration is too large. " + e.getMessage(), e);
        }
    }

    void startAttempts() {
        List<Attempt> starting = toStart;
        if (starting == null) {
            return;
        }
        toStart = null;
        boolean lone = starting.size() == 1 && attemptsInFlight.get() == 0;
        for (Attempt attempt : starting) {
            attemptsInFlight.incrementAndGet();
            if (attempt.program().inline()) {
                attempt.run();
            } else if (!lone || !execution.threadTakes(attempt)) {
                attempt.start();
            }
        }
    }

    private void stop(Scope scope, int slot) {
        Attempt attempt = scope.attempts()[slot];
        if (attempt == null) {
            return;
        }
        attempt.stop();
        if (toStart != null && toStart.remove(attempt)) {
            scope.attempts()[slot] = null;
            if (execution.isLimited() && !attempt.program().inline()) {
                runtime.attemptLimits().giveBack(execution, 1);
            }
            Failure cancelled = Failure.permanent(ExecutionError.KIND_CANCELLED, "Cancelled before it began");
            fail(scope, slot, cancelled, scope.machine().now());
        }
    }

    /** The run is broken off: nobody waits for what its attempts still bring. */
    void stopAll(Scope scope) {
        if (scope.hasAttempts()) {
            for (Attempt attempt : scope.attempts()) {
                if (attempt != null) {
                    attempt.stop();
                }
            }
        }
        for (int slot = 0; slot < scope.compiled().plan().size(); slot++) {
            GroupRun group = scope.machine().groupRun(slot);
            if (group != null) {
                group.live().forEach(iteration -> stopAll(Scope.of(iteration)));
            }
        }
    }

    private void abandon(Scope scope, int slot) {
        Attempt attempt = scope.attempts()[slot];
        if (attempt != null) {
            attempt.abandon();
            scope.attempts()[slot] = null;
            over(attempt);
            runtime.countAbandoned();
            if (abandoned == null) {
                abandoned = new ArrayList<>();
            }
            abandoned.add(attempt);
        }
    }

    // ---------------------------------------------------------------- what comes of an attempt

    void attemptEnded(Attempt attempt, @Nullable NodeResult result, @Nullable Throwable thrown, long nanos) {
        if (attempt.isAbandoned()) {
            return;
        }
        over(attempt);
        Scope scope = attempt.scope();
        int slot = attempt.slot();
        scope.attempts()[slot] = null;
        long at = Math.max(nanos, scope.machine().now());
        if (thrown != null) {
            fail(scope, slot, Failure.of(thrown, attempt.isCancelled()), at);
            return;
        }
        try {
            accept(scope, slot, result, at);
        } catch (Throwable e) {
            fail(scope, slot, Failure.of(e, false), at);
        }
    }

    /** An attempt takes no place any more. */
    private void over(Attempt attempt) {
        attemptsInFlight.decrementAndGet();
        if (execution.isLimited() && !attempt.program().inline()) {
            runtime.attemptLimits().giveBack(execution, 1);
        }
    }

    private void accept(Scope scope, int slot, @Nullable NodeResult result, long nanos) {
        Machine machine = scope.machine();
        if (!machine.counts(slot)) {
            // It took too long: the machine only hears that it has ended.
            machine.completed(slot, null, 0, nanos);
        } else if (result instanceof NodeResult.Completed done) {
            Object value = outputs.value(scope, slot, done.output());
            long handles = outputs.handles(scope, slot, done.handles());
            outputs.write(scope, slot, done.variables());
            machine.completed(slot, value, handles, nanos);
            settleCompensation(scope, slot);
        } else if (result instanceof NodeResult.Suspended suspended) {
            execution.waitingNodes().suspend(scope, slot, suspended.wakes(), nanos);
        } else if (result instanceof NodeResult.Stopped stopped) {
            Object output = outputs.value(scope, slot, stopped.output());
            machine.stopped(slot, output, outputs.stopError(scope, slot, stopped), nanos);
        } else if (result instanceof NodeResult.Asynchronous asynchronous) {
            follow(scope, slot, asynchronous);
        } else {
            fail(scope, slot, outputs.nullResult(scope, slot), nanos);
        }
        execution.facts().happened(scope);
    }

    /** A node that can be undone has succeeded: what will undo it is rendered now. */
    void settleCompensation(Scope scope, int slot) {
        CompiledScope handler = scope.compiled().handlers()[slot];
        if (handler != null && scope.machine().status(slot) == Status.SUCCEEDED) {
            execution.compensations().settle(scope, slot, handler);
        }
    }

    private void follow(Scope scope, int slot, NodeResult.Asynchronous work) {
        Attempt attempt = new Attempt(
                execution,
                scope,
                slot,
                config(scope, slot),
                execution.waitingNodes().woken(scope, slot));
        scope.attempts()[slot] = attempt;
        attemptsInFlight.incrementAndGet();
        attempt.follow(work.stage());
    }

    void fail(Scope scope, int slot, Failure failure, long nanos) {
        scope.machine()
                .failed(
                        slot,
                        failure.toJson(scope.id(slot)),
                        failure.kind(),
                        failure.retriable(),
                        failure.retryAfterNanos(),
                        nanos);
        execution.facts().happened(scope);
    }

    /** An iteration has ended: what was kept for its nodes goes. */
    void forget(Scope scope) {
        OnceValues all = onceValues;
        if (all != null) {
            all.forget(scope);
        }
    }

    // ---------------------------------------------------------------- once

    /** Values that a node computes once. May be asked for on any thread. */
    OnceValues onceValues() {
        OnceValues all = onceValues;
        if (all == null) {
            synchronized (this) {
                all = onceValues == null ? new OnceValues(execution) : onceValues;
                onceValues = all;
            }
        }
        return all;
    }

    /** The run has ended: nobody asks for what was computed once, but for an attempt that was given up and goes on. */
    void forgetOnces() {
        if (abandonedAttempts().isEmpty()) {
            onceValues = null;
        }
    }

    void releaseOnces() {
        OnceValues all = onceValues;
        if (all != null) {
            all.release();
        }
    }

    // ---------------------------------------------------------------- log lines

    /** On any thread. */
    void log(WorkflowLog line) {
        runtime.logs().log(execution, line);
        synchronized (this) {
            List<WorkflowLog> lines = logs == null ? new ArrayList<>() : logs;
            if (lines.size() < MAX_LOGS) {
                lines.add(line);
            }
            logs = lines;
        }
    }

    /** On any thread. */
    List<WorkflowLog> logs() {
        if (logs == null) {
            return List.of();
        }
        synchronized (this) {
            return logs == null ? List.of() : List.copyOf(logs);
        }
    }

    /** The lines from a position on. On any thread. */
    List<WorkflowLog> logs(int from) {
        if (logs == null) {
            return List.of();
        }
        synchronized (this) {
            List<WorkflowLog> lines = logs;
            return lines == null || from >= lines.size() ? List.of() : List.copyOf(lines.subList(from, lines.size()));
        }
    }

    /** Whether attempts are to start when the facts of the turn are durable. */
    boolean hasAttemptsToStart() {
        return toStart != null && !toStart.isEmpty();
    }

    // ---------------------------------------------------------------- what can be seen

    /** On any thread: whether attempts are under way. */
    boolean hasAttempts() {
        return attemptsInFlight.get() > 0;
    }

    /** The attempts that were given up and whose threads still run. */
    List<Attempt> abandonedAttempts() {
        return abandoned == null
                ? List.of()
                : abandoned.stream().filter(Attempt::isOnThread).toList();
    }

    NodeOutputs outputs() {
        return outputs;
    }

    private JsonLimits limits() {
        return runtime.limits();
    }
}
