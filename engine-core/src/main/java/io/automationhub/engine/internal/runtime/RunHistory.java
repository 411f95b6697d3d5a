package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes records of a run: of one that ended, on any thread; of one that goes on, on its writer. */
final class RunHistory {

    private final Execution execution;
    private final Facts facts;

    RunHistory(Execution execution) {
        this.execution = execution;
        facts = execution.facts().facts();
    }

    Snapshot snapshot() {
        return new Snapshot(execution.workflow(), record(), execution.isTracked(), nodes(), execution.logs());
    }

    ExecutionRecord record() {
        Execution.Ending end = execution.result();
        int trigger = execution.start().trigger();
        return new ExecutionRecord(
                execution.tenant(),
                execution.id(),
                execution.workflowId(),
                execution.compiled().workflow().hash(),
                end == null ? execution.status() : end.status(),
                trigger < 0 ? null : execution.scope().id(trigger),
                execution.input(),
                end == null ? null : end.output(),
                end == null ? null : end.error(),
                variables(execution, execution.scope().variables()),
                variables(execution, execution.start().variables()),
                facts.at(0),
                end == null ? null : facts.at(end.nanos()),
                end == null ? null : end.compensation(),
                execution.start().origin(),
                execution.start().tags());
    }

    static JsonObject variables(Execution execution, @Nullable Object[] variables) {
        if (variables.length == 0) {
            return JsonObject.EMPTY;
        }
        JsonObject.Builder values = JsonObject.builder();
        List<String> names = execution.scope().compiled().variableNames();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), variables[i]);
        }
        return values.build();
    }

    /**
     * Ended node runs in the order of their ends, those of an iteration together where the iteration ended; then those
     * that go on.
     */
    List<NodeExecution> nodes() {
        List<NodeExecution> nodes = new ArrayList<>();
        addEnded(execution.scope(), nodes);
        Compensations compensations = execution.compensationsIfAny();
        if (compensations != null) {
            compensations.ended().forEach(handler -> addEnded(handler, nodes));
        }
        addOpen(execution.scope(), nodes);
        if (compensations != null) {
            compensations.live().forEach(handler -> addOpen(handler, nodes));
        }
        return nodes;
    }

    private void addEnded(Scope scope, List<NodeExecution> nodes) {
        Machine machine = scope.machine();
        List<Scope.Kept> iterations = scope.kept();
        int next = 0;
        for (int entry = 0; entry < machine.logSize(); entry++) {
            if (machine.logKind(entry) == Machine.LOG_ENDED) {
                next = addIterations(iterations, next, entry, nodes);
                nodes.add(node(scope, machine.logSlot(entry), true));
            }
        }
        addIterations(iterations, next, Integer.MAX_VALUE, nodes);
    }

    private int addIterations(List<Scope.Kept> iterations, int from, int entry, List<NodeExecution> nodes) {
        int next = from;
        while (next < iterations.size() && iterations.get(next).logPosition() <= entry) {
            addEnded(iterations.get(next++).iteration(), nodes);
        }
        return next;
    }

    private void addOpen(Scope scope, List<NodeExecution> nodes) {
        Machine machine = scope.machine();
        for (int slot = 0; slot < scope.compiled().plan().size(); slot++) {
            NodeStatus status = Facts.nodeStatus(machine.status(slot));
            if (status != null && !status.isEnded()) {
                nodes.add(node(scope, slot, false));
                GroupRun group = machine.groupRun(slot);
                if (group != null) {
                    for (Machine iteration : group.live()) {
                        addEnded(Scope.of(iteration), nodes);
                        addOpen(Scope.of(iteration), nodes);
                    }
                }
            }
        }
    }

    private @Nullable Object seen(@Nullable Object output) {
        return execution.compiled().hasApprovals() ? Redaction.of(output) : output;
    }

    private NodeExecution node(Scope scope, int slot, boolean ended) {
        Machine machine = scope.machine();
        NodeStatus status = Facts.nodeStatus(machine.status(slot));
        @Nullable
        JsonObject error = status == NodeStatus.FAILED || status == NodeStatus.CANCELLED ? machine.error(slot) : null;
        return new NodeExecution(
                scope.id(slot),
                scope.path(),
                machine.attempt(slot),
                status == null ? NodeStatus.WAITING : status,
                facts.atOrNull(machine.startedAt(slot)),
                ended ? facts.at(machine.endedAt(slot)) : null,
                seen(machine.returned(slot)),
                error == null ? null : ExecutionError.fromJson(error),
                scope.compiled().plan().handleNames(slot, machine.handles(slot)),
                scope.written(slot),
                scope.failedAttempts(slot));
    }
}
