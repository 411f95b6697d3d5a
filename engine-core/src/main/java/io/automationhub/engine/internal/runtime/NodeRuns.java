package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
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
    private final NodeProgram[] programs;
    private final Machine machine;
    private final RunEnvironment environment;
    private final InlineCall inlineCall;
    private final NodeOutputs outputs;
    private final AtomicInteger attemptsInFlight = new AtomicInteger();

    private Attempt @Nullable [] attempts;
    private JsonObject @Nullable [] configs;
    private @Nullable List<Attempt> toStart;
    private @Nullable Waits waits;
    private volatile @Nullable OnceValues onceValues;
    private volatile @Nullable List<WorkflowLog> logs;

    NodeRuns(Execution execution) {
        this.execution = execution;
        runtime = execution.runtime();
        programs = execution.compiled().programs();
        machine = execution.machine();
        environment = new RunEnvironment(execution, execution.start().variables(), -1);
        inlineCall = new InlineCall(execution, environment, programs[0]);
        outputs = new NodeOutputs(execution);
    }

    // ---------------------------------------------------------------- commands

    void perform(long command) {
        int slot = Machine.slot(Machine.nodeRun(command));
        switch (Machine.operation(command)) {
            case Machine.RUN -> run(slot);
            case Machine.STOP -> stop(slot);
            default -> abandon(slot);
        }
    }

    private void run(int slot) {
        NodeProgram program = programs[slot];
        try {
            JsonObject config = config(slot);
            if (program.inline() && program.pure()) {
                NodeResult result = program.executor().execute(program.node(), inlineCall.at(slot, program, config));
                accept(slot, result, execution.elapsed());
            } else {
                prepare(slot, program, config);
            }
        } catch (Throwable e) {
            fail(slot, Failure.of(e, false), execution.elapsed());
        }
        // What the node left of an interrupt is its own.
        Thread.interrupted();
    }

    /** The attempt starts when the facts of the turn are durable. */
    private void prepare(int slot, NodeProgram program, JsonObject config) {
        Attempt attempt = new Attempt(execution, slot, program, config, environment.frozen(slot), woken(slot));
        attempts()[slot] = attempt;
        configs()[slot] = config;
        if (toStart == null) {
            toStart = new ArrayList<>();
        }
        toStart.add(attempt);
        execution.facts().attemptStarted(slot, config);
    }

    /** Rendered once for a node run, before its first attempt. */
    JsonObject config(int slot) {
        NodeProgram program = programs[slot];
        JsonObject constant = program.constantConfig();
        if (constant != null) {
            return constant;
        }
        if (configs != null && configs[slot] != null) {
            return configs[slot];
        }
        Object rendered = bounded(program.config().render(environment.at(slot)));
        JsonObject config = rendered instanceof JsonObject object ? object : JsonObject.EMPTY;
        if (program.renderedOnce()) {
            configs()[slot] = config;
        }
        return config;
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
        for (Attempt attempt : starting) {
            attemptsInFlight.incrementAndGet();
            if (attempt.program().inline()) {
                attempt.run();
            } else {
                attempt.start();
            }
        }
    }

    private void stop(int slot) {
        Attempt attempt = attempts()[slot];
        if (attempt == null) {
            return;
        }
        attempt.stop();
        if (toStart != null && toStart.remove(attempt)) {
            attempts()[slot] = null;
            fail(slot, Failure.permanent(ExecutionError.KIND_CANCELLED, "Cancelled before it began"), machine.now());
        }
    }

    /** The run is broken off: nobody waits for what its attempts still bring. */
    void stopAll() {
        for (Attempt attempt : attempts()) {
            if (attempt != null) {
                attempt.stop();
            }
        }
    }

    private void abandon(int slot) {
        Attempt attempt = attempts()[slot];
        if (attempt != null) {
            attempt.abandon();
            attempts()[slot] = null;
            attemptsInFlight.decrementAndGet();
            runtime.countAbandoned();
        }
    }

    // ---------------------------------------------------------------- what comes of an attempt

    void attemptEnded(Attempt attempt, @Nullable NodeResult result, @Nullable Throwable thrown, long nanos) {
        if (attempt.isAbandoned()) {
            return;
        }
        attemptsInFlight.decrementAndGet();
        int slot = attempt.slot();
        attempts()[slot] = null;
        long at = Math.max(nanos, machine.now());
        if (thrown != null) {
            fail(slot, Failure.of(thrown, attempt.isCancelled()), at);
            return;
        }
        try {
            accept(slot, result, at);
        } catch (Throwable e) {
            fail(slot, Failure.of(e, false), at);
        }
    }

    private void accept(int slot, @Nullable NodeResult result, long nanos) {
        long nodeRun = Machine.nodeRun(0, slot);
        if (!machine.counts(slot)) {
            // It took too long: the machine only hears that it has ended.
            machine.completed(nodeRun, null, 0, nanos);
        } else if (result instanceof NodeResult.Completed done) {
            Object value = outputs.value(slot, done.output());
            long handles = outputs.handles(slot, done.handles());
            outputs.write(slot, done.variables());
            machine.completed(nodeRun, value, handles, nanos);
        } else if (result instanceof NodeResult.Suspended suspended) {
            suspend(slot, suspended.wakes(), nanos);
        } else if (result instanceof NodeResult.Stopped stopped) {
            machine.stopped(nodeRun, outputs.value(slot, stopped.output()), outputs.stopError(slot, stopped), nanos);
        } else if (result instanceof NodeResult.Asynchronous asynchronous) {
            follow(slot, asynchronous);
        } else {
            fail(slot, outputs.nullResult(slot), nanos);
        }
    }

    private void follow(int slot, NodeResult.Asynchronous work) {
        Attempt attempt =
                new Attempt(execution, slot, programs[slot], config(slot), environment.frozen(slot), woken(slot));
        attempts()[slot] = attempt;
        attemptsInFlight.incrementAndGet();
        attempt.follow(work.stage());
    }

    private void fail(int slot, Failure failure, long nanos) {
        machine.failed(
                Machine.nodeRun(0, slot),
                failure.toJson(execution.compiled().plan().id(slot)),
                failure.kind(),
                failure.retriable(),
                failure.retryAfterNanos(),
                nanos);
    }

    // ---------------------------------------------------------------- waits

    private void suspend(int slot, List<Wake> wakes, long nanos) {
        long wakeAt = Machine.NEVER;
        for (Wake wake : wakes) {
            if (wake instanceof Wake.At at) {
                wakeAt = Math.min(wakeAt, Math.max(nanos, execution.facts().nanos(at.instant())));
            }
        }
        Woken.ByCompletion early = register(slot, wakes);
        machine.suspended(Machine.nodeRun(0, slot), wakeAt, nanos);
        execution.facts().collect();
        if (early != null && machine.status(slot) == Status.SUSPENDED) {
            wake(slot, early, nanos);
        }
    }

    /** Somebody outside completed a name. False if the run is ending or the name was completed before. */
    boolean completionArrived(String name, @Nullable Object value) {
        if (machine.isFinished() || machine.isEnding() || !waits().isNew(name)) {
            return false;
        }
        Woken.ByCompletion completion = new Woken.ByCompletion(name, value);
        int slot = waits().slotFor(name);
        if (slot >= 0 && machine.status(slot) == Status.SUSPENDED) {
            wake(slot, completion, Math.max(execution.elapsed(), machine.now()));
        } else {
            waits().keep(completion);
            execution.facts().completionKept(completion);
        }
        return true;
    }

    private void wake(int slot, Woken.ByCompletion by, long nanos) {
        waits().wake(slot, by);
        machine.woken(Machine.nodeRun(0, slot), nanos);
        execution.facts().collect();
    }

    /** Notes what a node waits for. The names of nodes that wait no longer are withdrawn first. */
    Woken.@Nullable ByCompletion register(int slot, List<Wake> wakes) {
        waits().withdrawUnless(waiter -> machine.status(waiter) == Status.SUSPENDED);
        return waits().suspend(slot, wakes);
    }

    @Nullable
    Woken woken(int slot) {
        return machine.isResumed(slot) ? waits().by(slot) : null;
    }

    Waits waits() {
        Waits all = waits;
        if (all == null) {
            all = new Waits();
            waits = all;
        }
        return all;
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

    // ---------------------------------------------------------------- what can be seen

    /** On any thread: whether attempts are under way. */
    boolean hasAttempts() {
        return attemptsInFlight.get() > 0;
    }

    RunEnvironment environment() {
        return environment;
    }

    NodeOutputs outputs() {
        return outputs;
    }

    private JsonLimits limits() {
        return runtime.limits();
    }

    private @Nullable Attempt[] attempts() {
        if (attempts == null) {
            attempts = new Attempt[programs.length];
        }
        return attempts;
    }

    private @Nullable JsonObject[] configs() {
        if (configs == null) {
            configs = new JsonObject[programs.length];
        }
        return configs;
    }

    /** Repeats that a configuration was rendered. */
    void foldConfig(int slot, JsonObject config) {
        configs()[slot] = config;
    }
}
