package io.automationhub.ai.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * A period of the calendar, after which a budget begins anew.
 *
 * @param zone whose midnight counts
 */
public record BudgetPeriod(Unit unit, ZoneId zone) {

    /** How long a period is. A week begins on Monday. */
    public enum Unit {
        HOUR,
        DAY,
        WEEK,
        MONTH,
        YEAR;

        /** In lower case, as in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When the period that has this moment began. */
    public Instant begin(Instant at) {
        ZonedDateTime time = at.atZone(zone);
        if (unit == Unit.HOUR) {
            return time.truncatedTo(ChronoUnit.HOURS).toInstant();
        }
        return first(time.toLocalDate()).atStartOfDay(zone).toInstant();
    }

    /** When the next one begins. */
    public Instant end(Instant at) {
        if (unit == Unit.HOUR) {
            return begin(at).plus(1, ChronoUnit.HOURS);
        }
        LocalDate first = first(at.atZone(zone).toLocalDate());
        LocalDate next = switch (unit) {
            case WEEK -> first.plusWeeks(1);
            case MONTH -> first.plusMonths(1);
            case YEAR -> first.plusYears(1);
            case DAY, HOUR -> first.plusDays(1);
        };
        return next.atStartOfDay(zone).toInstant();
    }

    private LocalDate first(LocalDate day) {
        return switch (unit) {
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case YEAR -> day.withDayOfYear(1);
            case DAY, HOUR -> day;
        };
    }
}
