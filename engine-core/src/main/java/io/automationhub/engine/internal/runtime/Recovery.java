package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineFold;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a run from its facts, and lets it go on. It repeats what was recorded and decides nothing anew, so a run can
 * be recovered by a newer engine than the one that began it. What was in flight begins again, with the same attempt,
 * configuration and idempotency key.
 */
final class Recovery {

    private final Execution execution;
    private final Machine machine;
    private final MachineFold fold;
    private final Plan plan;
    private final Facts names;
    private final @Nullable String stopNode;

    private Recovery(Execution execution, @Nullable String stopNode) {
        this.execution = execution;
        this.stopNode = stopNode;
        machine = execution.machine();
        fold = new MachineFold(machine);
        plan = execution.compiled().plan();
        names = execution.facts().facts();
    }

    /**
     * Takes a run over.
     *
     * @param facts all facts of the run that are durable, in order; the first is its start, and the end is not among them
     */
    static RunHandle recover(
            EngineRuntime runtime, Workflow workflow, String tenant, String id, List<ExecutionFact> facts) {
        ExecutionFact.RunStarted started = (ExecutionFact.RunStarted) facts.get(0);
        CompiledWorkflow compiled = runtime.compiled(workflow);
        @Nullable
        Object[] variables = new @Nullable Object[compiled.variableNames().size()];
        for (int i = 0; i < variables.length; i++) {
            variables[i] = started.variables().get(compiled.variableNames().get(i));
        }
        int trigger = started.trigger() == null ? -1 : compiled.plan().slot(started.trigger());
        Start start = new Start(compiled, tenant, id, -1, trigger, started.input(), variables, started.seed());
        long startMicros = Facts.micros(started.at());
        long nanos = runtime.clock().nanos();
        long age = Math.max(0, runtime.clock().epochMicros(nanos) - startMicros) * 1000;
        Execution execution = new Execution(runtime, start, startMicros, nanos - age);
        // No fact says whether an attempt kept a file.
        execution.keepsBlobs();
        new Recovery(execution, stopNode(facts)).repeat(facts, trigger);
        runtime.adopt(execution);
        return new RunHandle(execution);
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
        machine.start(trigger, 0);
        for (ExecutionFact fact : facts) {
            repeat(fact);
        }
        fold.recovered(Math.max(execution.elapsed(), machine.now()));
        execution.facts().folded(facts.size());
    }

    private void repeat(ExecutionFact fact) {
        long at = names.nanos(fact.at());
        if (fact instanceof ExecutionFact.AttemptStarted started) {
            int slot = plan.slot(started.node());
            execution.nodeRuns().foldConfig(slot, started.config());
            fold.started(slot, started.attempt(), at);
        } else if (fact instanceof ExecutionFact.AttemptFailed failed) {
            attemptFailed(failed, plan.slot(failed.node()), at);
        } else if (fact instanceof ExecutionFact.NodeSuspended suspended) {
            suspended(suspended, plan.slot(suspended.node()), at);
        } else if (fact instanceof ExecutionFact.NodeWoken woken) {
            woken(woken, plan.slot(woken.node()), at);
        } else if (fact instanceof ExecutionFact.OnceStored once) {
            execution.nodeRuns().onceValues().fold(plan.slot(once.node()), once.name(), once.value());
        } else if (fact instanceof ExecutionFact.CompletionKept kept) {
            execution.nodeRuns().waits().keep(new Woken.ByCompletion(kept.name(), kept.value()));
        } else if (fact instanceof ExecutionFact.NodeEnded ended && ended.status() != NodeStatus.SKIPPED) {
            nodeEnded(ended, plan.slot(ended.node()), at);
        } else if (fact instanceof ExecutionFact.RunEnding ending && ending.stop() == null) {
            ExecutionError error = ending.error();
            boolean byTimeout = error != null && error.kind().equals(ExecutionError.KIND_TIMEOUT);
            fold.ending(byTimeout ? Outcome.FAILED : Outcome.CANCELLED, byTimeout, at);
        }
    }

    private void attemptFailed(ExecutionFact.AttemptFailed failed, int slot, long at) {
        execution.facts().keepFailedAttempt(slot, new FailedAttempt(failed.attempt(), failed.at(), failed.error()));
        fold.retried(
                slot,
                failed.attempt(),
                failed.error().toJson(),
                startedAt(slot, at),
                names.nanos(failed.retryAt()),
                at);
    }

    private void suspended(ExecutionFact.NodeSuspended suspended, int slot, long at) {
        execution.nodeRuns().foldConfig(slot, suspended.config());
        List<Wake> wakes =
                suspended.completions().stream().map(Wake::completion).toList();
        execution.nodeRuns().register(slot, wakes);
        long wakeAt = suspended.wakeAt() == null ? Machine.NEVER : names.nanos(suspended.wakeAt());
        fold.suspended(slot, suspended.attempt(), wakeAt, startedAt(slot, at), at);
    }

    private void woken(ExecutionFact.NodeWoken woken, int slot, long at) {
        String name = woken.completion();
        Woken by = name == null ? new Woken.ByTime() : new Woken.ByCompletion(name, woken.value());
        execution.nodeRuns().waits().wake(slot, by);
        fold.woken(slot, at);
    }

    private void nodeEnded(ExecutionFact.NodeEnded ended, int slot, long at) {
        ExecutionError failure = ended.error();
        JsonObject error = failure == null ? null : failure.toJson();
        long startedAt = ended.startedAt() == null ? at : names.nanos(ended.startedAt());
        if (!ended.variables().isEmpty()) {
            execution.nodeRuns().outputs().apply(slot, ended.variables());
        }
        if (ended.node().equals(stopNode)) {
            fold.stopped(slot, ended.attempt(), ended.output(), error, startedAt, at);
            return;
        }
        long handles = 0;
        for (String handle : ended.handles()) {
            handles |= plan.handle(slot, handle);
        }
        fold.ended(
                slot,
                ended.attempt(),
                Facts.machineStatus(ended.status()),
                ended.output(),
                error,
                handles,
                startedAt,
                at);
    }

    /** When a node's first attempt began, as far as it is known by now. */
    private long startedAt(int slot, long otherwise) {
        long known = machine.startedAt(slot);
        return known >= 0 ? known : otherwise;
    }
}
