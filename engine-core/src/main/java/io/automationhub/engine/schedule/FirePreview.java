package io.automationhub.engine.schedule;

import io.automationhub.engine.schedule.PlannedFiring.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says of the next firings of a rule what becomes of each, and why. For use by one thread. */
final class FirePreview {

    /** Beyond so many days without a firing what is skipped is not listed. */
    private static final int MOST_DAYS = 800;

    private final FireTimes times;
    private final ScheduleRule rule;
    private final ZoneId zone;
    private final List<PlannedFiring> found = new ArrayList<>();
    private @Nullable LocalDate noted;

    FirePreview(FireTimes times) {
        this.times = times;
        rule = times.rule();
        zone = times.zone();
    }

    List<PlannedFiring> of(Instant after, int firings) {
        Instant from =
                rule.from() != null && rule.from().isAfter(after) ? rule.from().minusNanos(1) : after;
        for (int i = 0; i < firings; i++) {
            Instant at = times.planned(from);
            Instant end = at == null ? lastLook(from) : at;
            closedDays(from, end);
            if (rule.timing() instanceof Timing.Cron cron) {
                changes(cron.expression(), from, end);
            }
            if (at == null) {
                break;
            }
            found.add(moved(firing(at), at));
            from = at;
        }
        return found;
    }

    private Instant lastLook(Instant from) {
        Instant far = from.plus(Duration.ofDays(MOST_DAYS));
        return rule.until() != null && rule.until().isBefore(far) ? rule.until() : far;
    }

