package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;

/** A run as it was at one moment. */
record Snapshot(
        Workflow workflow, ExecutionRecord record, boolean isTracked, List<NodeExecution> nodes, List<WorkflowLog> logs)
        implements ExecutionHistory {

    @Override
    public String tenant() {
        return record.tenant();
    }

    @Override
    public String id() {
        return record.id();
    }

    @Override
    public int nodeCount() {
        return nodes.size();
    }
}
