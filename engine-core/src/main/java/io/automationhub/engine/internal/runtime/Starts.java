package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.PreparedRun;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How runs begin in this process, come to it from a store, and leave it: a start is checked, finds its place among the
 * unfinished runs and in the line of its workflow, and begins; one that has a key which is known is the run that has it.
 */
final class Starts {

    private final EngineRuntime runtime;
    private final EngineRuntime.Settings settings;
    private final LiveExecutions live;
    private final StartKeys startKeys = new StartKeys();
    private final WorkflowLimits workflowLimits = new WorkflowLimits();
    private final Semaphore admission;
    private final AtomicLong sequence = new AtomicLong();
    private final String idPrefix;
    private final long seed;

    /** @param seed where the random numbers of runs begin */
    Starts(EngineRuntime runtime, EngineRuntime.Settings settings, LiveExecutions live, String idPrefix, long seed) {
        this.runtime = runtime;
        this.settings = settings;
        this.live = live;
        this.idPrefix = idPrefix;
        this.seed = seed;
        admission = new Semaphore(settings.maxExecutions());
    }

    // ---------------------------------------------------------------- from outside

    /**
     * Starts a run on the calling thread, and advances it until it has to wait.
     *
     * @param copied what it has from an earlier run; null for nothing
     * @param origin that run; null if there is none
     */
    RunHandle start(StartRequest request, @Nullable CopiedNodes copied, @Nullable RunOrigin origin) {
        Start start = checked(request, copied, origin);
        Membership sharing = runtime.membership();
        if (sharing != null) {
            return stored(sharing, start);
        }
        return new RunHandle(inMemory(start, null));
    }

    /**
     * Starts a run that lives in memory and for whose end the calling thread waits, and has its attempts made as
     * {@link RunThread} says.
     *
     * @param lends whether on the calling thread
     */
    RunHandle run(StartRequest request, boolean lends) {
        RunThread thread = new RunThread(runtime.workers());
        Execution execution = inMemory(checked(request, null, null), thread);
        if (lends) {
            thread.work(execution);
        } else {
            thread.handOver(execution);
        }
        return new RunHandle(execution);
    }

    /**
     * A run that is checked and begins when somebody writes it.
     *
     * @throws EngineException if runs live in memory alone
     */
    PreparedRun prepare(StartRequest request) {
        Membership sharing = runtime.membership();
        if (sharing == null) {
            throw new EngineException("Cannot prepare a run of workflow '"
                    + request.workflow().id() + "': the engine keeps runs in memory; give it a durable store");
        }
        Execution execution = newStored(checked(request, null, null));
        StoredRun stored = execution.storedOrThrow();
        return new PreparedRun(stored.member().process(), stored.beginning(execution, runtime.now()));
    }

    private Start checked(StartRequest request, @Nullable CopiedNodes copied, @Nullable RunOrigin origin) {
        CompiledWorkflow compiled = runtime.compiled(request.workflow());
        StartCheck check = new StartCheck(compiled, request, settings.limits());
        int trigger = check.trigger();
        Object input = check.input();
        @Nullable Object[] variables = check.variables();
        long number = sequence.incrementAndGet();
        Integer priority = request.priority();
        return new Start(
                compiled,
                request.tenant(),
                idPrefix,
                number,
                trigger,
                input,
                variables,
                seed + number,
                request.key(),
                priority == null ? request.workflow().settings().priority() : priority,
                request.deadline(),
                null,
                copied,
                origin,
                request.tags());
    }

    /**
     * The run that has this one's key, or else this one.
     *
     * @param thread what makes its attempts; null if each has a thread of its own
     */
    private Execution inMemory(Start start, @Nullable RunThread thread) {
        Execution first = start.key() == null ? null : startKeys.known(start);
        return first == null ? admitted(start, thread) : first;
    }

    private Execution admitted(Start start, @Nullable RunThread thread) {
        admit(start.compiled().workflow().id());
        Execution execution = new Execution(runtime, start);
        if (thread != null) {
            execution.lend(thread);
        }
        if (start.key() != null) {
            Execution first = reserve(execution);
            if (!first.equals(execution)) {
                return first;
            }
        }
        begin(execution);
        return execution;
    }

