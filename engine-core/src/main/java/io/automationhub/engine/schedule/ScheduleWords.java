package io.automationhub.engine.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Says rules in words: {@code At 09:00, Monday to Friday, Europe/Berlin, not on public holidays of DE}. */
final class ScheduleWords {

    /** More times of day than that are said by their fields. */
    private static final int MOST_TIMES = 6;

    private static final List<String> ORDINALS = List.of("", "first", "second", "third", "fourth", "fifth");

    private ScheduleWords() {}

    /** @param calendars the host's own by their names */
    static String of(ScheduleRule rule, Map<String, BusinessCalendar> calendars) {
        List<String> parts = new ArrayList<>();
        if (rule.timing() instanceof Timing.Cron cron) {
            parts.add(capital(times(cron.expression().fields())));
            parts.addAll(days(cron.expression().fields()));
            parts.add(rule.zone().getId());
        } else if (rule.timing() instanceof Timing.Interval interval) {
            parts.add("Every " + words(interval.every())
                    + (interval.fromEnd() ? ", counted from the end of the run before" : ""));
        } else if (rule.timing() instanceof Timing.At at) {
            LocalDateTime first = LocalDateTime.ofInstant(at.instants().get(0), rule.zone());
            int more = at.instants().size() - 1;
            parts.add((more == 0 ? "Once, at " : "At ") + first.toLocalDate() + " " + clock(first)
                    + (more == 0 ? "" : " and " + more + (more == 1 ? " other time" : " other times")));
            parts.add(rule.zone().getId());
        }
        if (rule.timing() instanceof Timing.After after) {
            parts.add(upstream(after.upstream()));
        }
        if (rule.spread() != null) {
            parts.add("spread over " + amount(rule.spread().window()));
        }
        if (rule.cheapest() != null) {
            parts.add("when it is cheapest within " + amount(rule.cheapest().within()));
        }
        if (rule.capacity() != null) {
            parts.add("when there is capacity, but within "
                    + words(rule.capacity().latest()));
        }
        if (rule.from() != null) {
            parts.add("from " + rule.from());
        }
        if (rule.until() != null) {
            parts.add("until " + rule.until());
        }
        for (CalendarRule calendar : rule.calendars()) {
            parts.add("not on " + calendar.calendar(calendars).description());
        }
        if (!rule.calendars().isEmpty() && rule.closedDays() != ClosedDays.SKIP) {
            parts.add("but on the " + rule.closedDays().text() + " open day");
        }
        return String.join(", ", parts);
    }

