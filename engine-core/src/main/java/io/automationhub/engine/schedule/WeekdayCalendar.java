package io.automationhub.engine.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Closes days of the week. */
record WeekdayCalendar(Set<DayOfWeek> weekdays) implements BusinessCalendar {

    WeekdayCalendar {
        weekdays = Set.copyOf(weekdays);
        if (weekdays.isEmpty() || weekdays.size() == 7) {
            throw new IllegalArgumentException("a calendar closes 1 to 6 days of the week, found "
                    + (weekdays.isEmpty() ? "none" : "all, which leaves no day")
                    + "; write such as [\"SAT\", \"SUN\"]");
        }
    }

    @Override
    public Optional<String> closed(LocalDate date) {
        return weekdays.contains(date.getDayOfWeek()) ? Optional.of(name(date.getDayOfWeek())) : Optional.empty();
    }

    @Override
    public String description() {
        return EnumSet.copyOf(weekdays).stream().map(day -> name(day) + "s").collect(Collectors.joining(" and "));
    }

    private static String name(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
