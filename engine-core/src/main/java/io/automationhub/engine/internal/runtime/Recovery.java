package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.CompensationRun;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineFold;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a run from its facts, and lets it go on. It repeats what was recorded and decides nothing anew, so a run can
 * be recovered by a newer engine than the one that began it. What was in flight begins again, with the same attempt,
 * configuration and idempotency key.
 */
final class Recovery {

    private final Execution execution;
    private final Machine root;
    private final Facts names;
    private final @Nullable String stopNode;

    private Recovery(Execution execution, @Nullable String stopNode) {
        this.execution = execution;
        this.stopNode = stopNode;
        root = execution.machine();
        names = execution.facts().facts();
    }

    /**
     * Takes a run over.
     *
     * @param facts all facts of the run that are durable, in order; the first is its start, and the end is not among them
     */
    static RunHandle recover(
            EngineRuntime runtime, Workflow workflow, String tenant, String id, List<ExecutionFact> facts) {
        return new RunHandle(recover(runtime, workflow, tenant, id, facts, null, List.of()));
    }

    /**
     * Takes a run over that a store keeps.
     *
     * @param stored what the store has of it; null if it is in none
     * @param events what came for it meanwhile
     */
    static Execution recover(
            EngineRuntime runtime,
            Workflow workflow,
            String tenant,
            String id,
            List<ExecutionFact> facts,
            @Nullable StoredRun stored,
            List<Event> events) {
        ExecutionFact.RunStarted started = (ExecutionFact.RunStarted) facts.get(0);
        CompiledWorkflow compiled = runtime.compiled(workflow).part(started.part());
        @Nullable
        Object[] variables = new @Nullable Object[compiled.top().variableNames().size()];
        for (int i = 0; i < variables.length; i++) {
            variables[i] =
                    started.variables().get(compiled.top().variableNames().get(i));
        }
        int trigger = started.trigger() == null ? -1 : compiled.plan().slot(started.trigger());
        Start start = new Start(
                compiled,
                tenant,
                id,
                -1,
                trigger,
                started.input(),
                variables,
                started.seed(),
                started.key(),
                started.priority(),
                started.deadline(),
                started.part(),
                null,
                started.origin(),
                started.tags());
        long startMicros = Facts.micros(started.at());
        long nanos = runtime.clock().nanos();
        long age = Math.max(0, runtime.clock().epochMicros(nanos) - startMicros) * 1000;
        Execution execution = new Execution(runtime, start, startMicros, nanos - age, stored);
        // No fact says whether an attempt kept a file.
        execution.keepsBlobs();
        if (started.queued()) {
            execution.hold();
        }
        new Recovery(execution, stopNode(facts)).repeat(facts, trigger);
        events.forEach(execution::post);
        runtime.starts().adopt(execution);
        return execution;
    }

    private static @Nullable String stopNode(List<ExecutionFact> facts) {
        for (ExecutionFact fact : facts) {
            if (fact instanceof ExecutionFact.RunEnding ending) {
                return ending.stop();
            }
        }
        return null;
    }

    private void repeat(List<ExecutionFact> facts, int trigger) {
        root.start(trigger, 0);
        for (ExecutionFact fact : facts) {
            repeat(fact);
        }
        new MachineFold(root).recovered(Math.max(execution.elapsed(), root.now()));
        execution.facts().folded(facts.size());
        goOn(execution.scope());
        Compensations compensations = execution.compensationsIfAny();
        if (compensations != null) {
            compensations.goOn(Math.max(execution.elapsed(), root.now()));
            compensations.live().forEach(this::failInterrupted);
        }
    }

    /** Groups begin the iterations that had left no trace, and end if their last iteration had ended. */
    private void goOn(Scope scope) {
        failInterrupted(scope);
        for (int slot = 0; slot < scope.compiled().plan().size(); slot++) {
            GroupRun group = scope.machine().groupRun(slot);
            byte status = scope.machine().status(slot);
            if (group != null && (status == Status.RUNNING || status == Status.ENDING)) {
                for (Machine iteration : List.copyOf(group.live())) {
                    Scope inner = Scope.of(iteration);
                    inner.collected = iteration.logSize();
                    goOn(inner);
                }
                execution.groupRuns().advance(group);
            }
        }
    }

