package io.automationhub.engine.schedule;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules as they stand in files: {@code {"cron": "0 9 * * MON-FRI", "dialect": "unix", "zone": "Europe/Berlin"}}. All that is wrong
 * is told at once, each with its place.
 */
public final class ScheduleConfig {

    private ScheduleConfig() {}

    /**
     * What was read.
     *
     * @param rule null if something is wrong
     * @param problems with pointers into the configuration
     */
    public record Reading(@Nullable ScheduleRule rule, List<Problem> problems) {}

    /**
     * Reads a rule.
     *
     * @param nodeId of the node whose configuration it is; null if it is of none
     */
    public static Reading read(JsonObject config, @Nullable String nodeId) {
        return new RuleReader(config, nodeId).read();
    }

    /**
     * What keeps a rule from firing at all from now on.
     *
     * @param calendars the host's own by their names
     * @param nodeId of the node whose configuration it is; null if it is of none
     */
    public static List<Problem> problems(
            ScheduleRule rule, Instant now, Map<String, BusinessCalendar> calendars, @Nullable String nodeId) {
        try {
            if (FireTimes.of(rule, now, calendars, "").planned(now) != null) {
                return List.of();
            }
            Instant until = rule.until();
            if (until != null && !until.isAfter(now)) {
                return List.of(problem(
                        "/until",
                        nodeId,
                        "The window is past: it ended at " + until + ", and it is " + now
                                + "; put 'until' behind that, or leave it out"));
            }
            if (rule.timing() instanceof Timing.After) {
                return List.of();
            }
            boolean firesOnClosedDays =
                    FireTimes.of(rule.withoutCalendars(), now, calendars, "").planned(now) != null;
            return List.of(
                    firesOnClosedDays
                            ? problem(
                                    "/calendars",
                                    nodeId,
                                    "The calendars leave no day on which it fires; leave one open, or write"
                                            + " \"closedDays\": \"next\"")
                            : problem(
                                    "",
                                    nodeId,
                                    "It never fires again after " + now + (until == null ? "" : " and before " + until)
                                            + "; give it a time that is still to come"));
        } catch (IllegalArgumentException e) {
            return List.of(problem("/calendars", nodeId, sentence(String.valueOf(e.getMessage()))));
        }
    }

    /** A rule as it stands in a file; reading it gives the same rule. */
    public static JsonObject write(ScheduleRule rule) {
        return RuleWriter.write(rule);
    }

    static String sentence(String message) {
        return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }

    static Problem problem(String pointer, @Nullable String nodeId, String message) {
        return Problem.of(ProblemCode.INVALID_CONFIG, pointer, nodeId, message, null);
    }
}
