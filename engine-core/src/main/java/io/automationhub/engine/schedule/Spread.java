package io.automationhub.engine.schedule;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Firings of different schedules are put into slots of a window, so that they do not all begin at the same moment. A schedule has
 * the same slot for ever, by its name.
 *
 * @param window over which they are spread
 * @param slots how many there are, of equal length
 */
public record Spread(Duration window, int slots) {

    /** The most slots. */
    public static final int MOST = 100_000;

    public Spread {
        if (window.isZero() || window.isNegative() || window.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("the window of a spread is up to 7 days, found " + window
                    + "; write such as {\"window\": \"1h\", \"slots\": 60}");
        }
        if (slots < 1 || slots > MOST) {
            throw new IllegalArgumentException("a spread has 1 to " + MOST + " slots, found " + slots);
        }
    }

    /** By how much the firings of a schedule are moved. */
    Duration shift(String name) {
        return window.dividedBy(slots).multipliedBy(new SplittableRandom(name.hashCode()).nextInt(slots));
    }
}
