package io.automationhub.engine.schedule;

import io.automationhub.engine.value.JsonObject;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calendars in the configuration of a schedule. */
final class CalendarConfig {

    private CalendarConfig() {}

    static CalendarRule read(@Nullable Object value) {
        if (value instanceof String text) {
            if (text.equals("weekends")) {
                return CalendarRule.WEEKENDS;
            }
            List<String> parts = List.of(text.split("-", -1));
            return new CalendarRule.Holidays(parts.get(0), parts.subList(1, parts.size()));
        }
        JsonObject json = ConfigValues.object(value);
        if (json.containsKey("holidays")) {
            return new CalendarRule.Holidays(
                    ConfigValues.text(json.get("holidays")), ConfigValues.texts(json.get("region")));
        }
        if (json.containsKey("weekdays")) {
            Set<DayOfWeek> days = new HashSet<>();
            ConfigValues.texts(json.get("weekdays")).forEach(day -> days.add(weekday(day)));
            return new CalendarRule.Weekdays(days);
        }
        if (json.containsKey("dates")) {
            return dates(json);
        }
        if (json.containsKey("ical")) {
            return new CalendarRule.ICalendar(ConfigValues.text(json.get("ical")));
        }
        if (json.containsKey("calendar")) {
            return new CalendarRule.Named(ConfigValues.text(json.get("calendar")));
        }
        throw new IllegalArgumentException(
                "a calendar is 'weekends', a country such as 'DE' or 'DE-BY', or an object with"
                        + " one of 'holidays', 'weekdays', 'dates', 'ical' or 'calendar', found " + json.keySet());
    }

    private static CalendarRule dates(JsonObject json) {
        Set<LocalDate> dates = new HashSet<>();
        Set<MonthDay> yearly = new HashSet<>();
        for (String text : ConfigValues.texts(json.get("dates"))) {
            try {
                if (text.length() == "12-24".length()) {
                    yearly.add(MonthDay.parse("--" + text));
                } else {
                    dates.add(LocalDate.parse(text));
                }
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no date; write '2026-12-24', or '12-24' for each year", e);
            }
        }
        if (dates.isEmpty() && yearly.isEmpty()) {
            throw new IllegalArgumentException("'dates' has none; write such as [\"2026-12-24\", \"12-31\"]");
        }
        return new CalendarRule.Dates(
                dates, yearly, json.get("name") == null ? "closed days" : ConfigValues.text(json.get("name")));
    }

    private static DayOfWeek weekday(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (day.name().equals(upper) || upper.length() == 3 && day.name().startsWith(upper)) {
                return day;
            }
        }
        throw new IllegalArgumentException(
                "'" + name + "' is no day of the week; write MON, TUE, WED, THU, FRI, SAT, SUN");
    }
}
