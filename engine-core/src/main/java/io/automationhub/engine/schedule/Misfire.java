package io.automationhub.engine.schedule;

import java.time.Duration;

/**
 * What becomes of firings that no process was there for.
 *
 * @param most how many of the last ones are made up for, each by a run of its own; 0 for none. With 1 it is the last one alone
 * @param tolerance by how much a firing may be late without being missed
 */
public record Misfire(int most, Duration tolerance) {

    /** The most firings that may be made up for. */
    public static final int MOST = 1000;

    /** A minute, within which most restarts are done. */
    public static final Duration TOLERANCE = Duration.ofMinutes(1);

    /** However many were missed, one run makes up for them. What holds unless it is said otherwise. */
    public static final Misfire ONCE = new Misfire(1, TOLERANCE);

    /** What was missed is gone. */
    public static final Misfire SKIP = new Misfire(0, TOLERANCE);

    public Misfire {
        if (most < 0 || most > MOST) {
            throw new IllegalArgumentException("up to " + MOST + " missed firings are made up for, found " + most
                    + "; write 'once', 'skip' or {\"backfill\": 10}");
        }
        if (tolerance.isNegative()) {
            throw new IllegalArgumentException("the tolerance is not negative, found " + tolerance);
        }
    }

    /** The last ones are made up for, each by a run of its own, the oldest first. */
    public static Misfire backfill(int most) {
        return new Misfire(most, TOLERANCE);
    }
}
