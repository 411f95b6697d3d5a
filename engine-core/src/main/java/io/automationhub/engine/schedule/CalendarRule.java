package io.automationhub.engine.schedule;

import io.automationhub.engine.value.JsonObject;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A calendar as a schedule names it. */
public sealed interface CalendarRule {

    /** Saturday and Sunday. */
    CalendarRule WEEKENDS = new Weekdays(Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));

    /**
     * The calendar.
     *
     * @param named the host's own calendars by their names
     * @throws IllegalArgumentException if there is none such; the message says why
     */
    BusinessCalendar calendar(Map<String, BusinessCalendar> named);

    /** As it stands in a file. */
    JsonObject toJson();

    /**
     * The public holidays of a country, or those of an exchange.
     *
     * @param country its code in ISO 3166, such as {@code DE}, or an exchange or payment system: {@code NYSE, XLON, TARGET}
     * @param region the code of a part of it, and of parts of that, such as {@code BY}; empty for what all have
     */
    record Holidays(String country, List<String> region) implements CalendarRule {

        public Holidays {
            region = List.copyOf(region);
        }

        @Override
        public BusinessCalendar calendar(Map<String, BusinessCalendar> named) {
            return PublicHolidays.of(country, region);
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonObject.of("holidays", country);
            return region.isEmpty() ? json : json.with("region", region);
        }
    }

    /** Days of the week. */
    record Weekdays(Set<DayOfWeek> days) implements CalendarRule {

        public Weekdays {
            days = Set.copyOf(days);
        }

        @Override
        public BusinessCalendar calendar(Map<String, BusinessCalendar> named) {
            return new WeekdayCalendar(days);
        }

        @Override
        public JsonObject toJson() {
            return JsonObject.of(
                    "weekdays",
                    new TreeSet<>(days)
                            .stream().map(day -> day.name().substring(0, 3)).toList());
        }
    }

    /**
     * Dates.
     *
     * @param dates of one year
     * @param yearly of each year
     * @param name what they are; stands in reasons
     */
    record Dates(Set<LocalDate> dates, Set<MonthDay> yearly, String name) implements CalendarRule {

        public Dates {
            dates = Set.copyOf(dates);
            yearly = Set.copyOf(yearly);
        }

        @Override
        public BusinessCalendar calendar(Map<String, BusinessCalendar> named) {
            return new DateCalendar(
                    name,
                    dates.stream().collect(Collectors.toMap(date -> date, date -> name)),
                    yearly.stream().collect(Collectors.toMap(date -> date, date -> name)));
        }

        @Override
        public JsonObject toJson() {
            Set<String> all = new TreeSet<>();
            dates.forEach(date -> all.add(date.toString()));
            yearly.forEach(day -> all.add(day.toString().substring(2)));
            return JsonObject.of("dates", List.copyOf(all)).with("name", name);
        }
    }

    /**
     * The days of the events in an iCalendar file (RFC 5545).
     *
     * @param text what is in the file
     */
    record ICalendar(String text) implements CalendarRule {

        @Override
        public BusinessCalendar calendar(Map<String, BusinessCalendar> named) {
            return ICalendarCalendar.parse(text);
        }

        @Override
        public JsonObject toJson() {
            return JsonObject.of("ical", text);
        }
    }

    /** One that the host has made known. */
    record Named(String name) implements CalendarRule {

        @Override
        public BusinessCalendar calendar(Map<String, BusinessCalendar> named) {
            BusinessCalendar known = named.get(name);
            if (known == null) {
                throw new IllegalArgumentException("there is no calendar '" + name + "'"
                        + (named.isEmpty() ? "" : "; there are " + String.join(", ", new TreeSet<>(named.keySet())))
                        + "; make it known by WorkflowEngine.builder().calendar(…), or write {\"holidays\": \"DE\"},"
                        + " {\"weekdays\": [\"SAT\", \"SUN\"]} or {\"dates\": [\"12-24\"]}");
            }
            return known;
        }

        @Override
        public JsonObject toJson() {
            return JsonObject.of("calendar", name);
        }
    }
}
