package io.automationhub.engine.schedule;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which days a schedule keeps to, and what becomes of a firing on another one.
 *
 * @param calendars that close days; one is enough to close one
 */
record BusinessDays(List<BusinessCalendar> calendars, ClosedDays policy) {

    /** So many closed days in a row are taken for a calendar that leaves none. */
    static final int MOST_CLOSED = 366;

    static final BusinessDays ALL = new BusinessDays(List.of(), ClosedDays.SKIP);

    BusinessDays {
        calendars = List.copyOf(calendars);
    }

    boolean areAll() {
        return calendars.isEmpty();
    }

    /** Why a day is closed; empty if it is open. */
    Optional<String> closed(LocalDate date) {
        for (BusinessCalendar calendar : calendars) {
            Optional<String> why = calendar.closed(date);
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    private boolean isClosed(LocalDate date) {
        return closed(date).isPresent();
    }

    /** The day on which a firing of a day takes place; null if on none. */
    @Nullable
    LocalDate moved(LocalDate date) {
        if (!isClosed(date)) {
            return date;
        }
        return policy == ClosedDays.SKIP ? null : open(date, policy == ClosedDays.NEXT ? 1 : -1);
    }

    /** The first open day from a closed one on; null if there is none within a year. */
    @Nullable
    LocalDate open(LocalDate closed, int step) {
        LocalDate day = closed;
        for (int i = 0; i < MOST_CLOSED; i++) {
            day = day.plusDays(step);
            if (!isClosed(day)) {
                return day;
            }
        }
        return null;
    }

    /** The days of a month on which firings take place: those named that are open, and those to which others are moved. */
    int days(YearMonth month, DayFilter named) {
        if (areAll()) {
            return named.days(month);
        }
        return policy == ClosedDays.SKIP
                ? without(month, named.days(month))
                : DayRule.daysOf(month, day -> takesPlace(month.atDay(day), named));
    }

    private int without(YearMonth month, int named) {
        int open = named;
        for (int rest = named; rest != 0; rest &= rest - 1) {
            int day = Integer.numberOfTrailingZeros(rest);
            open &= isClosed(month.atDay(day)) ? ~(1 << day) : -1;
        }
        return open;
    }

    private boolean takesPlace(LocalDate date, DayFilter named) {
        if (isClosed(date)) {
            return false;
        }
        // Those that are moved here stand before or behind, as far as it is closed.
        int step = policy == ClosedDays.NEXT ? -1 : 1;
        LocalDate day = date;
        for (int i = 0; i <= MOST_CLOSED; i++) {
            if (isNamed(day, named)) {
                return true;
            }
            day = day.plusDays(step);
            if (!isClosed(day)) {
                return false;
            }
        }
        return false;
    }

    private static boolean isNamed(LocalDate date, DayFilter named) {
        return (named.days(YearMonth.from(date)) & 1 << date.getDayOfMonth()) != 0;
    }
}