    private void begin(Execution execution) {
        live.add(execution);
        if (runtime.membership() == null && countsForLimit(execution) && !workflowLimits.enter(execution)) {
            execution.hold();
        }
        execution.begin();
    }

    /** Starts a run that is stored: here, or, if this process takes no runs, wherever one does. */
    private RunHandle stored(Membership sharing, Start start) {
        Execution execution;
        if (sharing.claims()) {
            admit(start.compiled().workflow().id());
            execution = newStored(start);
            execution.takesPlace();
            begin(execution);
        } else if (start.copied() != null) {
            throw new EngineException("Cannot run an execution of workflow '"
                    + start.compiled().workflow().id()
                    + "' again here: this engine takes no runs (worker false), and what is to be copied must be"
                    + " copied by one that does");
        } else {
            execution = newStored(start);
            sharing.begin(execution);
        }
        String first = sharing.awaitBegun(execution.storedOrThrow(), execution);
        if (first != null) {
            return repeated(start, first);
        }
        return sharing.claims() ? new RunHandle(execution) : new RunHandle(runtime, start.tenant(), start.id());
    }

    /** A run for the store. If its workflow has a limit it waits in line, and the store lets it begin. */
    private Execution newStored(Start start) {
        Execution execution = new Execution(runtime, start);
        if (countsForLimit(execution)) {
            execution.hold();
        }
        return execution;
    }

    /** The run that was started with the same key before. */
    private RunHandle repeated(Start start, String first) {
        ExecutionRecord record = settings.store()
                .find(start.tenant(), first)
                .orElseThrow(() -> new EngineException("The execution '" + first + "', which was started with the key '"
                        + start.key() + "' before, was deleted meanwhile; start again"));
        int trigger = start.trigger();
        boolean same = Objects.equals(start.input(), record.input())
                && Objects.equals(trigger < 0 ? null : start.compiled().plan().id(trigger), record.trigger())
                && start.namedVariables().equals(record.startVariables())
                && start.compiled().workflow().hash().equals(record.version());
        if (!same) {
            throw new IdempotencyConflictException(
                    start.compiled().workflow().id(), String.valueOf(start.key()), first);
        }
        return new RunHandle(runtime, start.tenant(), first);
    }

    /** The run that has this one's key; this one is let go if that is another. */
    private Execution reserve(Execution execution) {
        Execution first = execution;
        try {
            first = startKeys.reserve(execution);
            return first;
        } finally {
            if (!first.equals(execution)) {
                admission.release();
            }
        }
    }

