package io.automationhub.engine;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.ExecutionFailedException;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run as it was at one moment: usually at its end. Immutable. */
public final class WorkflowExecution {

    private final ExecutionHistory history;
    private volatile @Nullable ExecutionRecord record;

    WorkflowExecution(ExecutionHistory history) {
        this.history = history;
    }

    private ExecutionRecord record() {
        ExecutionRecord known = record;
        if (known == null) {
            known = history.record();
            record = known;
        }
        return known;
    }

    /** Its id. */
    public String id() {
        return history.id();
    }

    /** The id of its workflow. */
    public String workflowId() {
        return record().workflow();
    }

    /** Where it stood. */
    public ExecutionStatus status() {
        return history.status();
    }

    /** Whether it ended well. */
    public boolean isSucceeded() {
        return status() == ExecutionStatus.SUCCEEDED;
    }

    /** The run's output as a value; null while it runs, and usually if it failed. */
    public @Nullable Object output() {
        return history.output();
    }

    /** Why it did not succeed. */
    public Optional<ExecutionError> error() {
        return Optional.ofNullable(record().error());
    }

    /** Whether all that a run did which did not succeed was undone; empty if nothing had to be, or it is not over. */
    public Optional<Compensation.Status> compensation() {
        return Optional.ofNullable(record().compensation());
    }

    /** The run that it came from; empty if somebody outside started it. */
    public Optional<RunOrigin> origin() {
        return Optional.ofNullable(record().origin());
    }

    /** The run's input as a value. */
    public @Nullable Object input() {
        return record().input();
    }

    /** The workflow variables. */
    public JsonObject variables() {
        return record().variables();
    }

    /** When it began. */
    public Instant startedAt() {
        return record().startedAt();
    }

    /** When it ended. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(record().endedAt());
    }

    /** Its node runs: the ended ones in the order of their ends, then the others. */
    public List<NodeExecution> nodes() {
        return history.nodes();
    }

    /** The run of one node; empty if the run did not come to it. */
    public Optional<NodeExecution> node(String id) {
        return nodes().stream().filter(node -> node.node().equals(id)).findFirst();
    }

    /** What its nodes wrote, oldest first. */
    public List<WorkflowLog> logs() {
        return history.logs();
    }

    /**
     * This, if the run succeeded.
     *
     * @throws ExecutionFailedException if it failed or was cancelled
     * @throws IllegalStateException if it has not ended
     */
    public WorkflowExecution orElseThrow() {
        ExecutionError error = record().error();
        if (error != null) {
            throw new ExecutionFailedException(id(), error);
        }
        if (!status().isEnded()) {
            throw new IllegalStateException("Execution '" + id() + "' has not ended; wait for it with its handle");
        }
        return this;
    }

    @Override
    public String toString() {
        return "WorkflowExecution[" + id() + ", " + workflowId() + ", " + status().text() + "]";
    }
}
