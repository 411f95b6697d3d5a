package io.automationhub.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When something fires, and what becomes of firings that cannot be as planned. Immutable.
 *
 * @param zone of times on the clock and of closed days
 * @param gap what becomes of times that do not exist; null for {@link DaylightSaving#usual what is usual}
 * @param overlap what becomes of times that exist twice; null for what is usual
 * @param from no firing before; null for no bound. An interval counts from it
 * @param until no firing then or later; null for no bound
 * @param calendars whose days are closed; one is enough to close one
 * @param closedDays what becomes of a firing on a closed day
 * @param spread moves all firings into the schedule's slot; null for none
 * @param cheapest moves each firing to when it is cheapest; null for none
 * @param capacity holds firings back while there is much to do; null for none
 * @param jitter each firing is late by the same part of it, which depends on the schedule's name
 */
public record ScheduleRule(
        Timing timing,
        ZoneId zone,
        DaylightSaving.@Nullable Gap gap,
        DaylightSaving.@Nullable Overlap overlap,
        @Nullable Instant from,
        @Nullable Instant until,
        List<CalendarRule> calendars,
        ClosedDays closedDays,
        Misfire misfire,
        RunOverlap whileRunning,
        @Nullable Spread spread,
        @Nullable Cheapest cheapest,
        @Nullable Capacity capacity,
        Duration jitter) {

    static final ZoneId UTC = ZoneId.of("UTC");

    public ScheduleRule {
        calendars = List.copyOf(calendars);
    }

    /** A rule to be made. */
    public static Builder builder(Timing timing) {
        return new Builder(timing);
    }

    /**
     * At the times of a cron expression.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Builder cron(CronDialect dialect, String expression) {
        return new Builder(new Timing.Cron(CronExpression.parse(dialect, expression)));
    }

    /** Again and again, from fire time to fire time. */
    public static Builder every(Duration interval) {
        return new Builder(new Timing.Interval(interval, false));
    }

    /** Again and again, from the end of each run. */
    public static Builder everyAfterEnd(Duration interval) {
        return new Builder(new Timing.Interval(interval, true));
    }

    /** At these instants. */
    public static Builder at(Instant... instants) {
        return new Builder(new Timing.At(List.of(instants)));
    }

    /** When runs of other workflows end. */
    public static Builder after(Upstream upstream) {
        return new Builder(new Timing.After(upstream));
    }

    /** What holds for changes of the zone's offset. */
    DaylightSaving daylightSaving() {
        DaylightSaving usual = timing instanceof Timing.Cron cron
                ? DaylightSaving.usual(cron.expression())
                : DaylightSaving.BY_THE_CLOCK;
        return new DaylightSaving(gap == null ? usual.gap() : gap, overlap == null ? usual.overlap() : overlap);
    }

    /**
     * The rule in words: {@code At 09:00, Monday to Friday, Europe/Berlin, not on public holidays of DE}.
     *
     * @param named the host's own calendars by their names
     * @throws IllegalArgumentException if a calendar is not known
     */
    public String description(Map<String, BusinessCalendar> named) {
        return ScheduleWords.of(this, named);
    }

    ScheduleRule withoutCalendars() {
        return new ScheduleRule(
                timing,
                zone,
                gap,
                overlap,
                from,
                until,
                List.of(),
                closedDays,
                misfire,
                whileRunning,
                spread,
                cheapest,
                capacity,
                jitter);
    }

    /** Collects what a rule says. For use by one thread. */
    public static final class Builder {

        private final Timing timing;
        private final List<CalendarRule> calendars = new ArrayList<>();
        private ZoneId zone = UTC;
        private DaylightSaving.@Nullable Gap gap;
        private DaylightSaving.@Nullable Overlap overlap;
        private @Nullable Instant from;
        private @Nullable Instant until;
        private ClosedDays closedDays = ClosedDays.SKIP;
        private Misfire misfire = Misfire.ONCE;
        private RunOverlap whileRunning = RunOverlap.ALLOW;
        private @Nullable Spread spread;
        private @Nullable Cheapest cheapest;
        private @Nullable Capacity capacity;
        private Duration jitter = Duration.ZERO;

        private Builder(Timing timing) {
            this.timing = timing;
        }

        /** UTC unless set. */
        public Builder zone(ZoneId id) {
            zone = id;
            return this;
        }

        /** UTC unless set. */
        public Builder zone(String id) {
            return zone(ZoneId.of(id));
        }

        /** What becomes of times that do not exist, or exist twice. */
        public Builder daylightSaving(DaylightSaving saving) {
            gap = saving.gap();
            overlap = saving.overlap();
            return this;
        }

        /** What becomes of times that do not exist. */
        public Builder gap(DaylightSaving.@Nullable Gap policy) {
            gap = policy;
            return this;
        }

        /** What becomes of times that exist twice. */
        public Builder overlap(DaylightSaving.@Nullable Overlap policy) {
            overlap = policy;
            return this;
        }

        /** No firing before. */
        public Builder from(@Nullable Instant first) {
            from = first;
            return this;
        }

        /** No firing then or later. */
        public Builder until(@Nullable Instant end) {
            until = end;
            return this;
        }

        /** Closes the days of a calendar, beside those that are closed already. */
        public Builder closedOn(CalendarRule calendar) {
            calendars.add(calendar);
            return this;
        }

        /** What becomes of a firing on a closed day; it is skipped unless set. */
        public Builder closedDays(ClosedDays policy) {
            closedDays = policy;
            return this;
        }

        /** What becomes of firings that no process was there for; one run for all of them unless set. */
        public Builder misfire(Misfire policy) {
            misfire = policy;
            return this;
        }

        /** What becomes of a firing while the run before has not ended; both run unless set. */
        public Builder whileRunning(RunOverlap policy) {
            whileRunning = policy;
            return this;
        }

        /** Moves all firings into the schedule's own slot of a window. */
        public Builder spread(@Nullable Spread slots) {
            spread = slots;
            return this;
        }

        /** Moves each firing to when it is cheapest. */
        public Builder cheapest(@Nullable Cheapest curve) {
            cheapest = curve;
            return this;
        }

        /** Holds firings back while there is much to do. */
        public Builder capacity(@Nullable Capacity least) {
            capacity = least;
            return this;
        }

        /** Firings of different schedules are apart by up to so much. */
        public Builder jitter(Duration most) {
            jitter = most;
            return this;
        }

        public ScheduleRule build() {
            return new ScheduleRule(
                    timing,
                    zone,
                    gap,
                    overlap,
                    from,
                    until,
                    calendars,
                    closedDays,
                    misfire,
                    whileRunning,
                    spread,
                    cheapest,
                    capacity,
                    jitter);
        }
    }
}
