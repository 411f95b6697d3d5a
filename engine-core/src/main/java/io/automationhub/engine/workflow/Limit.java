package io.automationhub.engine.workflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bound for attempts in all runs whose workflows name it. Only attempts that take a thread count, each try of a retry too.
 *
 * @param most how many may run at the same time; if {@code per} is given, how many may begin in any stretch of time that is so
 *     long
 * @param per for a rate; null if attempts at the same time are counted
 */
public record Limit(int most, @Nullable Duration per) {

    /** The most that a rate may allow: each beginning is remembered as long as it counts. */
    public static final int MOST_OF_RATE = 10_000;

    /** The longest stretch of time of a rate. */
    public static final Duration LONGEST = Duration.ofDays(31);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    public Limit {
        if (most < 1) {
            throw new IllegalArgumentException("A limit allows at least 1 attempt, but was " + most);
        }
        if (per != null && most > MOST_OF_RATE) {
            throw new IllegalArgumentException("A rate allows at most " + MOST_OF_RATE + " attempts, but was " + most
                    + "; take fewer and a shorter time");
        }
        if (per != null && (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "The time of a rate is " + SHORTEST + " to " + LONGEST + ", but was " + per);
        }
    }

    /** At most so many attempts at the same time. */
    public static Limit atOnce(int most) {
        return new Limit(most, null);
    }

    /** At most so many attempts begin within so long. */
    public static Limit rate(int most, Duration per) {
        return new Limit(most, per);
    }

    /** Whether beginnings are counted, not attempts at the same time. */
    public boolean isRate() {
        return per != null;
    }
}
