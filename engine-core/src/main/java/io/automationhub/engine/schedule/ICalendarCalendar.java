package io.automationhub.engine.schedule;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.property.Status;
import biweekly.util.ICalDate;
import biweekly.util.com.google.ical.compat.javautil.DateIterator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;

/** Closes the days of the events in an iCalendar file (RFC 5545), those that recur included, as biweekly reads them. */
final class ICalendarCalendar implements BusinessCalendar {

    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

    /** More events on the way to a year are a mistake, or an attack. */
    private static final int MOST = 100_000;

    private final List<VEvent> events;
    private final Map<Integer, Map<LocalDate, String>> years = new ConcurrentHashMap<>();

    private ICalendarCalendar(List<VEvent> events) {
        this.events = events;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is none, or has no event, or biweekly is not there
     */
    static ICalendarCalendar parse(String text) {
        try {
            ICalendar file = Biweekly.parse(text).first();
            List<VEvent> events = file == null
                    ? List.of()
                    : file.getEvents().stream()
                            .filter(event -> event.getDateStart() != null && !isCancelled(event))
                            .toList();
            if (events.isEmpty()) {
                throw new IllegalArgumentException(
                        "the iCalendar text has no event; it begins with BEGIN:VCALENDAR and has"
                                + " a VEVENT with a DTSTART for each day");
            }
            return new ICalendarCalendar(events);
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "iCalendar files need the library net.sf.biweekly:biweekly on the class path", e);
        }
    }

    private static boolean isCancelled(VEvent event) {
        Status status = event.getStatus();
        return status != null && status.isCancelled();
    }

    @Override
    public Optional<String> closed(LocalDate date) {
        return Optional.ofNullable(
                years.computeIfAbsent(date.getYear(), this::days).get(date));
    }

    private Map<LocalDate, String> days(int year) {
        Map<LocalDate, String> days = new HashMap<>();
        for (VEvent event : events) {
            String why =
                    event.getSummary() == null ? "closed" : event.getSummary().getValue();
            long length = length(event);
            LocalDate first = LocalDate.of(year, 1, 1).minusDays(length);
            DateIterator dates = event.getDateIterator(zone(event));
            dates.advanceTo(Date.from(first.atStartOfDay(ZoneOffset.UTC).toInstant()));
            for (int i = 0; i < MOST && dates.hasNext(); i++) {
                LocalDate begin = date(event, dates.next().toInstant());
                if (begin.getYear() > year) {
                    break;
                }
                for (int day = 0; day < length; day++) {
                    LocalDate closed = begin.plusDays(day);
                    if (closed.getYear() == year) {
                        days.putIfAbsent(closed, why);
                    }
                }
            }
        }
        return Map.copyOf(days);
    }

    /** Days that have no time are the machine's own days in biweekly; times are taken as UTC. */
    private static TimeZone zone(VEvent event) {
        return event.getDateStart().getValue().hasTime() ? UTC : TimeZone.getDefault();
    }

    private static LocalDate date(VEvent event, Instant instant) {
        return LocalDate.ofInstant(instant, zone(event).toZoneId());
    }

    /** In days, at least one: an event that ends at midnight does not reach the next day. */
    private static long length(VEvent event) {
        LocalDate begin = date(event, event.getDateStart().getValue().toInstant());
        if (event.getDateEnd() != null) {
            ICalDate end = event.getDateEnd().getValue();
            LocalDate last = date(event, end.toInstant().minusMillis(1));
            return Math.max(
                    1,
                    Duration.between(begin.atStartOfDay(), last.atStartOfDay()).toDays() + 1);
        }
        return event.getDuration() == null
                ? 1
                : Math.max(
                        1,
                        event.getDuration().getValue().toMillis()
                                / Duration.ofDays(1).toMillis());
    }

    @Override
    public String description() {
        return "days of an iCalendar file";
    }
}
