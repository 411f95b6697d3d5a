package io.automationhub.engine.schedule;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What becomes of times on the clock that a change of the zone's offset leaves out (the gap, mostly in spring), or that it has twice
 * (the overlap, mostly in autumn).
 *
 * @param gap what becomes of a time that does not exist
 * @param overlap what becomes of a time that exists twice
 */
public record DaylightSaving(Gap gap, Overlap overlap) {

    /** For times that do not exist. */
    public enum Gap {
        /** It does not fire. */
        SKIP,
        /** It fires at the end of the gap, once for all that are in it. */
        SHIFT;

        /** @throws IllegalArgumentException if there is none of that name */
        public static Gap of(String name) {
            return named(values(), "gap", name);
        }
    }

    /** For times that exist twice. */
    public enum Overlap {
        /** It fires the first time. */
        FIRST,
        /** It fires the second time. */
        SECOND,
        /** It fires both times. */
        BOTH;

        /** @throws IllegalArgumentException if there is none of that name */
        public static Overlap of(String name) {
            return named(values(), "overlap", name);
        }
    }

    /**
     * What holds unless it is said otherwise: once a day stays once a day. What is left out is made up for at the end of the gap, and
     * of two times the first counts.
     */
    public static final DaylightSaving BY_THE_CLOCK = new DaylightSaving(Gap.SHIFT, Overlap.FIRST);

    /** What holds for expressions that fire in every hour, unless it is said otherwise: they go on as time passes. */
    public static final DaylightSaving AS_TIME_PASSES = new DaylightSaving(Gap.SKIP, Overlap.BOTH);

    /** What holds for an expression unless it is said otherwise. */
    public static DaylightSaving usual(CronExpression cron) {
        return cron.isEveryHour() ? AS_TIME_PASSES : BY_THE_CLOCK;
    }

    private static <E extends Enum<E>> E named(E[] all, String what, String name) {
        return Arrays.stream(all)
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no policy for the " + what
                        + " of daylight saving time; write "
                        + Arrays.stream(all)
                                .map(each -> "'" + each.name().toLowerCase(Locale.ROOT) + "'")
                                .collect(Collectors.joining(" or "))));
    }
}
