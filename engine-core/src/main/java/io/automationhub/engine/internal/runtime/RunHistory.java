package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes records of a run: of one that ended, on any thread; of one that goes on, on its writer. */
final class RunHistory {

    private final Execution execution;
    private final Machine machine;
    private final Facts facts;

    RunHistory(Execution execution) {
        this.execution = execution;
        machine = execution.machine();
        facts = execution.facts().facts();
    }

    Snapshot snapshot() {
        return new Snapshot(record(), execution.hasBlobs(), nodes(), execution.logs());
    }

    ExecutionRecord record() {
        Execution.Ending end = execution.result();
        int trigger = execution.start().trigger();
        return new ExecutionRecord(
                execution.tenant(),
                execution.id(),
                execution.workflowId(),
                execution.compiled().workflow().hash(),
                end == null ? ExecutionStatus.RUNNING : end.status(),
                trigger < 0 ? null : execution.compiled().plan().id(trigger),
                execution.input(),
                end == null ? null : end.output(),
                end == null ? null : end.error(),
                variables(execution),
                facts.at(0),
                end == null ? null : facts.at(end.nanos()));
    }

    static JsonObject variables(Execution execution) {
        if (execution.start().variables().length == 0) {
            return JsonObject.EMPTY;
        }
        JsonObject.Builder values = JsonObject.builder();
        List<String> names = execution.compiled().variableNames();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), execution.start().variables()[i]);
        }
        return values.build();
    }

    /** Ended node runs in the order of their ends, then those that go on. */
    List<NodeExecution> nodes() {
        List<NodeExecution> nodes = new ArrayList<>();
        for (int entry = 0; entry < machine.logSize(); entry++) {
            if (machine.logKind(entry) == Machine.LOG_ENDED) {
                nodes.add(node(machine.logSlot(entry), true));
            }
        }
        for (int slot = 0; slot < facts.plan().size(); slot++) {
            NodeStatus status = Facts.nodeStatus(machine.status(slot));
            if (status != null && !status.isEnded()) {
                nodes.add(node(slot, false));
            }
        }
        return nodes;
    }

    private NodeExecution node(int slot, boolean ended) {
        NodeStatus status = Facts.nodeStatus(machine.status(slot));
        @Nullable
        JsonObject error = status == NodeStatus.FAILED || status == NodeStatus.CANCELLED ? machine.error(slot) : null;
        return new NodeExecution(
                facts.plan().id(slot),
                Facts.TOP,
                machine.attempt(slot),
                status == null ? NodeStatus.WAITING : status,
                facts.atOrNull(machine.startedAt(slot)),
                ended ? facts.at(machine.endedAt(slot)) : null,
                machine.returned(slot),
                error == null ? null : ExecutionError.fromJson(error),
                execution.facts().failedAttempts(slot));
    }
}
