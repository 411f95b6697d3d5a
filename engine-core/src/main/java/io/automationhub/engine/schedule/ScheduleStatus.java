package io.automationhub.engine.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schedule and how it fares.
 *
 * @param next when it fires next, as planned; null if it does not
 * @param recent its last firings, the newest first, at most {@value #MOST_RECENT}
 * @param error why the last firing could not begin, or is tried again; null if all is well
 */
public record ScheduleStatus(
        WorkflowSchedule schedule,
        @Nullable Instant next,
        List<Firing> recent,
        @Nullable String error) {

    /** How many firings are remembered. */
    public static final int MOST_RECENT = 10;

    public ScheduleStatus {
        recent = List.copyOf(recent);
    }

    /**
     * What became of a firing.
     *
     * @param planned when it was to be
     * @param at when it was
     * @param execution the run that it began; null if none
     * @param skipped why it began none; null if it did
     */
    public record Firing(
            Instant planned,
            Instant at,
            @Nullable String execution,
            @Nullable String skipped) {}
}
