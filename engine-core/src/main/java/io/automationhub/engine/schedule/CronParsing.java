package io.automationhub.engine.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronField;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.SpecialChar;
import com.cronutils.parser.CronParser;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads cron expressions by the parser of cron-utils, and makes bits of its trees. The parser lets some things pass that the
 * dialects' own implementations do not; these are refused here.
 */
final class CronParsing {

    private static final CronParser UNIX = parser(CronType.UNIX);
    private static final CronParser QUARTZ = parser(CronType.QUARTZ);
    private static final CronParser SPRING = parser(CronType.SPRING53);

    /** Quartz' own last year. */
    private static final int LAST_YEAR = 2099;

    private static final int FIRST_YEAR = 1970;

    private static final Pattern SUNDAY_FIRST = Pattern.compile("(?<before>[\\s,])SUN-", Pattern.CASE_INSENSITIVE);

    /** What a field may have, in the numbers of its dialect. */
    private record Range(String field, int least, int most) {}

    private final CronDialect dialect;
    private final Map<CronFieldName, CronField> parsed;

    private CronParsing(CronDialect dialect, Cron cron) {
        this.dialect = dialect;
        parsed = cron.retrieveFieldsAsMap();
    }

    private static CronParser parser(CronType type) {
        return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
    }

    /**
     * The fields of an expression without macros.
     *
     * @throws IllegalArgumentException if it is none of the dialect; the message is the reason, without what was read
     */
    static CronFields parse(CronDialect dialect, String text) {
        CronParser parser = switch (dialect) {
            case UNIX -> UNIX;
            case QUARTZ -> QUARTZ;
            case SPRING -> SPRING;
        };
        Cron cron = parser.parse(dialect == CronDialect.UNIX ? withSundayFirst(text) : text)
                .validate();
        return new CronParsing(dialect, cron).fields();
    }

    /** The parser takes {@code SUN} for 7, where a range that begins with it begins at 0. */
    private static String withSundayFirst(String text) {
        return SUNDAY_FIRST.matcher(text).replaceAll("${before}0-");
    }

    private CronFields fields() {
        FieldExpression ofMonth = expression(CronFieldName.DAY_OF_MONTH);
        FieldExpression ofWeek = expression(CronFieldName.DAY_OF_WEEK);
        return new CronFields(
                parsed.containsKey(CronFieldName.SECOND) ? bits(CronFieldName.SECOND, new Range("second", 0, 59)) : 1,
                bits(CronFieldName.MINUTE, new Range("minute", 0, 59)),
                (int) bits(CronFieldName.HOUR, new Range("hour", 0, 23)),
                (int) bits(CronFieldName.MONTH, new Range("month", 1, 12)),
                years(),
                rules(ofMonth, false),
                rules(ofWeek, true),
                dialect == CronDialect.UNIX && !isOpen(ofMonth) && !isOpen(ofWeek));
    }

    private FieldExpression expression(CronFieldName name) {
        return Objects.requireNonNull(parsed.get(name)).getExpression();
    }

    /** In crontab(5) a field that begins with a star restricts the other day and is not an alternative to it. */
    private static boolean isOpen(FieldExpression expression) {
        return expression instanceof Always
                || expression instanceof QuestionMark
                || expression instanceof Every every && every.getExpression() instanceof Always;
    }

    private @Nullable BitSet years() {
        CronField field = parsed.get(CronFieldName.YEAR);
        if (field == null || isOpen(field.getExpression()) && !(field.getExpression() instanceof Every)) {
            return null;
        }
        BitSet years = new BitSet();
        values(field.getExpression(), new Range("year", FIRST_YEAR, LAST_YEAR), years::set);
        return years;
    }

    private long bits(CronFieldName name, Range range) {
        long[] bits = {0};
        values(expression(name), range, value -> bits[0] |= 1L << value);
        return bits[0];
    }

    // ---------------------------------------------------------------- values

    /** All values that an expression without special characters names. */
    private void values(FieldExpression expression, Range range, IntConsumer values) {
        if (expression instanceof And all) {
            all.getExpressions().forEach(each -> values(each, range, values));
        } else if (expression instanceof Every every) {
            step(every, range, values);
        } else if (expression instanceof On on) {
            values.accept(on.getTime().getValue());
        } else if (expression instanceof Between between) {
            range(number(between.getFrom()), number(between.getTo()), 1, range, values);
        } else {
            range(range.least(), range.most(), 1, range, values);
        }
    }

