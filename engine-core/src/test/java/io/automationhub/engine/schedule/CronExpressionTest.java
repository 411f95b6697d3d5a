package io.automationhub.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cron expressions, beside the dialects' own implementations. */
class CronExpressionTest {

    private static final long SEED = Long.getLong("seed", 20261127L);
    private static final LocalDateTime BEGIN = LocalDateTime.of(2024, 1, 1, 0, 0);
    private static final LocalDateTime END = LocalDateTime.of(2035, 1, 1, 0, 0);

    // ---------------------------------------------------------------- single rules

    @ParameterizedTest(name = "{0} {1} after {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
        UNIX   | 0 9 * * MON-FRI     | 2026-11-27T09:00 | 2026-11-30T09:00
        UNIX   | */15 * * * *        | 2026-11-27T09:01 | 2026-11-27T09:15
        UNIX   | 0 9 * * 7           | 2026-11-27T09:00 | 2026-11-29T09:00
        UNIX   | 0 9 * * 0           | 2026-11-27T09:00 | 2026-11-29T09:00
        UNIX   | 0 9 1 * MON         | 2026-11-27T09:00 | 2026-11-30T09:00
        UNIX   | 0 9 1 * MON         | 2026-11-30T09:00 | 2026-12-01T09:00
        UNIX   | 0 9 */2 * MON       | 2026-11-27T09:00 | 2026-12-07T09:00
        UNIX   | 0 0 29 2 *          | 2026-01-01T00:00 | 2028-02-29T00:00
        UNIX   | 5/20 * * * *        | 2026-11-27T09:01 | 2026-11-27T09:05
        UNIX   | @daily              | 2026-11-27T09:01 | 2026-11-28T00:00
        UNIX   | @weekly             | 2026-11-27T09:01 | 2026-11-29T00:00
        UNIX   | 0 9 * jan,Mar *     | 2026-11-27T09:01 | 2027-01-01T09:00
        UNIX   | 0 9 * * sun-TUE     | 2026-11-25T09:00 | 2026-11-29T09:00
        QUARTZ | 0 0 0 1 1 ? 2099    | 2026-11-25T09:00 | 2099-01-01T00:00
        QUARTZ | 0 0 9 ? * 2         | 2026-11-27T09:00 | 2026-11-30T09:00
        QUARTZ | 0 0 9 L * ?         | 2026-11-27T09:00 | 2026-11-30T09:00
        QUARTZ | 0 0 9 L-3 * ?       | 2026-11-27T09:00 | 2026-12-28T09:00
        QUARTZ | 0 0 9 LW * ?        | 2027-01-01T09:00 | 2027-01-29T09:00
        QUARTZ | 0 0 9 15W * ?       | 2026-11-10T09:00 | 2026-11-16T09:00
        QUARTZ | 0 0 9 1W 8 ?        | 2026-01-10T09:00 | 2026-08-03T09:00
        QUARTZ | 0 0 9 ? * FRIL      | 2026-11-27T09:00 | 2026-12-25T09:00
        QUARTZ | 0 0 9 ? * 6#3       | 2026-11-27T09:00 | 2026-12-18T09:00
        QUARTZ | 0 0 9 ? * L         | 2026-11-27T09:00 | 2026-11-28T09:00
        QUARTZ | 0 0 22-2 ? * *      | 2026-11-27T02:00 | 2026-11-27T22:00
        QUARTZ | 0 0 9 ? * FRI-MON   | 2026-11-30T09:00 | 2026-12-04T09:00
        QUARTZ | 0 0 0 1 1 ? 2030/2  | 2026-11-30T09:00 | 2030-01-01T00:00
        QUARTZ | 0 0 0 29 2 ?        | 2096-03-01T00:00 | 2104-02-29T00:00
        QUARTZ | @hourly             | 2026-11-30T09:00 | 2026-11-30T10:00
        SPRING | 10 0 9 13 * FRI     | 2026-11-27T09:00 | 2027-08-13T09:00:10
        SPRING | 0 0 9 * * SUN-TUE   | 2026-11-24T09:00 | 2026-11-29T09:00
        SPRING | 0 0 9 * * 5L        | 2026-11-27T09:00 | 2026-12-25T09:00
        SPRING | 0 0 9 * * MON#1     | 2026-11-27T09:00 | 2026-12-07T09:00
        """)
    void aDialectSaysWhen(CronDialect dialect, String text, String after, String next) {
        assertThat(CronExpression.parse(dialect, text).next(LocalDateTime.parse(after)))
                .hasValue(LocalDateTime.parse(next));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        UNIX   | 0 0 9 * * ?        | it has 6 fields where 5 are due
        QUARTZ | 0 0 0 29 2 ? 2099  | never fires
        UNIX   | 0 9 * *            | it has 4 fields where 5 are due
        UNIX   | 0 9 30 2 *         | never fires
        UNIX   | 0 9 31 4,6,9,11 *  | never fires
        UNIX   | 60 9 * * *         | not in range
        UNIX   | 0 24 * * *         | not in range
        UNIX   | 0 9 * * 8          | not in range
        UNIX   | 0 9 * * FRI-MON    | range
        UNIX   | */0 * * * *        | period
        UNIX   | 0 9 L * *          | L
        UNIX   | @reboot            | the start of a process is none
        UNIX   | @fortnightly       | there is no such macro
        UNIX   | 0 9 * * Monday     | MONDAY
        QUARTZ | 0 9 * * MON-FRI    | it has 5 fields where 6 or 7 are due
        QUARTZ | 0 0 9 1 * MON      | one of the days is
        QUARTZ | 0 0 9 ? * ?        | one of the days is
        QUARTZ | 0 0 9 ? * 0        | not in range
        QUARTZ | 0 0 9 ? * FRI#6    | 1 to 5 times
        QUARTZ | 0 0 9 30 2 ?       | never fires
        SPRING | 0 9 * * MON-FRI    | it has 5 fields where 6 are due
        SPRING | 0 0 9 * * FRI-MON  | runs backwards
        SPRING | 0 0 9 * * L        | needs a day before it
        SPRING | 0 0 9 * * * 2026   | it has 7 fields where 6 are due
        SPRING | a b c d e f        | A
        """)
    void whatIsNoneIsRefusedWithTheReasonAndAnExample(CronDialect dialect, String text, String reason) {
        assertThatThrownBy(() -> CronExpression.parse(dialect, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no cron expression of the dialect '" + dialect.text() + "'")
                .hasMessageContaining(reason)
                .hasMessageEndingWith("write one such as '" + dialect.example() + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "* * * * * * * * *",
                "💥 * * * *",
                "1-2-3 * * * *",
                ", * * * *",
                "1, * * * *",
                "1/ * * * *",
                "99999999999 * * * *",
                "-1 * * * *",
                "#1 * * * *",
                "* * * * 1#",
                "?/2 * * * *",
                "L-99 * * * *",
                "* * W * *"
            })
    void rubbishIsRefusedInEveryDialect(String text) {
        for (CronDialect dialect : CronDialect.values()) {
            assertThatThrownBy(() -> CronExpression.parse(dialect, text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no cron expression");
            assertThatThrownBy(() -> CronExpression.parse(dialect, "0 " + text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no cron expression");
        }
        assertThatThrownBy(() -> CronExpression.parse(CronDialect.UNIX, "1,".repeat(100_000)))
                .hasMessageContaining("it has 200000 characters");
    }

    // ---------------------------------------------------------------- second opinions

    @Test
    void quartzAgrees() {
        compare(CronDialect.QUARTZ, 400, text -> {
            try {
                org.quartz.CronExpression other = new org.quartz.CronExpression(text);
                other.setTimeZone(TimeZone.getTimeZone("UTC"));
                return after -> {
                    Date next = other.getNextValidTimeAfter(Date.from(after.toInstant(ZoneOffset.UTC)));
                    return next == null ? null : LocalDateTime.ofInstant(next.toInstant(), ZoneOffset.UTC);
                };
            } catch (ParseException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    @Test
    void springAgrees() {
        compare(CronDialect.SPRING, 400, text -> {
            var other = org.springframework.scheduling.support.CronExpression.parse(text);
            return other::next;
        });
    }

    @Test
    void aMatcherThatKnowsNothingOfItAgrees() {
        compare(CronDialect.UNIX, 150, text -> {
            NaiveCron other = new NaiveCron(text);
            return after -> other.next(after, END);
        });
    }

    private interface SecondOpinion {
        java.util.function.Function<LocalDateTime, @Nullable LocalDateTime> of(String text);
    }

    /** Walks from a random instant through the fire times of random expressions, with somebody else. */
    private static void compare(CronDialect dialect, int expressions, SecondOpinion opinion) {
        Random random = new Random(SEED);
        int compared = 0;
        for (int i = 0; i < expressions; i++) {
            String text = random(dialect, random);
            CronExpression cron;
            try {
                cron = CronExpression.parse(dialect, text);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed " + SEED).hasMessageContaining("never fires");
                continue;
            }
            var other = opinion.of(text);
            LocalDateTime at = BEGIN.plusSeconds((long) (random.nextDouble() * 10 * 365 * 86_400));
            for (int step = 0; step < 40 && at.isBefore(END); step++) {
                LocalDateTime next = cron.next(at).orElse(null);
                LocalDateTime expected = other.apply(at);
                if (next == null || !next.isBefore(END)) {
                    assertThat(expected == null || !expected.isBefore(END))
                            .as("seed %d: '%s' after %s is %s, not %s", SEED, text, at, expected, next)
                            .isTrue();
                    break;
                }
                assertThat(next).as("seed %d: '%s' after %s", SEED, text, at).isEqualTo(expected);
                assertThat(cron.matches(next)).isTrue();
                assertThat(cron.matches(next.minusSeconds(1))
                                && !next.minusSeconds(1).equals(at))
                        .isFalse();
                at = next;
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(expressions * 10);
    }

    // ---------------------------------------------------------------- random expressions

    private static String random(CronDialect dialect, Random random) {
        List<String> fields = new ArrayList<>();
        if (dialect != CronDialect.UNIX) {
            fields.add(field(random, 0, 59, String::valueOf, false));
        }
        fields.add(field(random, 0, 59, String::valueOf, false));
        fields.add(field(random, 0, 23, String::valueOf, dialect == CronDialect.QUARTZ));
        String[] days = days(dialect, random);
        fields.add(days[0]);
        fields.add(
                random.nextInt(3) == 0
                        ? field(
                                random,
                                1,
                                12,
                                month -> List.of(
                                                "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT",
                                                "NOV", "DEC")
                                        .get(month - 1),
                                false)
                        : field(random, 1, 12, String::valueOf, false));
        fields.add(days[1]);
        return String.join(" ", fields);
    }

    private static String[] days(CronDialect dialect, Random random) {
        int first = dialect == CronDialect.QUARTZ ? 1 : 0;
        UnaryOperator<String> none = text -> dialect == CronDialect.QUARTZ ? "?" : text;
        String ofMonth = pick(
                random,
                field(random, 1, 31, String::valueOf, false),
                special(dialect, random, "L", "L-" + random.nextInt(1, 5), "LW", random.nextInt(1, 28) + "W"));
        String ofWeek = pick(
                random,
                field(random, first, first + 6, String::valueOf, dialect == CronDialect.QUARTZ),
                special(
                        dialect,
                        random,
                        (first + random.nextInt(7)) + "L",
                        (first + random.nextInt(7)) + "#" + random.nextInt(1, 6)));
        return switch (random.nextInt(dialect == CronDialect.QUARTZ ? 2 : 3)) {
            case 0 -> new String[] {ofMonth, none.apply("*")};
            case 1 -> new String[] {none.apply("*"), ofWeek};
            default ->
                new String[] {field(random, 1, 28, String::valueOf, false), field(random, 1, 6, String::valueOf, false)
                };
        };
    }

    private static String special(CronDialect dialect, Random random, String... texts) {
        return dialect == CronDialect.UNIX ? "*" : texts[random.nextInt(texts.length)];
    }

    private static String pick(Random random, String usual, String special) {
        return random.nextInt(3) > 0 ? usual : special;
    }

    private static String field(Random random, int least, int most, IntFunction<String> name, boolean round) {
        int a = random.nextInt(least, most + 1);
        int b = random.nextInt(least, most + 1);
        int from = round ? a : Math.min(a, b);
        int to = round ? b : Math.max(a, b);
        int step = random.nextInt(1, Math.max(2, (most - least) / 3));
        return switch (random.nextInt(7)) {
            case 0, 1 -> "*";
            case 2 -> name.apply(a);
            case 3 -> name.apply(from) + "-" + name.apply(to);
            case 4 -> "*/" + step;
            case 5 -> name.apply(a) + "," + name.apply(b) + "," + name.apply(random.nextInt(least, most + 1));
            // Quartz does not see the step behind a range of names.
            default -> Math.min(a, b) + "-" + Math.max(a, b) + "/" + step;
        };
    }

    @Test
    void aLeapDayOnAMondayIsFoundAtOnce_howeverFarItIs() {
        CronExpression cron = CronExpression.parse(CronDialect.SPRING, "0 0 0 29 2 MON");
        assertThat(cron.next(LocalDateTime.of(2072, 3, 1, 0, 0))).hasValue(LocalDateTime.of(2112, 2, 29, 0, 0));
    }
}
