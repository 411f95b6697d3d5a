package io.automationhub.engine.schedule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A firing waits while there is much to do, but not for ever.
 *
 * @param limit the name of a limit of workflows, of which the places are looked at; null to look at the runs of the process
 * @param below it begins when less than so much is in use: places of the limit, or, of a process, the share of the runs that it
 *     may have unfinished, above 0 and up to 1
 * @param latest it begins so long after the planned time at the latest
 */
public record Capacity(@Nullable String limit, double below, Duration latest) {

    public Capacity {
        if (limit == null ? !(below > 0 && below <= 1) : !(below >= 1 && below == Math.rint(below))) {
            throw new IllegalArgumentException((limit == null
                            ? "the share of its runs below which a process has capacity is above 0 and up to 1"
                            : "the places below which a limit has capacity are a whole number from 1 on")
                    + ", found " + below);
        }
        if (latest.isZero() || latest.isNegative()) {
            throw new IllegalArgumentException(
                    "a firing that waits for capacity has a latest start, such as '30m', found " + latest);
        }
    }
}