    private static String upstream(Upstream upstream) {
        String ends = upstream.onlySuccess() ? "succeeds" : "ends";
        String which = upstream.workflows().size() == 1
                ? "When " + upstream.workflows().get(0) + " " + ends
                : "When " + (upstream.all() ? "each" : "any") + " of " + list(upstream.workflows()) + " " + ends;
        return upstream.within() == null ? which : which + " within " + amount(upstream.within());
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String clock(LocalDateTime time) {
        LocalDateTime whole = time.truncatedTo(ChronoUnit.SECONDS);
        return whole.toLocalTime().toString();
    }

    private static String words(Duration every) {
        long seconds = every.toSeconds();
        if (seconds % 86_400 == 0) {
            return count(seconds / 86_400, "day");
        }
        return seconds % 3600 == 0
                ? count(seconds / 3600, "hour")
                : seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
    }

    private static String amount(Duration time) {
        String words = words(time);
        return Character.isDigit(words.charAt(0)) ? words : "1 " + words;
    }

    private static String count(long number, String unit) {
        return number == 1 ? unit : number + " " + unit + "s";
    }

    // ---------------------------------------------------------------- times of day

    private static String times(CronFields fields) {
        List<Integer> hours = values(fields.hours(), 24);
        List<Integer> minutes = values(fields.minutes(), 60);
        List<Integer> seconds = values(fields.seconds(), 60);
        boolean allHours = hours.size() == 24;
        if (seconds.size() > 1) {
            return every(seconds, 60, "second") + within("minute", minutes, 60) + hours(hours);
        }
        String second = seconds.get(0) == 0 ? "" : " and " + count(seconds.get(0), "second");
        if (minutes.size() == 60 && second.isEmpty()) {
            return "every minute" + hours(hours);
        }
        if (hours.size() * minutes.size() <= MOST_TIMES) {
            List<String> all = new ArrayList<>();
            hours.forEach(hour ->
                    minutes.forEach(minute -> all.add(String.format(Locale.ROOT, "%02d:%02d", hour, minute)
                            + (seconds.get(0) == 0 ? "" : String.format(Locale.ROOT, ":%02d", seconds.get(0))))));
            return "at " + list(all);
        }
        if (step(minutes, 60) > 0 && second.isEmpty()) {
            return every(minutes, 60, "minute") + hours(hours);
        }
        return (allHours ? "every hour" : "in the hours " + ranges(hours, String::valueOf)) + " at minute "
                + ranges(minutes, String::valueOf) + second;
    }

    private static String within(String unit, List<Integer> values, int all) {
        if (values.size() == all) {
            return "";
        }
        return step(values, all) > 0
                ? ", " + every(values, all, unit)
                : ", at " + unit + " " + ranges(values, String::valueOf);
    }

    private static String hours(List<Integer> hours) {
        if (hours.size() == 24) {
            return "";
        }
        int first = hours.get(0);
        int last = hours.get(hours.size() - 1);
        return last - first == hours.size() - 1
                ? String.format(Locale.ROOT, ", from %02d:00 to %02d:59", first, last)
                : step(hours, 24) > 1
                        ? ", in " + every(hours, 24, "hour")
                        : ", in the hours " + ranges(hours, String::valueOf);
    }

    private static String every(List<Integer> values, int all, String unit) {
        int step = step(values, all);
        return step > 0
                ? "every " + count(step, unit) + (values.get(0) == 0 ? "" : " from " + unit + " " + values.get(0))
                : "at " + unit + " " + ranges(values, String::valueOf);
    }

    /** The distance of values that are equally far apart up to the end; 0 if they are not. */
    private static int step(List<Integer> values, int all) {
        if (values.size() < 2) {
            return 0;
        }
        int step = values.get(1) - values.get(0);
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i) - values.get(i - 1) != step) {
                return 0;
            }
        }
        return values.get(0) < step && values.get(values.size() - 1) + step >= all ? step : 0;
    }

    // ---------------------------------------------------------------- days

    private static List<String> days(CronFields fields) {
        List<String> parts = new ArrayList<>();
        String ofMonth =
                fields.daysOfMonth().stream().anyMatch(ScheduleWords::isAny) ? "" : rules(fields.daysOfMonth());
        String ofWeek = fields.daysOfWeek().stream().anyMatch(ScheduleWords::isAny) ? "" : rules(fields.daysOfWeek());
        if (!ofMonth.isEmpty() && !ofWeek.isEmpty()) {
            parts.add(ofMonth + (fields.anyDay() ? " or " : ", if it is ") + ofWeek);
        } else if (!ofMonth.isEmpty() || !ofWeek.isEmpty()) {
            parts.add(ofMonth + ofWeek);
        }
        if (fields.months() != CronFields.ALL_MONTHS) {
            parts.add("in "
                    + ranges(
                            values(fields.months(), 13),
                            month -> Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH)));
        }
        if (fields.years() != null) {
            parts.add("in " + ranges(fields.years().stream().boxed().toList(), String::valueOf));
        }
        return parts;
    }

    private static boolean isAny(DayRule rule) {
        return rule instanceof DayRule.Numbers numbers && Integer.bitCount(numbers.bits()) == 31
                || rule instanceof DayRule.Weekdays weekdays && weekdays.bits() == CronFields.ALL_WEEKDAYS;
    }

    private static String rules(List<DayRule> rules) {
        return list(rules.stream().map(ScheduleWords::rule).toList());
    }

    private static String rule(DayRule rule) {
        if (rule instanceof DayRule.Numbers numbers) {
            return "on day " + ranges(values(numbers.bits(), 32), String::valueOf) + " of the month";
        } else if (rule instanceof DayRule.Weekdays weekdays) {
            return ranges(values(weekdays.bits(), 8), day -> name(DayOfWeek.of(day)));
        } else if (rule instanceof DayRule.Last last) {
            return last.before() == 0
                    ? "on the last day of the month"
                    : count(last.before(), "day") + " before the last day of the month";
        } else if (rule instanceof DayRule.NearestWeekday nearest) {
            return "on the weekday nearest to day " + nearest.day() + " of the month";
        } else if (rule instanceof DayRule.LastOf last) {
            return "on the last " + name(last.weekday()) + " of the month";
        } else if (rule instanceof DayRule.NthOf nth) {
            return "on the " + ORDINALS.get(nth.number()) + " " + name(nth.weekday()) + " of the month";
        }
        return "on the last weekday of the month";
    }

    private static String name(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    // ---------------------------------------------------------------- lists

    private static List<Integer> values(long bits, int end) {
        List<Integer> values = new ArrayList<>();
        for (int value = 0; value < end; value++) {
            if ((bits & 1L << value) != 0) {
                values.add(value);
            }
        }
        return values;
    }

    /** Three and more in a row are said by their ends. */
    private static String ranges(List<Integer> values, IntFunction<String> name) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int end = i;
            while (end + 1 < values.size() && values.get(end + 1) == values.get(end) + 1) {
                end++;
            }
            if (end - i >= 2) {
                parts.add(name.apply(values.get(i)) + " to " + name.apply(values.get(end)));
                i = end;
            } else {
                parts.add(name.apply(values.get(i)));
            }
        }
        return list(parts);
    }

    private static String list(List<String> parts) {
        return parts.size() < 2
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.get(parts.size() - 1);
    }
}
