package io.automationhub.engine.functions;

import io.automationhub.engine.expression.DateText;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The units that dates are counted in. */
enum DateUnit {
    YEAR(ChronoUnit.YEARS, 1),
    QUARTER(ChronoUnit.MONTHS, 3),
    MONTH(ChronoUnit.MONTHS, 1),
    WEEK(ChronoUnit.WEEKS, 1),
    DAY(ChronoUnit.DAYS, 1),
    HOUR(ChronoUnit.HOURS, 1),
    MINUTE(ChronoUnit.MINUTES, 1),
    SECOND(ChronoUnit.SECONDS, 1),
    MILLISECOND(ChronoUnit.MILLIS, 1);

    /** How they are written: {@code day} or {@code days}. */
    static final List<String> NAMES = Arrays.stream(values())
            .map(unit -> unit.name().toLowerCase(Locale.ROOT))
            .flatMap(name -> Stream.of(name, name + "s"))
            .toList();

    private final ChronoUnit unit;
    private final int times;

    DateUnit(ChronoUnit unit, int times) {
        this.unit = unit;
        this.times = times;
    }

    /** The unit that one of {@link #NAMES} names. */
    static DateUnit of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return valueOf(upper.endsWith("S") ? upper.substring(0, upper.length() - 1) : upper);
    }

    /** A day plus hours is a day and time of day. */
    Temporal plus(Temporal date, long amount) {
        Temporal start = date instanceof LocalDate day && unit.isTimeBased() ? day.atStartOfDay() : date;
        return start.plus(Math.multiplyExact(amount, (long) times), unit);
    }

    /** Whole units from one date to another. */
    long between(Temporal from, Temporal to) {
        boolean days = from instanceof LocalDate && to instanceof LocalDate && unit.isDateBased();
        long between = days
                ? unit.between(from, to)
                : unit.between(DateText.zoned(from, ZoneOffset.UTC), DateText.zoned(to, ZoneOffset.UTC));
        return between / times;
    }

    Temporal start(Temporal date) {
        if (unit.isTimeBased()) {
            return truncated(date, unit);
        }
        Temporal day = truncated(date, ChronoUnit.DAYS);
        return switch (this) {
            case YEAR -> day.with(ChronoField.DAY_OF_YEAR, 1);
            case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
            case MONTH -> day.with(ChronoField.DAY_OF_MONTH, 1);
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            default -> day;
        };
    }

    Temporal end(Temporal date) {
        Temporal next = plus(start(date), 1);
        return next instanceof LocalDate day ? day.minusDays(1) : next.minus(1, ChronoUnit.MILLIS);
    }

    private static Temporal truncated(Temporal date, ChronoUnit unit) {
        if (date instanceof ZonedDateTime zoned) {
            return zoned.truncatedTo(unit);
        }
        if (date instanceof OffsetDateTime offset) {
            return offset.truncatedTo(unit);
        }
        return date instanceof LocalDateTime local ? local.truncatedTo(unit) : date;
    }
}