    private void admit(String workflow) {
        if (runtime.isClosed()) {
            throw new EngineException("Cannot start workflow '" + workflow + "': the engine was closed");
        }
        if (admission.tryAcquire()) {
            return;
        }
        Duration wait = settings.admissionTimeout();
        try {
            if (!admission.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EngineOverloadedException(
                        "Cannot start workflow '" + workflow + "': " + settings.maxExecutions()
                                + " runs are unfinished, and none ended within " + wait
                                + "; start fewer at a time, or raise maxExecutions",
                        settings.maxExecutions());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Interrupted while waiting to start workflow '" + workflow + "'", e);
        }
    }

    // ---------------------------------------------------------------- from other runs

    /**
     * Begins a run that comes from another one. It is not counted among those that the host started, or runs that wait for
     * each other could keep each other out for ever. No effect if there is a run with that id.
     */
    Execution begin(StartRequest request, String id, RunOrigin origin) {
        return beginPrepared(prepare(request, id, origin));
    }

    /** A run that comes from another one, and has not begun. */
    Execution prepare(StartRequest request, String id, RunOrigin origin) {
        CompiledWorkflow compiled = runtime.compiled(request.workflow());
        StartCheck check = new StartCheck(compiled, request, settings.limits());
        return prepare(request, compiled, check.trigger(), check.input(), check.variables(), id, null, origin);
    }

    /** Begins a run of the body of a distributed group, in the workflow of the run that asks for it. */
    Execution begin(Execution parent, String id, GroupPart part, RunOrigin origin) {
        CompiledWorkflow whole = runtime.compiled(parent.workflow());
        CompiledWorkflow compiled = whole.part(part);
        StartRequest request = StartRequest.of(
                parent.workflow(),
                parent.tenant(),
                parent.input(),
                null,
                Map.of(),
                parent.start().tags());
        return beginPrepared(
                prepare(request, compiled, -1, parent.input(), compiled.top().defaults(), id, part, origin));
    }

    private Execution prepare(
            StartRequest request,
            CompiledWorkflow compiled,
            int trigger,
            @Nullable Object input,
            @Nullable Object[] variables,
            String id,
            @Nullable GroupPart part,
            RunOrigin origin) {
        Start start = new Start(
                compiled,
                request.tenant(),
                id,
                -1,
                trigger,
                input,
                variables,
                seed + id.hashCode(),
                null,
                request.workflow().settings().priority(),
                null,
                part,
                null,
                origin,
                request.tags());
        return new Execution(runtime, start);
    }

    /** Begins a run that comes from another one; any process may take it that is an iteration of a distributed group. */
    Execution beginPrepared(Execution execution) {
        Membership sharing = runtime.membership();
        if (sharing != null && execution.start().part() != null) {
            sharing.begin(execution);
        } else if (!runtime.isClosed() && live.addIfAbsent(execution)) {
            // On a thread of its own: the other run goes on, and can cancel this one, however long its first turn
            // takes.
            runtime.workers().execute(execution::begin);
        } else if (sharing != null) {
            execution.storedOrThrow().begun().complete(execution.id());
        }
        return execution;
    }

    // ---------------------------------------------------------------- from the journal

    /** Takes a run that {@link Recovery} rebuilt, and lets it go on. */
    void adopt(Execution recovered) {
        if (recovered.start().isRoot()) {
            if (runtime.membership() == null) {
                admit(recovered.workflowId());
            } else if (admission.tryAcquire()) {
                recovered.takesPlace();
            }
        }
        live.add(recovered);
        if (recovered.start().key() != null && runtime.membership() == null) {
            startKeys.reserve(recovered);
        }
        enterLimit(recovered);
        recovered.continueRecovered();
    }

    private void enterLimit(Execution recovered) {
        if (!countsForLimit(recovered)) {
            return;
        }
        Membership sharing = runtime.membership();
        if (sharing != null) {
            if (recovered.isHeld()) {
                sharing.limits().changed(recovered);
            }
        } else if (workflowLimits.enter(recovered) && recovered.isHeld()) {
            recovered.post(new Event.Admitted());
        }
    }

    // ---------------------------------------------------------------- leaving

    /** The run is not one of this process any more. */
    void leave(Execution execution) {
        if (live.remove(execution)) {
            if (execution.hasPlace()) {
                admission.release();
            }
            leaveLimits(execution);
        }
    }

    private void leaveLimits(Execution execution) {
        if (execution.isLimited()) {
            runtime.attemptLimits().withdraw(execution);
        }
        if (countsForLimit(execution) && runtime.membership() == null) {
            Execution next = workflowLimits.leave(execution);
            if (next != null) {
                // On a thread of its own, or runs that end at once would begin each other deeper and deeper.
                runtime.workers().execute(() -> next.post(new Event.Admitted()));
            }
        }
    }

    /** How many runs of its workflow are before one that waits in line. */
    int ahead(Execution execution) {
        return workflowLimits.ahead(execution);
    }

    /** The store has forgotten a run, so its key is free. */
    void forgotten(String execution) {
        startKeys.forgotten(execution);
    }

    /** Whether it is one of the runs of which its workflow limits the number. */
    static boolean countsForLimit(Execution execution) {
        return execution.start().isRoot() && execution.workflow().settings().limit() > 0;
    }
}
