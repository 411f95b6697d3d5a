package io.automationhub.engine.schedule;

import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Map;
import java.util.Optional;

/**
 * Closes dates.
 *
 * @param dates in one year, and why
 * @param yearly in each year, and why
 */
record DateCalendar(String description, Map<LocalDate, String> dates, Map<MonthDay, String> yearly)
        implements BusinessCalendar {

    DateCalendar {
        dates = Map.copyOf(dates);
        yearly = Map.copyOf(yearly);
    }

    @Override
    public Optional<String> closed(LocalDate date) {
        String why = dates.get(date);
        return Optional.ofNullable(why != null ? why : yearly.isEmpty() ? null : yearly.get(MonthDay.from(date)));
    }
}
