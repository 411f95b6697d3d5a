package io.automationhub.engine;

import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.schedule.FireTimes;
import io.automationhub.engine.schedule.PlannedFiring;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.store.Page;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of one tenant: those that the host keeps here, and those that published workflows bring along in a
 * {@code trigger.schedule}. They are kept in the store if that is durable, else in memory, with the engine. Each firing begins one
 * run, however many processes share the store. Safe for use by several threads.
 */
public final class WorkflowSchedules {

    private final EngineRuntime runtime;
    private final String tenant;

    WorkflowSchedules(EngineRuntime runtime, String tenant) {
        this.runtime = runtime;
        this.tenant = tenant;
    }

    /**
     * Keeps a schedule, in place of the one of the same id if there is one. What was due by then still fires as it was before; what
     * the new one would have planned for the past does not.
     *
     * @throws io.automationhub.engine.schedule.InvalidScheduleException if it would never fire
     * @throws IllegalArgumentException if it has the id of a trigger's schedule, which changes with its workflow
     */
    public ScheduleStatus save(WorkflowSchedule schedule) {
        requireOwn(schedule.id());
        ScheduleStatus status = runtime.schedules().scheduler().save(tenant, schedule);
        runtime.schedules().look();
        return status;
    }

    private static void requireOwn(String id) {
        if (id.startsWith(WorkflowSchedule.OF_TRIGGERS)) {
            throw new IllegalArgumentException(
                    "The schedule '" + id + "' belongs to a trigger of a workflow and changes with it;"
                            + " publish the workflow with another trigger");
        }
    }

    /**
     * Lets a schedule fire no more, or again. What was planned for the time between does not fire.
     *
     * @return false if there is no such schedule
     */
    public boolean enable(String id, boolean fires) {
        Optional<ScheduleStatus> known = find(id);
        known.ifPresent(status -> {
            ScheduleStatus unused = runtime.schedules()
                    .scheduler()
                    .save(tenant, status.schedule().enabled(fires));
        });
        runtime.schedules().look();
        return known.isPresent();
    }

    /**
     * Forgets a schedule. Its runs go on.
     *
     * @return false if there was none
     * @throws IllegalArgumentException if it is a trigger's, which goes with its workflow
     */
    public boolean delete(String id) {
        requireOwn(id);
        return runtime.schedules().scheduler().delete(tenant, id);
    }

    /** A schedule and how it fares. */
    public Optional<ScheduleStatus> find(String id) {
        return runtime.schedules().scheduler().find(tenant, id);
    }

    /** The schedule of a workflow's trigger, and how it fares. */
    public Optional<ScheduleStatus> ofTrigger(String workflow, String node) {
        return find(ScheduleTrigger.id(workflow, node));
    }

    /**
     * Schedules by their ids.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most of a page, 1 to 1000
     */
    public Page<ScheduleStatus> list(@Nullable String after, int limit) {
        return runtime.schedules().scheduler().list(tenant, after, limit);
    }

    /**
     * The next firings of a rule, and between them what is skipped or shifted, with the reason.
     *
     * @param name of the schedule, on which its slot of a spread depends; empty if it has none
     * @throws IllegalArgumentException if it names a calendar that is not known
     */
    public List<PlannedFiring> preview(ScheduleRule rule, String name, int firings) {
        return FireTimes.of(
                        rule, runtime.now(), runtime.schedules().scheduler().calendars(), FireTimes.name(tenant, name))
                .preview(runtime.now(), firings);
    }

    /** A rule in words. */
    public String describe(ScheduleRule rule) {
        return rule.description(runtime.schedules().scheduler().calendars());
    }
}
