package io.automationhub.engine.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Times that repeat, in the notation of cron: {@code 0 9 * * MON-FRI}. It speaks of the times of a calendar and a clock on the wall;
 * what becomes of one that a change to daylight saving time leaves out or repeats is decided by {@link DaylightSaving}. Immutable.
 */
public final class CronExpression {

    /** A leap day on a given day of the week may be 40 years off, where a century is between. */
    private static final int MOST_YEARS = 60;

    private final CronDialect dialect;
    private final String text;
    private final CronFields fields;

    private CronExpression(CronDialect dialect, String text, CronFields fields) {
        this.dialect = dialect;
        this.text = text;
        this.fields = fields;
    }

    /**
     * Reads an expression, or a macro: {@code @yearly}, {@code @monthly}, {@code @weekly}, {@code @daily}, {@code @hourly}.
     *
     * @throws IllegalArgumentException if it is none of the dialect, or never fires; the message says why, and gives one that is
     *     right
     */
    public static CronExpression parse(CronDialect dialect, String text) {
        String stripped = text.strip();
        if (stripped.length() > 500) {
            throw refused(dialect, stripped.substring(0, 40) + "…", "it has " + stripped.length() + " characters");
        }
        String plain = stripped.startsWith("@") ? macro(dialect, stripped) : stripped;
        CronExpression read;
        try {
            checkFields(dialect, plain);
            read = new CronExpression(dialect, stripped, CronParsing.parse(dialect, plain));
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException | NullPointerException e) {
            throw refused(dialect, stripped, reason(e));
        }
        if (read.next(LocalDateTime.of(1970, 1, 1, 0, 0).minusSeconds(1)).isEmpty()) {
            throw refused(dialect, stripped, "it never fires, for there is no such day in the months it names");
        }
        return read;
    }

    private static String macro(CronDialect dialect, String text) {
        return dialect.macro(text)
                .orElseThrow(() -> refused(
                        dialect,
                        text,
                        text.equalsIgnoreCase("@reboot")
                                ? "a schedule has times, and the start of a process is none"
                                : "there is no such macro; there are @yearly, @monthly, @weekly, @daily and @hourly"));
    }

    private static void checkFields(CronDialect dialect, String text) {
        List<String> fields = text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
        int found = fields.size();
        int least = dialect.leastFields();
        int most = dialect.mostFields();
        if (found < least || found > most) {
            throw new IllegalArgumentException("it has " + found + (found == 1 ? " field" : " fields") + " where "
                    + (least == most ? most : least + " or " + most) + " are due: "
                    + dialect.fields() + others(dialect, found));
        }
        if (dialect == CronDialect.QUARTZ
                && fields.get(3).equals("?") == fields.get(5).equals("?")) {
            throw new IllegalArgumentException(
                    "one of the days is '?', either that of the month or that of the week, found '" + fields.get(3)
                            + "' and '" + fields.get(5) + "'");
        }
    }

    private static String others(CronDialect dialect, int found) {
        return dialect == CronDialect.UNIX && (found == 6 || found == 7)
                ? "; leave the seconds out, or name the dialect 'quartz' or 'spring', which have them"
                : dialect != CronDialect.UNIX && found == 5
                        ? "; put the seconds before it, or name the dialect 'unix', which has none"
                        : "";
    }

    /** The parser says its reasons in several sentences, the first of which says nothing. */
    private static String reason(RuntimeException cause) {
        String message = String.valueOf(cause.getMessage());
        String reason =
                message.replaceFirst("^Failed to parse cron expression\\. ", "").strip();
        return reason.isEmpty() || reason.equals("null")
                ? "it cannot be read"
                : reason.substring(0, 1).toLowerCase(Locale.ROOT)
                        + reason.substring(1).replaceFirst("\\.$", "");
    }

    private static IllegalArgumentException refused(CronDialect dialect, String text, String why) {
        return new IllegalArgumentException("'" + text + "' is no cron expression of the dialect '" + dialect.text()
                + "': " + why + "; write one such as '" + dialect.example() + "'");
    }

    /** In which dialect it is written. */
    public CronDialect dialect() {
        return dialect;
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    CronFields fields() {
        return fields;
    }

    /** Whether it fires in each hour of a day, so that it counts the time that passes more than the time of day. */
    boolean isEveryHour() {
        return fields.hours() == CronFields.ALL_HOURS;
    }

    // ---------------------------------------------------------------- times

    /** Whether it fires at this second. */
    public boolean matches(LocalDateTime time) {
        return (fields.seconds() & 1L << time.getSecond()) != 0
                && (fields.minutes() & 1L << time.getMinute()) != 0
                && (fields.hours() & 1 << time.getHour()) != 0
                && isOn(time.toLocalDate());
    }

    /** Whether it fires on this day. */
    boolean isOn(LocalDate date) {
        return (days(YearMonth.from(date)) & 1 << date.getDayOfMonth()) != 0;
    }

    /** How many times it fires on a day on which it does. */
    int timesPerDay() {
        return Long.bitCount(fields.seconds()) * Long.bitCount(fields.minutes()) * Integer.bitCount(fields.hours());
    }

    /** The days on which it fires in a month, as bits. */
    int days(YearMonth month) {
        return fields.hasMonth(month) ? fields.days(month) : 0;
    }

    /** The first time after this one; empty if there is none within 60 years, or in the years it names. */
    public Optional<LocalDateTime> next(LocalDateTime after) {
        return Optional.ofNullable(next(after, this::days));
    }

    /** The first time after this one on a day that the filter names; null if there is none within as many years. */
    @Nullable
    LocalDateTime next(LocalDateTime after, DayFilter filter) {
        LocalDateTime from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        YearMonth month = YearMonth.from(from);
        int days = filter.days(month);
        if ((days & 1 << from.getDayOfMonth()) != 0) {
            LocalTime time = nextTime(from.toLocalTime());
            if (time != null) {
                return from.toLocalDate().atTime(time);
            }
        }
        int later = days & -(2 << from.getDayOfMonth());
        int lastYear = fields.years() == null
                ? month.getYear() + MOST_YEARS
                : fields.years().length();
        while (later == 0) {
            month = month.plusMonths(1);
            if (month.getYear() > lastYear) {
                return null;
            }
            later = filter.days(month);
        }
        return month.atDay(Integer.numberOfTrailingZeros(later)).atTime(firstTime());
    }

    private LocalTime firstTime() {
        return Objects.requireNonNull(nextTime(LocalTime.MIDNIGHT));
    }

    /** The first time of day from this one on; null if it is on the next day. */
    private @Nullable LocalTime nextTime(LocalTime from) {
        int hour = from.getHour();
        int minute = from.getMinute();
        int second = from.getSecond();
        if ((fields.hours() & 1 << hour) != 0) {
            if ((fields.minutes() & 1L << minute) != 0) {
                int next = first(fields.seconds(), second);
                if (next >= 0) {
                    return LocalTime.of(hour, minute, next);
                }
            }
            int next = first(fields.minutes(), minute + 1);
            if (next >= 0) {
                return LocalTime.of(hour, next, first(fields.seconds(), 0));
            }
        }
        int next = first(fields.hours(), hour + 1);
        return next < 0 ? null : LocalTime.of(next, first(fields.minutes(), 0), first(fields.seconds(), 0));
    }

    /** The first bit from a place on; -1 if there is none. */
    private static int first(long bits, int from) {
        long rest = from > 63 ? 0 : bits & -1L << from;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CronExpression cron && cron.dialect == dialect && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(dialect, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