    /** An attempt that must not be repeated was under way: nobody knows what became of it. */
    private void failInterrupted(Scope scope) {
        for (int slot = 0; slot < scope.compiled().plan().size(); slot++) {
            if (scope.machine().isInterrupted(slot)) {
                Failure failure = Failure.permanent(
                        ExecutionError.KIND_INTERRUPTED,
                        "The process died while attempt " + scope.machine().attempt(slot) + " of node '"
                                + scope.id(slot) + "' was under way, and onCrash 'fail' says not to repeat it");
                execution.nodeRuns().fail(scope, slot, failure, scope.machine().now());
            }
        }
    }

    private void repeat(ExecutionFact fact) {
        long at = names.nanos(fact.at());
        if (fact instanceof ExecutionFact.AttemptStarted started) {
            attemptStarted(place(started.node(), started.iteration()), started, at);
        } else if (fact instanceof ExecutionFact.AttemptFailed failed) {
            attemptFailed(place(failed.node(), failed.iteration()), failed, at);
        } else if (fact instanceof ExecutionFact.NodeSuspended suspended) {
            suspended(place(suspended.node(), suspended.iteration()), suspended, at);
        } else if (fact instanceof ExecutionFact.NodeWoken woken) {
            woken(place(woken.node(), woken.iteration()), woken, at);
        } else if (fact instanceof ExecutionFact.OnceStored once) {
            Place place = place(once.node(), once.iteration());
            execution.nodeRuns().onceValues().fold(place.scope(), place.slot(), once.name(), once.value());
        } else if (fact instanceof ExecutionFact.CompletionKept kept) {
            execution.waitingNodes().waits().keep(new Woken.ByCompletion(kept.name(), kept.value()));
        } else if (fact instanceof ExecutionFact.SignalKept kept) {
            execution.waitingNodes().waits().keep(new Woken.BySignal(kept.name(), kept.id(), kept.data()));
        } else if (fact instanceof ExecutionFact.NodeEnded ended && ended.status() != NodeStatus.SKIPPED) {
            nodeEnded(place(ended.node(), ended.iteration()), ended, at);
        } else if (fact instanceof ExecutionFact.IterationEnded ended) {
            iterationEnded(ended, at);
        } else if (fact instanceof ExecutionFact.RunAdmitted) {
            execution.foldAdmitted();
        } else if (fact instanceof ExecutionFact.RunPaused) {
            execution.foldPaused(true);
        } else if (fact instanceof ExecutionFact.RunResumed) {
            execution.foldPaused(false);
        } else if (fact instanceof ExecutionFact.RunEnding ending && ending.stop() == null) {
            ExecutionError error = ending.error();
            execution.foldCompensate(ending.compensate());
            boolean byTimeout = error != null && error.kind().equals(ExecutionError.KIND_TIMEOUT);
            new MachineFold(root).ending(byTimeout ? Outcome.FAILED : Outcome.CANCELLED, byTimeout, at);
        } else if (fact instanceof ExecutionFact.CompensationStarted started) {
            execution.foldCompensation(new Execution.Ending(started.status(), started.output(), started.error(), at));
        }
    }

    /** A slot of a scope. */
    private record Place(Scope scope, int slot) {

        MachineFold fold() {
            return new MachineFold(scope.machine());
        }

        Machine machine() {
            return scope.machine();
        }

        /** When the node's first attempt began, as far as it is known by now. */
        long startedAt(long otherwise) {
            long known = scope.machine().startedAt(slot);
            return known >= 0 ? known : otherwise;
        }
    }

    private Place place(String node, String iteration) {
        Compensations compensations = execution.compensationsIfAny();
        Scope handler = compensations == null ? null : compensations.recovered(node, iteration);
        if (handler != null) {
            return new Place(handler, 0);
        }
        Scope scope = execution.scope();
        if (!iteration.isEmpty()) {
            List<String> groups = execution.compiled().groups().getOrDefault(node, List.of());
            String[] numbers = iteration.split("\\.", -1);
            for (int level = 0; level < numbers.length; level++) {
                scope = iteration(scope, groups.get(level), Integer.parseInt(numbers[level]));
            }
        }
        return new Place(scope, scope.compiled().plan().slot(node));
    }

