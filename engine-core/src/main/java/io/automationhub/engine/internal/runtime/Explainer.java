package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.Explanation.GroupProgress;
import io.automationhub.engine.event.Explanation.Progress;
import io.automationhub.engine.event.Explanation.Reason;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says why a run is where it is. On its writer. */
final class Explainer {

    /** An explanation has so many reasons at most; a fan-out of thousands says enough with these. */
    private static final int MAX_REASONS = 100;

    /** So many node runs of an ended run are looked at, those of iterations included. */
    private static final int MAX_NODES = 100_000;

    private final Execution execution;
    private final Facts facts;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<GroupProgress> groups = new ArrayList<>();

    Explainer(Execution execution) {
        this.execution = execution;
        facts = execution.facts().facts();
    }

    Explanation explain() {
        ExecutionStatus status = execution.status();
        if (!status.isEnded()) {
            standing(status);
            explain(execution.scope());
            Compensations compensations = execution.compensationsIfAny();
            if (compensations != null) {
                compensations.live().forEach(this::explain);
            }
            execution.nodeRuns().abandonedAttempts().forEach(this::abandoned);
        }
        return new Explanation(
                execution.id(),
                execution.workflowId(),
                status,
                reasons.size() > MAX_REASONS ? reasons.subList(0, MAX_REASONS) : reasons,
                progress());
    }

    /** What can be said without the run's writer. */
    static Explanation ofBusy(Execution execution) {
        return new Explanation(
                execution.id(),
                execution.workflowId(),
                execution.status(),
                List.of(new Explanation.Busy()),
                new Progress(0, execution.compiled().plan().size(), List.of(), null));
    }

    /** What the store says of a run that another process has, or none. */
    static Explanation ofElsewhere(DurableStore store, NodeExecutorRegistry registry, ExecutionRecord record) {
        List<Reason> reasons = new ArrayList<>();
        store.standing(record.tenant(), record.id()).ifPresent(standing -> {
            reasons.add(new Explanation.Elsewhere(
                    standing.owner(), standing.due(), standing.crashes(), standing.problem()));
            List<String> lacks = standing.owner() != null
                    ? List.of()
                    : store.workflow(record.tenant(), record.id())
                            .map(registry::lacks)
                            .orElse(List.of());
            if (!lacks.isEmpty()) {
                reasons.add(new Explanation.MissingTypes(lacks));
            }
        });
        return new Explanation(
                record.id(), record.workflow(), record.status(), reasons, new Progress(0, 0, List.of(), null));
    }

    /** What the history says of a run that has ended. */
    static Explanation ofEnded(WorkflowStore store, ExecutionRecord record) {
        int nodes = store.workflow(record.tenant(), record.id())
                .map(Explainer::outermost)
                .orElse(0);
        long ended = store.nodes(record.tenant(), record.id(), null, MAX_NODES).items().stream()
                .filter(node -> node.iteration().isEmpty())
                .count();
        Progress progress = new Progress((int) ended, nodes, List.of(), null);
        return new Explanation(record.id(), record.workflow(), record.status(), List.of(), progress);
    }

    private static int outermost(Workflow workflow) {
        return (int) workflow.nodes().stream()
                .filter(node -> !NodeTypes.isDrawing(node.type()) && !workflow.isCompensation(node))
                .filter(node -> workflow.enclosingGroup(node).isEmpty())
                .count();
    }

    private Progress progress() {
        return new Progress(
                execution.machine().ended(), execution.compiled().plan().size(), groups, null);
    }

    private void standing(ExecutionStatus status) {
        if (execution.isHeld()) {
            int limit = execution.workflow().settings().limit();
            int ahead = execution.runtime().ahead(execution);
            reasons.add(new Explanation.Queued(limit, Math.max(0, ahead)));
        }
        if (status == ExecutionStatus.PAUSED) {
            reasons.add(new Explanation.Paused());
        }
        execution
                .runtime()
                .attemptLimits()
                .waitsFor(execution)
                .forEach(
                        (name, limit) -> reasons.add(new Explanation.WaitingForLimit(name, limit.most(), limit.per())));
    }