    private LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, zone);
    }

    // ---------------------------------------------------------------- what fires

    /** Where the slot of a spread, or a price, lets it fire. */
    private PlannedFiring moved(PlannedFiring firing, Instant planned) {
        Instant at = times.moved(planned);
        if (at.equals(planned)) {
            return firing;
        }
        List<String> why = new ArrayList<>();
        if (!firing.reason().isEmpty()) {
            why.add(firing.reason());
        }
        Spread spread = rule.spread();
        if (spread != null) {
            why.add("its slot of the " + spread.slots() + " in "
                    + spread.window().toString().substring(2).toLowerCase(Locale.ROOT));
        }
        Cheapest cheapest = rule.cheapest();
        if (cheapest != null) {
            why.add("the cheapest time within "
                    + cheapest.within().toString().substring(2).toLowerCase(Locale.ROOT) + ", at "
                    + cheapest.price(at, zone));
        }
        return new PlannedFiring(firing.planned(), at, Outcome.SHIFTED, 1, String.join("; ", why));
    }

    private PlannedFiring firing(Instant at) {
        LocalDateTime time = local(at);
        if (rule.timing() instanceof Timing.Cron cron) {
            return firing(cron.expression(), at, time);
        }
        if (rule.timing() instanceof Timing.At list && !list.instants().contains(at)) {
            return new PlannedFiring(time, at, Outcome.SHIFTED, 1, "moved here from a closed day");
        }
        return new PlannedFiring(time, at, Outcome.FIRES, 1, "");
    }

    private PlannedFiring firing(CronExpression cron, Instant at, LocalDateTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        ZoneOffsetTransition before = zone.getRules().previousTransition(at.plusNanos(1));
        if (before != null && before.isGap() && before.getInstant().equals(at) && !cron.matches(time)) {
            LocalDateTime planned =
                    cron.next(before.getDateTimeBefore().minusNanos(1)).orElse(time);
            return new PlannedFiring(
                    planned,
                    at,
                    Outcome.SHIFTED,
                    1,
                    "the clock goes from "
                            + before.getDateTimeBefore().toLocalTime() + " to "
                            + before.getDateTimeAfter().toLocalTime()
                            + " on that day, so it fires at the end of the gap");
        }
        if (!cron.isOn(time.toLocalDate())) {
            LocalDate planned = movedFrom(cron, time.toLocalDate());
            return new PlannedFiring(
                    planned.atTime(time.toLocalTime()),
                    at,
                    Outcome.SHIFTED,
                    1,
                    why(planned) + ", so it fires on the "
                            + (rule.closedDays() == ClosedDays.NEXT ? "next" : "previous") + " open day");
        }
        boolean second = change != null && change.isOverlap() && !at.isBefore(change.getInstant());
        return new PlannedFiring(time, at, Outcome.FIRES, 1, second ? "the second of two times of the same name" : "");
    }

    private LocalDate movedFrom(CronExpression cron, LocalDate day) {
        int step = rule.closedDays() == ClosedDays.NEXT ? -1 : 1;
        LocalDate from = day.plusDays(step);
        while (!cron.isOn(from)) {
            from = from.plusDays(step);
        }
        return from;
    }

    private String why(LocalDate day) {
        return day + " is closed: " + times.businessDays().closed(day).orElse("");
    }

    // ---------------------------------------------------------------- what does not

    /** One entry for each closed day on which it would have fired, unless the entry of the firing says that it was moved there. */
    private void closedDays(Instant from, Instant to) {
        if (times.businessDays().areAll()) {
            return;
        }
        LocalDate day = local(from).toLocalDate();
        LocalDate end = local(to).toLocalDate();
        for (int i = 0; i < MOST_DAYS && !day.isAfter(end); i++, day = day.plusDays(1)) {
            if (noted == null || day.isAfter(noted)) {
                noted = day;
                closedDay(day);
            }
        }
    }

    private void closedDay(LocalDate day) {
        String why = times.businessDays().closed(day).orElse(null);
        List<LocalDateTime> planned = why == null ? List.of() : plannedOn(day);
        LocalDate moved = times.businessDays().moved(day);
        if (!planned.isEmpty() && !isTold(day, moved)) {
            String instead = moved == null ? "" : ", and that of " + moved + " takes its place";
            found.add(new PlannedFiring(
                    planned.get(0), null, Outcome.SKIPPED, planned.size(), day + " is closed: " + why + instead));
        }
    }

    /** Whether the entry of the firing says that it was moved from this day. */
    private boolean isTold(LocalDate day, @Nullable LocalDate moved) {
        if (moved == null || !(rule.timing() instanceof Timing.Cron cron)) {
            return moved != null;
        }
        return !cron.expression().isOn(moved)
                && movedFrom(cron.expression(), moved).equals(day);
    }

    /** The times of a day, whatever is closed. */
    private List<LocalDateTime> plannedOn(LocalDate day) {
        LocalDateTime begin = day.atStartOfDay().minusNanos(1);
        if (rule.timing() instanceof Timing.Cron cron) {
            return cron.expression().isOn(day)
                    ? Collections.nCopies(
                            cron.expression().timesPerDay(),
                            cron.expression().next(begin).orElseThrow())
                    : List.of();
        }
        if (rule.timing() instanceof Timing.Interval interval) {
            Instant first = times.step(interval.every(), begin.atZone(zone).toInstant());
            Instant end = day.plusDays(1).atStartOfDay(zone).toInstant();
            long count = first.isBefore(end)
                    ? Duration.between(first, end).minusNanos(1).dividedBy(interval.every()) + 1
                    : 0;
            return Collections.nCopies((int) count, local(first));
        }
        return rule.timing() instanceof Timing.At at
                ? at.instants().stream()
                        .map(this::local)
                        .filter(time -> time.toLocalDate().equals(day))
                        .toList()
                : List.of();
    }

    /** What changes of the zone's offset leave out. */
    private void changes(CronExpression cron, Instant from, Instant to) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(from);
        while (change != null && !change.getInstant().isAfter(to)) {
            if (change.isGap() && rule.daylightSaving().gap() == DaylightSaving.Gap.SKIP) {
                between(cron, change.getDateTimeBefore(), change.getDateTimeAfter(), "it does not exist on that day");
            }
            if (change.isOverlap() && rule.daylightSaving().overlap() != DaylightSaving.Overlap.BOTH) {
                boolean first = rule.daylightSaving().overlap() == DaylightSaving.Overlap.FIRST;
                between(
                        cron,
                        change.getDateTimeAfter(),
                        change.getDateTimeBefore(),
                        "it exists twice on that day, and the " + (first ? "first" : "second") + " time counts");
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
    }

    private void between(CronExpression cron, LocalDateTime begin, LocalDateTime end, String why) {
        LocalDateTime first = null;
        int count = 0;
        LocalDateTime time = cron.next(begin.minusNanos(1)).orElse(null);
        while (time != null && time.isBefore(end)) {
            first = first == null ? time : first;
            count += times.businessDays().closed(time.toLocalDate()).isEmpty() ? 1 : 0;
            time = cron.next(time).orElse(null);
        }
        if (first != null && count > 0) {
            found.add(new PlannedFiring(first, null, Outcome.SKIPPED, count, why));
        }
    }
}
