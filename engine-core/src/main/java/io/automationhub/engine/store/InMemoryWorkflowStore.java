package io.automationhub.engine.store;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps ended runs in memory, up to a number of runs and of node runs; the oldest go first. Runs are kept as they are
 * and become records when somebody asks.
 */
public final class InMemoryWorkflowStore implements WorkflowStore {

    /** How many runs it keeps unless told otherwise. */
    public static final int DEFAULT_RUNS = 10_000;

    /** How many node runs it keeps unless told otherwise. */
    public static final int DEFAULT_NODE_RUNS = 200_000;

    private final int maxRuns;
    private final int maxNodeRuns;
    private final Deque<ExecutionHistory> runs = new ArrayDeque<>();
    private long nodeRuns;

    /** A store of 10,000 runs and 200,000 node runs. */
    public InMemoryWorkflowStore() {
        this(DEFAULT_RUNS, DEFAULT_NODE_RUNS);
    }

    /** A store of so many runs and node runs, each at least 1. The newest run is kept whatever its size. */
    public InMemoryWorkflowStore(int maxRuns, int maxNodeRuns) {
        if (maxRuns < 1 || maxNodeRuns < 1) {
            throw new IllegalArgumentException("A store keeps at least one run and one node run, but was to keep "
                    + maxRuns + " and " + maxNodeRuns);
        }
        this.maxRuns = maxRuns;
        this.maxNodeRuns = maxNodeRuns;
    }

    @Override
    public synchronized void ended(ExecutionHistory run) {
        runs.addLast(run);
        nodeRuns += run.nodeCount();
        while (runs.size() > maxRuns || nodeRuns > maxNodeRuns && runs.size() > 1) {
            nodeRuns -= runs.removeFirst().nodeCount();
        }
    }

    @Override
    public Optional<ExecutionRecord> find(String tenant, String executionId) {
        return history(tenant, executionId).map(ExecutionHistory::record);
    }

    @Override
    public Page<ExecutionRecord> executions(ExecutionQuery query) {
        return Paging.executions(snapshot().stream().map(ExecutionHistory::record), query);
    }

    @Override
    public Page<NodeExecution> nodes(String tenant, String executionId, @Nullable String after, int limit) {
        List<NodeExecution> all =
                history(tenant, executionId).map(ExecutionHistory::nodes).orElse(List.of());
        return Paging.positions(all, after, limit);
    }

    @Override
    public List<WorkflowLog> logs(String tenant, String executionId) {
        return history(tenant, executionId).map(ExecutionHistory::logs).orElse(List.of());
    }

    private Optional<ExecutionHistory> history(String tenant, String executionId) {
        return snapshot().stream()
                .filter(run -> run.id().equals(executionId) && run.tenant().equals(tenant))
                .findAny();
    }

    private synchronized List<ExecutionHistory> snapshot() {
        return new ArrayList<>(runs);
    }
}
