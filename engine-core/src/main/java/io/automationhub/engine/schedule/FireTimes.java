package io.automationhub.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The instants at which a rule fires: what its timing says, less what its window, its calendars and daylight saving time take away.
 * Computing one takes microseconds, and ends for any rule. Safe for use by several threads.
 */
public final class FireTimes {

    private final ScheduleRule rule;
    private final Duration slot;
    private final BusinessDays businessDays;
    private final Instant anchor;
    private final @Nullable CronTimes cron;
    private final TreeSet<Instant> list = new TreeSet<>();

    private FireTimes(ScheduleRule rule, BusinessDays businessDays, Instant anchor, String name) {
        this.rule = rule;
        slot = rule.spread() == null ? Duration.ZERO : rule.spread().shift(name);
        this.businessDays = businessDays;
        this.anchor = rule.from() == null ? anchor : rule.from();
        cron = rule.timing() instanceof Timing.Cron each
                ? new CronTimes(each.expression(), rule.zone(), rule.daylightSaving(), businessDays)
                : null;
        if (rule.timing() instanceof Timing.At at) {
            at.instants().forEach(this::list);
        }
    }

    /**
     * The fire times of a rule.
     *
     * @param anchor from when an interval counts, if the rule has no beginning
     * @param calendars the host's own by their names
     * @param name of the schedule, on which its slot of a spread depends
     * @throws IllegalArgumentException if a calendar is not known
     */
    public static FireTimes of(
            ScheduleRule rule, Instant anchor, Map<String, BusinessCalendar> calendars, String name) {
        List<BusinessCalendar> closing =
                rule.calendars().stream().map(each -> each.calendar(calendars)).toList();
        return new FireTimes(rule, new BusinessDays(closing, rule.closedDays()), anchor, name);
    }

    /** What a schedule is called among those of all tenants. */
    public static String name(String tenant, String id) {
        return tenant + "\n" + id;
    }

    private void list(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, rule.zone());
        LocalDate day = businessDays.moved(time.toLocalDate());
        if (day != null) {
            list.add(
                    day.equals(time.toLocalDate())
                            ? instant
                            : day.atTime(time.toLocalTime()).atZone(rule.zone()).toInstant());
        }
    }

    ScheduleRule rule() {
        return rule;
    }

    BusinessDays businessDays() {
        return businessDays;
    }

    // ---------------------------------------------------------------- instants

    /** The first firing after an instant; null if there is none. */
    public @Nullable Instant next(Instant after) {
        if (rule.spread() == null && rule.cheapest() == null) {
            return planned(after);
        }
        // Moved firings stay in their order, and some come together.
        Duration most =
                rule.cheapest() == null ? slot : slot.plus(rule.cheapest().within());
        for (Instant each = planned(after.minus(most)); each != null; each = planned(each)) {
            Instant at = moved(each);
            if (at.isAfter(after)) {
                return at;
            }
        }
        return null;
    }

    /** Whether a firing may take place then, as far as the beginning and the end of the rule go. */
    public boolean isInWindow(Instant at) {
        return (rule.from() == null || !at.isBefore(rule.from()))
                && (rule.until() == null || at.isBefore(rule.until()));
    }

    /** When a firing takes place that is planned for an instant. */
    Instant moved(Instant planned) {
        Instant at = planned.plus(slot);
        return rule.cheapest() == null ? at : rule.cheapest().best(at, rule.zone());
    }

    /** The first firing that is planned after an instant, before it is moved; null if there is none. */
    @Nullable
    Instant planned(Instant after) {
        Instant from = rule.from();
        Instant begin = from != null && after.isBefore(from) ? from.minusNanos(1) : after;
        Instant found = unbounded(begin);
        return found == null || rule.until() != null && !found.isBefore(rule.until()) ? null : found;
    }

    private @Nullable Instant unbounded(Instant after) {
        if (cron != null) {
            return cron.next(after);
        }
        if (rule.timing() instanceof Timing.After) {
            return null;
        }
        return rule.timing() instanceof Timing.Interval interval ? next(interval.every(), after) : list.higher(after);
    }

    /** On closed days an interval goes on without firing. */
    private @Nullable Instant next(Duration every, Instant after) {
        Instant found = step(every, after);
        LocalDate day = LocalDate.ofInstant(found, rule.zone());
        for (int i = 0; i <= BusinessDays.MOST_CLOSED; i++) {
            if (businessDays.closed(day).isEmpty()) {
                return found;
            }
            LocalDate open = businessDays.open(day, 1);
            if (open == null) {
                return null;
            }
            found = step(every, open.atStartOfDay(rule.zone()).toInstant().minusNanos(1));
            day = LocalDate.ofInstant(found, rule.zone());
        }
        return null;
    }

    /** When an interval fires that counts from the end of a run; null if it does not any more. */
    public @Nullable Instant nextAfterEnd(Instant end) {
        if (!(rule.timing() instanceof Timing.Interval interval)) {
            return next(end);
        }
        Instant at = end.plus(interval.every());
        LocalDate day = LocalDate.ofInstant(at, rule.zone());
        if (businessDays.closed(day).isPresent()) {
            LocalDate open = businessDays.open(day, 1);
            if (open == null) {
                return null;
            }
            at = open.atStartOfDay(rule.zone()).toInstant();
        }
        return rule.until() != null && !at.isBefore(rule.until()) ? null : at;
    }

    /** The first firing of an interval after an instant, whatever is closed. */
    Instant step(Duration every, Instant after) {
        if (after.isBefore(anchor)) {
            return anchor;
        }
        return anchor.plus(every.multipliedBy(Duration.between(anchor, after).dividedBy(every) + 1));
    }

    /**
     * The last firings in a stretch of time, the oldest first.
     *
     * @param after where it begins; that instant is not in it
     * @param until where it ends; that instant is in it
     * @param most how many there may be
     */
    public List<Instant> last(Instant after, Instant until, int most) {
        // From the end on, in stretches that double: what fires each second is not counted through from the beginning.
        Duration stretch = Duration.ofSeconds(Math.max(1, most));
        while (true) {
            Instant begin = until.minus(stretch);
            boolean whole = !begin.isAfter(after);
            List<Instant> found = between(whole ? after : begin, until);
            if (whole || found.size() >= most) {
                return found.subList(Math.max(0, found.size() - most), found.size());
            }
            stretch = stretch.multipliedBy(2);
        }
    }

    private List<Instant> between(Instant after, Instant until) {
        List<Instant> found = new ArrayList<>();
        for (Instant at = next(after); at != null && !at.isAfter(until); at = next(at)) {
            found.add(at);
        }
        return found;
    }

    // ---------------------------------------------------------------- previews

    /**
     * The next firings, and between them what is skipped or shifted, with the reason.
     *
     * @param firings how many firings; there may be fewer, and there may be more entries
     */
    public List<PlannedFiring> preview(Instant after, int firings) {
        return new FirePreview(this).of(after, firings);
    }

    /** The zone of times on the clock. */
    ZoneId zone() {
        return rule.zone();
    }
}
