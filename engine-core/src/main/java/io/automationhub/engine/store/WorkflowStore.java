package io.automationhub.engine.store;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps ended runs and answers questions about them. The tenant is part of every key: nothing of one tenant is ever
 * returned to another. Implementations are safe for use by several threads and extend the contract suite
 * {@code WorkflowStoreContract} of the test kit.
 */
public interface WorkflowStore {

    /**
     * Keeps an ended run. Called once for each run, on the run's thread, so it must be quick. The store may forget old
     * runs to keep its bounds.
     */
    void ended(ExecutionHistory run);

    /** A run; empty if it is unknown, of another tenant, or forgotten. */
    Optional<ExecutionRecord> find(String tenant, String executionId);

    /** The workflow that a run ran; empty if the run is unknown. */
    Optional<Workflow> workflow(String tenant, String executionId);

    /**
     * Runs, newest first by start and then by id. Of those that go on the variables may be the ones that they began with;
     * {@link #find} has the current ones.
     */
    Page<ExecutionRecord> executions(ExecutionQuery query);

    /**
     * The node runs of one run in the order in which they ended; empty if the run is unknown.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most entries of the page
     * @throws IllegalArgumentException if the cursor is not one of this store's
     */
    Page<NodeExecution> nodes(String tenant, String executionId, @Nullable String after, int limit);

    /**
     * Tells, from now on, of each run that is forgotten and {@link ExecutionHistory#isTracked tracked}, so that what belongs to
     * it can go, too.
     */
    void onForgotten(ForgottenRuns listener);

    /** Hears of runs that a store forgets; may be called on any thread, and must be quick. */
    @FunctionalInterface
    interface ForgottenRuns {

        /** The store has nothing of this run any more. */
        void forgotten(String tenant, String executionId);
    }

    /** What the nodes of a run wrote, oldest first; empty if the run is unknown. */
    List<WorkflowLog> logs(String tenant, String executionId);
}