    private void step(Every every, Range range, IntConsumer values) {
        int step = every.getPeriod().getValue();
        if (step < 1) {
            throw new IllegalArgumentException(
                    "a step is at least 1, found " + step + " in the field " + range.field());
        }
        if (every.getExpression() instanceof Between between) {
            range(number(between.getFrom()), number(between.getTo()), step, range, values);
        } else if (every.getExpression() instanceof On on) {
            if (on.getSpecialChar().getValue() != SpecialChar.NONE) {
                throw new IllegalArgumentException(
                        "a step has no place behind " + on.getSpecialChar() + " in the field " + range.field());
            }
            range(on.getTime().getValue(), range.most(), step, range, values);
        } else {
            range(range.least(), range.most(), step, range, values);
        }
    }

    private void range(int from, int to, int step, Range range, IntConsumer values) {
        boolean sundayFirst = range.most() == 7 && dialect != CronDialect.QUARTZ && from == 7 && to != 7;
        int begin = sundayFirst ? 0 : from;
        if (begin > to && dialect != CronDialect.QUARTZ) {
            throw new IllegalArgumentException("the range " + from + "-" + to + " of the field " + range.field()
                    + " runs backwards, which only the dialect 'quartz' takes; write two ranges");
        }
        int length = range.most() - range.least() + 1;
        int end = begin > to ? to + length : to;
        for (int value = begin; value <= end; value += step) {
            values.accept(value > range.most() ? value - length : value);
        }
    }

    private static int number(FieldValue<?> value) {
        if (value.getValue() instanceof Integer number) {
            return number;
        }
        throw new IllegalArgumentException("a range has a number or a name at each end, found " + value.getValue());
    }

    // ---------------------------------------------------------------- days

    private List<DayRule> rules(FieldExpression expression, boolean week) {
        List<FieldExpression> parts = expression instanceof And all ? all.getExpressions() : List.of(expression);
        List<DayRule> rules = new ArrayList<>();
        int[] bits = {0};
        for (FieldExpression part : parts) {
            DayRule rule = part instanceof On on ? week ? dayOfWeek(on) : dayOfMonth(on) : null;
            if (rule != null) {
                rules.add(rule);
            } else if (week) {
                values(part, weekdays(), value -> bits[0] |= 1 << weekday(value).getValue());
            } else {
                values(part, new Range("day of month", 1, 31), value -> bits[0] |= 1 << value);
            }
        }
        if (bits[0] != 0) {
            rules.add(0, week ? new DayRule.Weekdays(bits[0]) : new DayRule.Numbers(bits[0]));
        }
        return rules;
    }

    private @Nullable DayRule dayOfMonth(On on) {
        int nth = on.getNth().getValue();
        return switch (on.getSpecialChar().getValue()) {
            case L -> new DayRule.Last(Math.max(0, nth));
            case LW -> new DayRule.LastWeekday();
            case W -> new DayRule.NearestWeekday(on.getTime().getValue());
            default -> null;
        };
    }

    private @Nullable DayRule dayOfWeek(On on) {
        int day = on.getTime().getValue();
        return switch (on.getSpecialChar().getValue()) {
            case L -> day < 0 ? lastDayOfWeek() : new DayRule.LastOf(weekday(day));
            case HASH -> nth(day, on.getNth().getValue());
            default -> null;
        };
    }

    private DayRule lastDayOfWeek() {
        if (dialect == CronDialect.QUARTZ) {
            return new DayRule.Weekdays(1 << DayOfWeek.SATURDAY.getValue());
        }
        throw new IllegalArgumentException(
                "'L' as a day of the week needs a day before it, such as FRIL, the last Friday" + " of the month");
    }

    private DayRule nth(int day, int number) {
        if (number < 1 || number > 5) {
            throw new IllegalArgumentException("a month has each day of the week 1 to 5 times, found # with " + number);
        }
        return new DayRule.NthOf(weekday(day), number);
    }

    private Range weekdays() {
        return new Range("day of week", dialect == CronDialect.UNIX ? 0 : 1, 7);
    }

    private DayOfWeek weekday(int number) {
        return dialect == CronDialect.QUARTZ
                ? DayOfWeek.of((number + 5) % 7 + 1)
                : DayOfWeek.of(number == 0 ? 7 : number);
    }
}
