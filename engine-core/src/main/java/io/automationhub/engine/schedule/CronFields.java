package io.automationhub.engine.schedule;

import java.time.YearMonth;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cron expression says, field by field, as bits: bit n for the value n.
 *
 * @param years null for every year
 * @param daysOfMonth one of them is enough
 * @param daysOfWeek one of them is enough
 * @param anyDay whether a day of the month or a day of the week is enough; else it takes both
 */
record CronFields(
        long seconds,
        long minutes,
        int hours,
        int months,
        @Nullable BitSet years,
        List<DayRule> daysOfMonth,
        List<DayRule> daysOfWeek,
        boolean anyDay) {

    static final int ALL_HOURS = (1 << 24) - 1;
    static final long ALL_SIXTY = (1L << 60) - 1;
    static final int ALL_MONTHS = (1 << 13) - 2;
    static final int ALL_WEEKDAYS = (1 << 8) - 2;

    /** The days of a month, whatever the month, as bits. */
    int days(YearMonth month) {
        int ofMonth = union(daysOfMonth, month);
        int ofWeek = union(daysOfWeek, month);
        return anyDay ? ofMonth | ofWeek : ofMonth & ofWeek;
    }

    private static int union(List<DayRule> rules, YearMonth month) {
        int days = 0;
        for (DayRule rule : rules) {
            days |= rule.days(month);
        }
        return days;
    }

    boolean hasMonth(YearMonth month) {
        return (months & 1 << month.getMonthValue()) != 0 && (years == null || years.get(month.getYear()));
    }
}
