package io.automationhub.engine.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The instants of a cron expression in a time zone. Between two changes of the zone's offset, times on the clock and instants go
 * together; so each stretch between two changes is looked at by itself, and the policies say what its two ends have.
 */
final class CronTimes {

    private final CronExpression cron;
    private final ZoneRules rules;
    private final DaylightSaving saving;
    private final DayFilter filter;

    CronTimes(CronExpression cron, ZoneId zone, DaylightSaving saving, BusinessDays businessDays) {
        this.cron = cron;
        this.saving = saving;
        rules = zone.getRules();
        filter = month -> businessDays.days(month, cron::days);
    }

    /** The first instant after this one; null if there is none. */
    @Nullable
    Instant next(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime from = local(after, offset);
        ZoneOffsetTransition begin = rules.previousTransition(after.plusNanos(1));
        while (true) {
            ZoneOffsetTransition end = rules.nextTransition(begin == null ? after : later(begin.getInstant(), after));
            LocalDateTime found = cron.next(least(from, begin), filter);
            if (found != null && (end == null || found.isBefore(most(end)))) {
                return found.toInstant(offset);
            }
            if (end == null || found == null && !end.isOverlap()) {
                return null;
            }
            if (firesAtEndOfGap(end)) {
                return end.getInstant();
            }
            offset = end.getOffsetAfter();
            from = end.getDateTimeAfter().minusNanos(1);
            begin = end;
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static LocalDateTime local(Instant instant, ZoneOffset offset) {
        return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), offset);
    }

    /** What was heard the first time is not to be heard again. */
    private LocalDateTime least(LocalDateTime from, @Nullable ZoneOffsetTransition begin) {
        if (begin == null || !begin.isOverlap() || saving.overlap() != DaylightSaving.Overlap.FIRST) {
            return from;
        }
        LocalDateTime heard = begin.getDateTimeBefore().minusNanos(1);
        return from.isBefore(heard) ? heard : from;
    }

    /** Where a stretch ends: what will be heard again is left to the second time, if that is the one that counts. */
    private LocalDateTime most(ZoneOffsetTransition end) {
        return end.isOverlap() && saving.overlap() == DaylightSaving.Overlap.SECOND
                ? end.getDateTimeAfter()
                : end.getDateTimeBefore();
    }

    /** Whether a time within a gap is made up for at its end. */
    private boolean firesAtEndOfGap(ZoneOffsetTransition change) {
        if (!change.isGap() || saving.gap() != DaylightSaving.Gap.SHIFT) {
            return false;
        }
        LocalDateTime inGap = cron.next(change.getDateTimeBefore().minusNanos(1), filter);
        return inGap != null && inGap.isBefore(change.getDateTimeAfter());
    }
}
