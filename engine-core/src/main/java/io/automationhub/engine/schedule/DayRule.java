package io.automationhub.engine.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.function.IntPredicate;

/** Which days of a month a part of a cron expression names. Days are bits: bit 1 is the first day of the month. */
sealed interface DayRule {

    /** The days of this month, as bits. */
    int days(YearMonth month);

    /** The days from 1 on for which a test holds, as bits. */
    static int daysOf(YearMonth month, IntPredicate test) {
        int bits = 0;
        for (int day = 1; day <= month.lengthOfMonth(); day++) {
            bits |= test.test(day) ? 1 << day : 0;
        }
        return bits;
    }

    /** One day, if the month has it. */
    static int bit(YearMonth month, int day) {
        return day >= 1 && day <= month.lengthOfMonth() ? 1 << day : 0;
    }

    private static boolean isWeekend(YearMonth month, int day) {
        return month.atDay(day).getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
    }

    /** {@code 1,15}: days by their numbers. */
    record Numbers(int bits) implements DayRule {
        @Override
        public int days(YearMonth month) {
            return bits & (1 << month.lengthOfMonth() << 1) - 1;
        }
    }

    /** {@code L} and {@code L-3}: so many days before the last one. */
    record Last(int before) implements DayRule {
        @Override
        public int days(YearMonth month) {
            return bit(month, month.lengthOfMonth() - before);
        }
    }

    /** {@code LW}: the last day from Monday to Friday. */
    record LastWeekday() implements DayRule {
        @Override
        public int days(YearMonth month) {
            int day = month.lengthOfMonth();
            while (isWeekend(month, day)) {
                day--;
            }
            return 1 << day;
        }
    }

    /** {@code 15W}: the day from Monday to Friday that is nearest, in the same month; none if the month has no such day. */
    record NearestWeekday(int day) implements DayRule {
        @Override
        public int days(YearMonth month) {
            if (day > month.lengthOfMonth()) {
                return 0;
            }
            return switch (month.atDay(day).getDayOfWeek()) {
                case SATURDAY -> 1 << (day == 1 ? 3 : day - 1);
                case SUNDAY -> 1 << (day == month.lengthOfMonth() ? day - 2 : day + 1);
                default -> 1 << day;
            };
        }
    }

    /** {@code MON-FRI}: days of the week; bit 1 is Monday. */
    record Weekdays(int bits) implements DayRule {
        @Override
        public int days(YearMonth month) {
            int first = month.atDay(1).getDayOfWeek().getValue() - 1;
            return DayRule.daysOf(month, day -> (bits & 1 << (first + day - 1) % 7 + 1) != 0);
        }
    }

    /** {@code FRIL}: the last one of the month. */
    record LastOf(DayOfWeek weekday) implements DayRule {
        @Override
        public int days(YearMonth month) {
            LocalDate last = month.atEndOfMonth();
            return 1 << last.getDayOfMonth() - Math.floorMod(last.getDayOfWeek().getValue() - weekday.getValue(), 7);
        }
    }

    /** {@code FRI#3}: the third one of the month; none if it has fewer. */
    record NthOf(DayOfWeek weekday, int number) implements DayRule {
        @Override
        public int days(YearMonth month) {
            int first = 1
                    + Math.floorMod(
                            weekday.getValue() - month.atDay(1).getDayOfWeek().getValue(), 7);
            return bit(month, first + 7 * (number - 1));
        }
    }
}
