package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A run as the store has it; read when somebody asks. */
record StoredHistory(WorkflowStore store, String tenant, String id) implements ExecutionHistory {

    private static final int PAGE = 1000;

    @Override
    public ExecutionRecord record() {
        return found(store.find(tenant, id));
    }

    @Override
    public Workflow workflow() {
        return found(store.workflow(tenant, id));
    }

    private <T> T found(Optional<T> what) {
        return what.orElseThrow(() -> new NoSuchElementException("The store has forgotten the execution '" + id + "'"));
    }

    @Override
    public boolean isTracked() {
        return true;
    }

    @Override
    public int nodeCount() {
        return nodes().size();
    }

    @Override
    public List<NodeExecution> nodes() {
        List<NodeExecution> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<NodeExecution> page = store.nodes(tenant, id, cursor, PAGE);
            page.items().forEach(node -> all.add(Redaction.of(node)));
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    @Override
    public List<WorkflowLog> logs() {
        return store.logs(tenant, id);
    }
}