    private void explain(Scope scope) {
        Machine machine = scope.machine();
        for (int slot = 0; slot < scope.compiled().plan().size(); slot++) {
            GroupRun group = machine.groupRun(slot);
            if (group != null && !Status.isEnded(machine.status(slot)) && machine.status(slot) != Status.BACKOFF) {
                explain(scope, slot, group);
            } else {
                explain(scope, slot);
            }
        }
    }

    private void explain(Scope scope, int slot, GroupRun group) {
        groups.add(new GroupProgress(scope.id(slot), scope.path(), group.endedIterations(), group.iterations()));
        for (Machine iteration : List.copyOf(group.live())) {
            if (reasons.size() < MAX_REASONS) {
                explain(Scope.of(iteration));
            }
        }
    }

    private void explain(Scope scope, int slot) {
        Machine machine = scope.machine();
        String node = scope.id(slot);
        String path = scope.path();
        int attempt = machine.attempt(slot);
        switch (machine.status(slot)) {
            case Status.RUNNING ->
                reasons.add(new Explanation.Running(node, path, attempt, facts.at(machine.startedAt(slot))));
            case Status.ENDING -> reasons.add(new Explanation.Ending(node, path, attempt, grace(machine, slot)));
            case Status.BACKOFF -> {
                JsonObject error = machine.error(slot);
                reasons.add(new Explanation.WaitingForRetry(
                        node,
                        path,
                        attempt,
                        facts.at(machine.dueAt(slot)),
                        ExecutionError.fromJson(error == null ? JsonObject.EMPTY : error)));
            }
            case Status.SUSPENDED -> waiting(scope, slot);
            case Status.READY -> {
                boolean limited =
                        !execution.runtime().attemptLimits().waitsFor(execution).isEmpty();
                if (execution.tree().mayBegin() && !scope.program(slot).inline() && !limited) {
                    int most = execution.workflow().settings().maxParallelism();
                    reasons.add(new Explanation.WaitingForPlace(node, path, most));
                }
            }
            default -> {
                // It waits for others, or has ended.
            }
        }
    }

    private Instant grace(Machine machine, int slot) {
        long due = Math.min(machine.dueAt(slot), execution.tree().graceDue(machine));
        return facts.at(due == Machine.NEVER ? machine.now() : due);
    }

    private void waiting(Scope scope, int slot) {
        String node = scope.id(slot);
        String path = scope.path();
        List<String> signals = new ArrayList<>();
        String key = null;
        for (Wake wake : scope.wakes(slot)) {
            if (wake instanceof Wake.At at) {
                reasons.add(new Explanation.WaitingForTime(node, path, at.instant()));
            } else if (wake instanceof Wake.Completion completion) {
                reasons.add(completion(node, path, completion));
            } else if (wake instanceof Wake.Signal signal) {
                signals.add(signal.name());
                key = signal.key();
            } else if (wake instanceof Wake.Iterations iterations) {
                Wake.Iteration first = iterations.runs().get(0);
                reasons.add(new Explanation.WaitingForIterations(
                        node, path, first.part().index(), iterations.runs().size()));
            } else if (wake instanceof Wake.Child child) {
                reasons.add(new Explanation.WaitingForRun(node, path, child.execution(), child.workflow()));
            }
        }
        if (!signals.isEmpty()) {
            reasons.add(new Explanation.WaitingForSignal(node, path, List.copyOf(signals), key));
        }
    }

    private static Reason completion(String node, String path, Wake.Completion completion) {
        JsonObject request = completion.request();
        if (request == null) {
            return new Explanation.WaitingForCompletion(node, path, completion.name());
        }
        List<String> assignees = request.get("assignees") instanceof JsonArray list
                ? list.stream().map(Json::toText).toList()
                : List.of();
        return new Explanation.WaitingForApproval(node, path, Json.toText(request.get("title")), assignees);
    }

    private void abandoned(Attempt attempt) {
        reasons.add(new Explanation.Abandoned(attempt.nodeId(), attempt.scope().path(), attempt.attempt()));
    }
}
