package io.automationhub.engine.store;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final List<ForgottenRuns> listeners = new CopyOnWriteArrayList<>();

    /**
     * A ring of the runs, oldest at {@code first}, and of how many node runs each has. The counts stand beside the runs
     * because looking into a run that was not touched for long would cost more than all the rest of keeping one; the
     * complement of a count stands there if the run is tracked.
     */
    private @Nullable ExecutionHistory[] runs = new ExecutionHistory[64];

    private int[] counts = new int[64];

    /** Runs that had to go, are tracked, and were not told of yet. */
    private final List<ExecutionHistory> forgotten = new ArrayList<>();

    private int first;
    private int size;
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
    public void onForgotten(ForgottenRuns listener) {
        listeners.add(listener);
    }

    @Override
    public void ended(ExecutionHistory run) {
        List<ExecutionHistory> gone = keep(run);
        if (!gone.isEmpty()) {
            listeners.forEach(listener -> gone.forEach(old -> listener.forgotten(old.tenant(), old.id())));
        }
    }

    /** Returns those that had to go and are tracked. */
    private synchronized List<ExecutionHistory> keep(ExecutionHistory run) {
        if (size == runs.length && size < maxRuns) {
            grow();
        }
        if (size == maxRuns) {
            removeFirst();
        }
        int at = (first + size++) % runs.length;
        int count = run.nodeCount();
        runs[at] = run;
        counts[at] = run.isTracked() ? ~count : count;
        nodeRuns += count;
        while (nodeRuns > maxNodeRuns && size > 1) {
            removeFirst();
        }
        if (forgotten.isEmpty()) {
            return List.of();
        }
        List<ExecutionHistory> gone = List.copyOf(forgotten);
        forgotten.clear();
        return gone;
    }

    private void removeFirst() {
        ExecutionHistory run = runs[first];
        int count = counts[first];
        if (count < 0 && run != null) {
            forgotten.add(run);
        }
        runs[first] = null;
        nodeRuns -= count < 0 ? ~count : count;
        first = (first + 1) % runs.length;
        size--;
    }

    private void grow() {
        int larger = (int) Math.min(maxRuns, runs.length * 2L);
        @Nullable ExecutionHistory[] moreRuns = new ExecutionHistory[larger];
        int[] moreCounts = new int[larger];
        for (int i = 0; i < size; i++) {
            moreRuns[i] = runs[(first + i) % runs.length];
            moreCounts[i] = counts[(first + i) % runs.length];
        }
        runs = moreRuns;
        counts = moreCounts;
        first = 0;
    }

    @Override
    public Optional<ExecutionRecord> find(String tenant, String executionId) {
        return history(tenant, executionId).map(ExecutionHistory::record);
    }

    @Override
    public Optional<Workflow> workflow(String tenant, String executionId) {
        return history(tenant, executionId).map(ExecutionHistory::workflow);
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
        List<ExecutionHistory> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            ExecutionHistory run = runs[(first + i) % runs.length];
            if (run != null) {
                all.add(run);
            }
        }
        return all;
    }
}
