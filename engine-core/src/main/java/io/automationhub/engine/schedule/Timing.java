package io.automationhub.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When a schedule fires, before calendars, windows and policies. */
public sealed interface Timing {

    /** The most times that a list may have. */
    int MOST_TIMES = 10_000;

    /** At times of the calendar and the clock on the wall. */
    record Cron(CronExpression expression) implements Timing {}

    /**
     * Again and again after so long.
     *
     * @param every at least a second
     * @param fromEnd whether the time counts from the end of the run before; else from fire time to fire time
     */
    record Interval(Duration every, boolean fromEnd) implements Timing {

        public Interval {
            if (every.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "an interval is at least a second, found '" + every + "'; write one such as '5m'");
            }
        }
    }

    /** When runs of other workflows end. */
    record After(Upstream upstream) implements Timing {}

    /** At these instants, in order, each once. */
    record At(List<Instant> instants) implements Timing {

        public At {
            instants = instants.stream().distinct().sorted().toList();
            if (instants.isEmpty() || instants.size() > MOST_TIMES) {
                throw new IllegalArgumentException(
                        "a list of times has 1 to " + MOST_TIMES + " of them, found " + instants.size());
            }
        }
    }
}
