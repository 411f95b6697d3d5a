package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one turn of a run changes, to be made durable as a whole. A run has at most one that is not durable yet.
 *
 * @param number what the store calls the run, from {@link StoreMember#nextNumber} or {@link ClaimedRun#number}
 * @param workflow what it runs
 * @param startedAt when it began
 * @param position where its facts stand among the commits of the run; 0 for the first one, whose first fact is the start
 * @param facts in order; may be empty
 * @param logs what its nodes wrote since the commit before
 * @param status where the run stands after it; null if that has not changed
 * @param variables the variables, if the run ends
 * @param release null if the process keeps the run; else when another one, or this one again, may take it
 * @param opened what its nodes wait for now of which others must know; some may be known
 * @param closed what they wait for no longer
 * @param heard the ids of the messages that the run has heard, so that they need not be kept any more
 * @param messages for other runs
 */
public record RunCommit(
        String tenant,
        String id,
        long number,
        Workflow workflow,
        Instant startedAt,
        int position,
        List<ExecutionFact> facts,
        List<WorkflowLog> logs,
        @Nullable ExecutionStatus status,
        JsonObject variables,
        @Nullable Release release,
        List<OpenWait> opened,
        List<OpenWait> closed,
        List<String> heard,
        List<Addressed> messages) {

    /**
     * The process lets go of the run. If there is a message that it has not heard, the run is due at once.
     *
     * @param due when it goes on; null if only a message makes it do so
     */
    public record Release(@Nullable Instant due) {}

    /**
     * A message for a run of the same tenant.
     *
     * @param to the run's id
     * @param id tells it from other messages to that run; the second one with the same id has no effect
     */
    public record Addressed(String to, String id, RunMessage message) {}

    /** Whether the run begins with it. */
    public boolean isFirst() {
        return position == 0;
    }
}
