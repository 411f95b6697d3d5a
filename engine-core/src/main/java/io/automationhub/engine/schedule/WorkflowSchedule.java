package io.automationhub.engine.schedule;

import io.automationhub.engine.store.DocumentStore;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A published workflow that is run when a rule says so. Immutable: each method returns a new one.
 *
 * @param id unique among the schedules of a tenant
 * @param workflow the id of the workflow; at each firing the newest version that is not retired is run
 * @param trigger the id of the trigger to begin at; null to let the workflow decide
 * @param enabled whether it fires; while it does not, its firings are gone, and not made up for
 * @param input of each run; null for {@code {"schedule": id, "plannedAt": instant}}
 * @param tags what each run is found by
 */
public record WorkflowSchedule(
        String id,
        String workflow,
        @Nullable String trigger,
        ScheduleRule rule,
        boolean enabled,
        @Nullable Object input,
        Set<String> tags) {

    /** What the ids of those begin with that belong to triggers in workflows. */
    public static final String OF_TRIGGERS = "trigger:";

    /** The most characters of an id. */
    public static final int MOST_ID = 150;

    public WorkflowSchedule {
        DocumentStore.check("id of a schedule", id);
        if (id.length() > MOST_ID) {
            throw new IllegalArgumentException(
                    "The id of a schedule has up to " + MOST_ID + " characters, found " + id.length());
        }
        tags = tags.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(tags));
        tags.forEach(tag -> DocumentStore.check("tag", tag));
    }

    /** A schedule that is enabled, and gives its runs what it knows. */
    public static WorkflowSchedule of(String id, String workflow, ScheduleRule rule) {
        return new WorkflowSchedule(id, workflow, null, rule, true, null, Set.of());
    }

    /** Beginning at this trigger. */
    public WorkflowSchedule trigger(@Nullable String node) {
        return new WorkflowSchedule(id, workflow, node, rule, enabled, input, tags);
    }

    /** With this rule in place of the one it has. */
    public WorkflowSchedule rule(ScheduleRule other) {
        return new WorkflowSchedule(id, workflow, trigger, other, enabled, input, tags);
    }

    /** Firing, or not. */
    public WorkflowSchedule enabled(boolean fires) {
        return new WorkflowSchedule(id, workflow, trigger, rule, fires, input, tags);
    }

    /** With this input of each run, a value of JSON. */
    public WorkflowSchedule input(@Nullable Object value) {
        return new WorkflowSchedule(id, workflow, trigger, rule, enabled, value, tags);
    }

    /** Its runs can be found by this tag, beside those that they have. */
    public WorkflowSchedule tag(String name) {
        Set<String> more = new TreeSet<>(tags);
        more.add(name);
        return new WorkflowSchedule(id, workflow, trigger, rule, enabled, input, more);
    }
}
