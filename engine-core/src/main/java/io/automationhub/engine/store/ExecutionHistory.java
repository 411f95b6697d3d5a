package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ended run and all that is known of it. The methods make records from what the run left, so a store that only keeps
 * runs pays for them when somebody asks. Safe for use by several threads.
 */
public interface ExecutionHistory {

    /** Whose run it is. */
    String tenant();

    /** The run's id. */
    String id();

    /** The run. */
    ExecutionRecord record();

    /** Where it stands. */
    default ExecutionStatus status() {
        return record().status();
    }

    /** Its output; null while it runs. */
    default @Nullable Object output() {
        return record().output();
    }

    /** The workflow that it ran. */
    Workflow workflow();

    /** Whether something outside of the store belongs to it, such as files in a {@link BlobStore} or the key it began with. */
    boolean isTracked();

    /** How many node runs there are. */
    int nodeCount();

    /** The node runs in the order in which they ended. */
    List<NodeExecution> nodes();

    /** What its nodes wrote, oldest first. */
    List<WorkflowLog> logs();
}
