package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.schedule.Capacity;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What schedules need of the runtime. Safe for use by several threads. */
public interface ScheduledRuns {

    /**
     * Begins the run of a firing, once: a further call for the same firing gives the same run.
     *
     * @param cause what the run is told of why it runs; empty for nothing
     * @return the run's id
     * @throws io.automationhub.engine.error.NonRetriableException if no run can be begun for it, now or later
     */
    String begin(String tenant, WorkflowSchedule schedule, Instant planned, JsonObject cause);

    /** The runs of a workflow that ended then or later, in no order. */
    List<Completion> completed(String tenant, String workflow, Instant since);

    /** Whether so much is in use that a firing waits. */
    boolean isFull(String tenant, Capacity capacity);

    /** Whether others may do something in the same store, so that it is looked at again and again. */
    boolean areShared();

    /** Whether a run has not ended. */
    boolean isRunning(String tenant, String execution);

    /** When a run ended; empty if it has not, or is not known any more. */
    Optional<Instant> ended(String tenant, String execution);

    /** Asks a run to end. */
    void cancel(String tenant, String execution);

    /** The time on the engine's clock. */
    Instant now();
}
