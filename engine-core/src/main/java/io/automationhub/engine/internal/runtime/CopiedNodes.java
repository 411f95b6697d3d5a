package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineFold;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.value.JsonObject;
import java.util.List;

/**
 * The node runs of another run that count for this one as if it had done them: they ended there, and are not to be run
 * again.
 *
 * @param nodes in the order in which they ended
 */
record CopiedNodes(List<NodeExecution> nodes) {

    CopiedNodes {
        nodes = List.copyOf(nodes);
    }

    /** Brings them into a run that has just begun. */
    void into(Execution execution) {
        Scope scope = execution.scope();
        Machine machine = execution.machine();
        Plan plan = scope.compiled().plan();
        MachineFold fold = new MachineFold(machine);
        for (NodeExecution node : nodes) {
            if (node.status() == NodeStatus.SKIPPED || node.status() == NodeStatus.CANCELLED) {
                // That follows from the others.
                continue;
            }
            int slot = plan.slot(node.node());
            long handles = 0;
            for (String handle : node.handles()) {
                handles |= plan.handle(slot, handle);
            }
            if (!node.variables().isEmpty()) {
                execution.nodeRuns().outputs().apply(scope, slot, node.variables());
            }
            JsonObject error = node.error() == null ? null : node.error().toJson();
            byte status = Facts.machineStatus(node.status());
            fold.ended(slot, Math.min(1, node.attempt()), status, node.output(), error, handles, 0, 0);
            if (node.status() == NodeStatus.SUCCEEDED) {
                execution.nodeRuns().settleCompensation(scope, slot);
            }
        }
    }
}