    private static Scope iteration(Scope scope, String group, int index) {
        GroupRun run = scope.machine().groupRun(scope.compiled().plan().slot(group));
        if (run == null) {
            throw new IllegalStateException("The journal has an iteration of '" + group + "' before its start");
        }
        return Scope.of(MachineFold.iteration(run, index));
    }

    private void attemptStarted(Place place, ExecutionFact.AttemptStarted started, long at) {
        Scope scope = place.scope();
        scope.configs()[place.slot()] = started.config();
        place.fold().started(place.slot(), started.attempt(), at);
        if (scope.compiled().bodies()[place.slot()] != null) {
            GroupRuns.open(scope, place.slot(), started.config());
        }
    }

    private void attemptFailed(Place place, ExecutionFact.AttemptFailed failed, long at) {
        execution.waitingNodes().waitIsOver(place.scope(), place.slot());
        place.scope().keepFailedAttempt(place.slot(), new FailedAttempt(failed.attempt(), failed.at(), failed.error()));
        place.fold()
                .retried(
                        place.slot(),
                        failed.attempt(),
                        failed.error().toJson(),
                        place.startedAt(at),
                        names.nanos(failed.retryAt()),
                        at);
    }

    private void suspended(Place place, ExecutionFact.NodeSuspended suspended, long at) {
        place.scope().configs()[place.slot()] = suspended.config();
        execution.waitingNodes().register(place.scope(), place.slot(), suspended.wakes());
        Instant first = suspended.wakeAt();
        long wakeAt = first == null ? Machine.NEVER : Math.max(at, names.nanos(first));
        place.fold().suspended(place.slot(), suspended.attempt(), wakeAt, place.startedAt(at), at);
    }

    private void woken(Place place, ExecutionFact.NodeWoken woken, long at) {
        execution.waitingNodes().foldWoken(new Waits.Waiter(place.scope(), place.slot()), woken.by());
        place.fold().woken(place.slot(), at);
    }

    private void nodeEnded(Place place, ExecutionFact.NodeEnded ended, long at) {
        execution.waitingNodes().waitIsOver(place.scope(), place.slot());
        ExecutionError failure = ended.error();
        JsonObject error = failure == null ? null : failure.toJson();
        long startedAt = ended.startedAt() == null ? at : names.nanos(ended.startedAt());
        if (!ended.variables().isEmpty()) {
            execution.nodeRuns().outputs().apply(place.scope(), place.slot(), ended.variables());
        }
        if (ended.node().equals(stopNode) && ended.status() != NodeStatus.CANCELLED) {
            place.fold().stopped(place.slot(), ended.attempt(), ended.output(), error, startedAt, at);
            return;
        }
        long handles = 0;
        for (String handle : ended.handles()) {
            handles |= place.machine().plan().handle(place.slot(), handle);
        }
        place.fold()
                .ended(
                        place.slot(),
                        ended.attempt(),
                        Facts.machineStatus(ended.status()),
                        ended.output(),
                        error,
                        handles,
                        startedAt,
                        at);
        if (ended.compensation() != null) {
            CompiledScope handler = place.scope().compiled().handlers()[place.slot()];
            if (handler != null) {
                execution.compensations().fold(place.scope(), place.slot(), handler, ended.compensation());
            }
        }
        if (place.machine().group() instanceof CompensationRun) {
            execution.compensations().foldEnded(place.scope(), at);
        }
    }

    private void iterationEnded(ExecutionFact.IterationEnded ended, long at) {
        int dot = ended.iteration().lastIndexOf('.');
        String outer = dot < 0 ? Facts.TOP : ended.iteration().substring(0, dot);
        int index = Integer.parseInt(ended.iteration().substring(dot + 1));
        Place place = place(ended.node(), outer);
        Scope scope = iteration(place.scope(), ended.node(), index);
        GroupRun group = scope.machine().group();
        if (group != null) {
            new MachineFold(scope.machine()).iterationEnded(at);
            scope.collected = scope.machine().logSize();
            execution.groupRuns().fold(scope, group, ended.status(), ended.output(), ended.error());
        }
    }
}
