package io.automationhub.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.schedule.DaylightSaving.Gap;
import io.automationhub.engine.schedule.DaylightSaving.Overlap;
import io.automationhub.engine.workflow.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When rules fire: zones, changes of the clock, calendars, windows, intervals. */
class FireTimesTest {

    private static final long SEED = Long.getLong("seed", 20261127L);

    private static FireTimes times(ScheduleRule.Builder rule) {
        return FireTimes.of(rule.build(), Instant.EPOCH, Map.of(), "");
    }

    private static ScheduleRule.Builder unix(String expression, String zone) {
        return ScheduleRule.cron(CronDialect.UNIX, expression).zone(zone);
    }

    private static List<Instant> walk(FireTimes times, Instant after, Instant until) {
        List<Instant> found = new ArrayList<>();
        for (Instant at = times.next(after); at != null && !at.isAfter(until); at = times.next(at)) {
            found.add(at);
        }
        return found;
    }

    // ---------------------------------------------------------------- daylight saving time

    @ParameterizedTest(name = "{0}: {2} on {1}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
        Europe/Berlin       | 2027-03-28 | 30 2 * * *     | gap shift      | 2027-03-28T01:00:00Z
        Europe/Berlin       | 2027-03-28 | 30 2 * * *     | gap skip       |
        Europe/Berlin       | 2027-03-28 | 0,20,40 2 * * *| gap shift      | 2027-03-28T01:00:00Z
        Europe/Berlin       | 2027-10-31 | 30 2 * * *     | overlap first  | 2027-10-31T00:30:00Z
        Europe/Berlin       | 2027-10-31 | 30 2 * * *     | overlap second | 2027-10-31T01:30:00Z
        Europe/Berlin       | 2027-10-31 | 30 2 * * *     | overlap both   | 2027-10-31T00:30:00Z 2027-10-31T01:30:00Z
        Europe/Berlin       | 2027-10-31 | 0,30 2 * * *   | overlap both   | 2027-10-31T00:00:00Z 2027-10-31T00:30:00Z 2027-10-31T01:00:00Z 2027-10-31T01:30:00Z
        Europe/Berlin       | 2027-03-28 | 30 2 * * *     | usual          | 2027-03-28T01:00:00Z
        Europe/Berlin       | 2027-10-31 | 30 2 * * *     | usual          | 2027-10-31T00:30:00Z
        Europe/London       | 2027-03-28 | 30 1 * * *     | gap shift      | 2027-03-28T01:00:00Z
        Europe/London       | 2027-10-31 | 30 1 * * *     | overlap second | 2027-10-31T01:30:00Z
        America/New_York    | 2027-03-14 | 30 2 * * *     | gap shift      | 2027-03-14T07:00:00Z
        America/New_York    | 2027-03-14 | 30 2,3 * * *   | gap skip       | 2027-03-14T07:30:00Z
        America/New_York    | 2027-11-07 | 30 1 * * *     | overlap first  | 2027-11-07T05:30:00Z
        America/New_York    | 2027-11-07 | 30 1 * * *     | overlap second | 2027-11-07T06:30:00Z
        Australia/Lord_Howe | 2027-04-04 | 45 1 * * *     | overlap first  | 2027-04-03T14:45:00Z
        Australia/Lord_Howe | 2027-04-04 | 45 1 * * *     | overlap second | 2027-04-03T15:15:00Z
        Australia/Lord_Howe | 2027-10-03 | 15 2 * * *     | gap shift      | 2027-10-02T15:30:00Z
        Australia/Sydney    | 2027-10-03 | 30 2 * * *     | gap shift      | 2027-10-02T16:00:00Z
        Australia/Sydney    | 2027-04-04 | 30 2 * * *     | overlap both   | 2027-04-03T15:30:00Z 2027-04-03T16:30:00Z
        Africa/Cairo        | 2027-04-30 | 0 0 * * *      | gap shift      | 2027-04-29T22:00:00Z
        Africa/Cairo        | 2027-04-30 | 0 0 * * *      | gap skip       |
        America/Santiago    | 2027-09-05 | 0 0 * * *      | gap shift      | 2027-09-05T04:00:00Z
        America/Santiago    | 2027-09-05 | 30 0,1 * * *   | usual          | 2027-09-05T04:00:00Z 2027-09-05T04:30:00Z
        Asia/Beirut         | 2027-03-28 | 0 0 * * *      | gap shift      | 2027-03-27T22:00:00Z
        Africa/Casablanca   | 2027-02-07 | 30 2 * * *     | overlap first  | 2027-02-07T01:30:00Z
        Asia/Kolkata        | 2027-03-28 | 30 2 * * *     | usual          | 2027-03-27T21:00:00Z
        Pacific/Apia        | 2011-12-30 | 0 9 * * *      | gap skip       |
        Pacific/Apia        | 2011-12-31 | 0 9 * * *      | gap shift      | 2011-12-30T10:00:00Z 2011-12-30T19:00:00Z
        Europe/Dublin       | 2027-10-31 | 30 1 * * *     | overlap both   | 2027-10-31T00:30:00Z 2027-10-31T01:30:00Z
        """)
    void changesOfTheClockFollowThePolicy(String zone, LocalDate day, String cron, String policy, String expected) {
        ScheduleRule.Builder rule = unix(cron, zone);
        String[] words = policy.split(" ", -1);
        if (words[0].equals("gap")) {
            rule.gap(Gap.of(words[1]));
        } else if (words[0].equals("overlap")) {
            rule.overlap(Overlap.of(words[1]));
        }
        Instant begin = day.atStartOfDay(ZoneId.of(zone)).toInstant();
        Instant end = day.plusDays(1).atStartOfDay(ZoneId.of(zone)).toInstant();
        List<Instant> wanted = expected == null
                ? List.of()
                : Arrays.stream(expected.split(" ", -1)).map(Instant::parse).toList();
        assertThat(walk(times(rule), begin.minusNanos(1), end.minusNanos(1))).isEqualTo(wanted);
    }

    @Test
    void whatFiresInEveryHourGoesOnAsTimePasses() {
        Instant begin = Instant.parse("2027-10-30T22:00:00Z");
        List<Instant> night =
                walk(times(unix("*/30 * * * *", "Europe/Berlin")), begin, begin.plus(Duration.ofHours(6)));
        assertThat(night).hasSize(12);
        for (int i = 0; i < night.size(); i++) {
            assertThat(night.get(i)).isEqualTo(begin.plus(Duration.ofMinutes(30L * (i + 1))));
        }
        Instant spring = Instant.parse("2027-03-27T23:00:00Z");
        assertThat(walk(times(unix("30 * * * *", "Europe/Berlin")), spring, spring.plus(Duration.ofHours(3))))
                .containsExactly(
                        Instant.parse("2027-03-27T23:30:00Z"),
                        Instant.parse("2027-03-28T00:30:00Z"),
                        Instant.parse("2027-03-28T01:30:00Z"));
    }

    @Test
    void aSecondImplementationAgrees_aroundAllChangesOfTenYears() {
        Random random = new Random(SEED);
        for (String name : List.of(
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Africa/Cairo",
                "America/Santiago",
                "Asia/Beirut",
                "Africa/Casablanca",
                "Europe/Dublin",
                "Asia/Gaza",
                "Pacific/Chatham",
                "America/Nuuk",
                "Antarctica/Troll",
                "Asia/Tokyo")) {
            ZoneRules rules = ZoneId.of(name).getRules();
            ZoneOffsetTransition change = rules.nextTransition(Instant.parse("2024-01-01T00:00:00Z"));
            while (change != null && change.getInstant().isBefore(Instant.parse("2035-01-01T00:00:00Z"))) {
                Gap gap = Gap.values()[random.nextInt(2)];
                Overlap overlap = Overlap.values()[random.nextInt(3)];
                int hour = change.getDateTimeBefore().getHour();
                String cron = List.of("*/" + random.nextInt(1, 40), "" + random.nextInt(60), "0,30")
                                .get(random.nextInt(3))
                        + " "
                        + List.of("*", "0-3", Math.max(0, hour - 1) + "-" + hour, "*/2")
                                .get(random.nextInt(4))
                        + " * * " + List.of("*", "0", "1-6").get(random.nextInt(3));
                ScheduleRule.Builder rule = unix(cron, name).daylightSaving(new DaylightSaving(gap, overlap));
                Instant begin = change.getInstant().minus(Duration.ofHours(30));
                Instant end = change.getInstant().plus(Duration.ofHours(30));
                assertThat(walk(times(rule), begin, end))
                        .as("seed %d: '%s' in %s, %s, %s, about %s", SEED, cron, name, gap, overlap, change)
                        .isEqualTo(naive(cron, rules, gap, overlap, begin, end));
                change = rules.nextTransition(change.getInstant());
            }
        }
    }

    /** Looks at each minute. */
    private static List<Instant> naive(
            String text, ZoneRules rules, Gap gap, Overlap overlap, Instant begin, Instant end) {
        NaiveCron cron = new NaiveCron(text);
        Set<Instant> found = new TreeSet<>();
        for (Instant at = begin.plus(Duration.ofMinutes(1)); !at.isAfter(end); at = at.plus(Duration.ofMinutes(1))) {
            LocalDateTime time = LocalDateTime.ofInstant(at, rules.getOffset(at));
            ZoneOffsetTransition change = rules.getTransition(time);
            boolean second = change != null && rules.getOffset(at).equals(change.getOffsetAfter());
            boolean heard =
                    change == null || overlap == Overlap.BOTH || overlap == (second ? Overlap.SECOND : Overlap.FIRST);
            if (heard && fits(cron, time)) {
                found.add(at);
            }
            ZoneOffsetTransition here = rules.nextTransition(at.minusNanos(1));
            if (gap == Gap.SHIFT
                    && here != null
                    && here.isGap()
                    && here.getInstant().equals(at)) {
                LocalDateTime lost = here.getDateTimeBefore();
                for (; lost.isBefore(here.getDateTimeAfter()); lost = lost.plusMinutes(1)) {
                    if (fits(cron, lost)) {
                        found.add(at);
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean fits(NaiveCron cron, LocalDateTime time) {
        return time.equals(cron.next(time.minusMinutes(1), time.plusMinutes(1)));
    }

    // ---------------------------------------------------------------- closed days

    private static final CalendarRule CHRISTMAS =
            new CalendarRule.Dates(Set.of(LocalDate.of(2026, 12, 25)), Set.of(), "Christmas");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        0 9 * * *     | skip     | 2026-12-23 2026-12-24 2026-12-28 2026-12-29
        0 9 * * *     | next     | 2026-12-23 2026-12-24 2026-12-28 2026-12-29
        0 9 25 * *    | skip     | 2027-01-25
        0 9 25 * *    | next     | 2026-12-28 2027-01-25
        0 9 25 * *    | previous | 2026-12-24 2027-01-25
        0 9 26,27 * * | previous | 2026-12-24 2027-01-26 2027-01-27
        """)
    void aFiringOnAClosedDayIsSkippedOrMoved(String cron, String policy, String days) {
        FireTimes times = times(unix(cron, "UTC")
                .closedOn(CalendarRule.WEEKENDS)
                .closedOn(CHRISTMAS)
                .closedDays(ClosedDays.of(policy)));
        List<String> wanted = List.of(days.split(" ", -1));
        assertThat(walk(times, Instant.parse("2026-12-23T00:00:00Z"), Instant.parse("2027-02-10T00:00:00Z")))
                .map(at -> at.toString().substring(0, 10))
                .startsWith(wanted.toArray(String[]::new));
    }

    @Test
    void anIntervalGoesOnOverClosedDays_withoutFiring() {
        FireTimes times = times(ScheduleRule.every(Duration.ofHours(10))
                .from(Instant.parse("2026-12-24T06:00:00Z"))
                .closedOn(CHRISTMAS));
        assertThat(walk(times, Instant.parse("2026-12-24T00:00:00Z"), Instant.parse("2026-12-26T12:00:00Z")))
                .containsExactly(
                        Instant.parse("2026-12-24T06:00:00Z"),
                        Instant.parse("2026-12-24T16:00:00Z"),
                        Instant.parse("2026-12-26T08:00:00Z"));
    }

    @Test
    void aListOfInstantsIsMovedToo() {
        Instant christmas = Instant.parse("2026-12-25T09:00:00Z");
        Instant day = Instant.parse("2026-12-26T09:00:00Z");
        assertThat(walk(
                        times(ScheduleRule.at(day, christmas, christmas)
                                .closedOn(CHRISTMAS)
                                .closedDays(ClosedDays.PREVIOUS)),
                        Instant.EPOCH,
                        Instant.MAX))
                .containsExactly(Instant.parse("2026-12-24T09:00:00Z"), day);
    }

    // ---------------------------------------------------------------- windows, intervals, what was missed

    @Test
    void aWindowHasItsBeginning_andNotItsEnd() {
        FireTimes times = times(unix("0 9 * * *", "UTC")
                .from(Instant.parse("2026-12-01T09:00:00Z"))
                .until(Instant.parse("2026-12-03T09:00:00Z")));
        assertThat(walk(times, Instant.EPOCH, Instant.MAX))
                .containsExactly(Instant.parse("2026-12-01T09:00:00Z"), Instant.parse("2026-12-02T09:00:00Z"));
    }

    @Test
    void theLastOfManyAreFoundWithoutCountingThroughAll() {
        FireTimes times = times(ScheduleRule.cron(CronDialect.SPRING, "* * * * * *"));
        Instant now = Instant.parse("2026-12-01T09:00:00.5Z");
        assertThat(times.last(Instant.EPOCH, now, 3))
                .containsExactly(
                        Instant.parse("2026-12-01T08:59:58Z"),
                        Instant.parse("2026-12-01T08:59:59Z"),
                        Instant.parse("2026-12-01T09:00:00Z"));
        assertThat(times(unix("0 0 1 1 *", "UTC")).last(Instant.parse("2020-06-01T00:00:00Z"), now, 3))
                .hasSize(3)
                .last()
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(times(unix("0 0 1 1 *", "UTC")).last(Instant.parse("2026-06-01T00:00:00Z"), now, 3))
                .isEmpty();
    }

    // ---------------------------------------------------------------- spread and prices

    @Test
    void aScheduleHasItsSlotForEver_andSchedulesAreSpreadOverTheWindow() {
        ScheduleRule rule = unix("0 2 * * *", "UTC")
                .spread(new Spread(Duration.ofHours(1), 60))
                .build();
        Set<Long> slots = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            FireTimes times = FireTimes.of(rule, Instant.EPOCH, Map.of(), "default\ns" + i);
            List<Instant> found =
                    walk(times, Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("2026-12-04T00:00:00Z"));
            assertThat(found).hasSize(3);
            long minute = found.get(0).getEpochSecond() / 60 % 60;
            assertThat(found).allSatisfy(at -> {
                assertThat(at.getEpochSecond() / 60 % 60).isEqualTo(minute);
                assertThat(at.getEpochSecond() % 60).isZero();
                assertThat(at.toString()).contains("T02:");
            });
            slots.add(minute);
        }
        assertThat(slots).hasSize(60);
    }

    @ParameterizedTest(name = "planned at {0}, within {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        0 18 * * * | 10h | 2026-12-02T02:00:00Z
        0 18 * * * | 7h  | 2026-12-02T00:00:00Z
        0 18 * * * | 2h  | 2026-12-01T18:00:00Z
        30 3 * * * | 2h  | 2026-12-02T03:30:00Z
        0 1 * * *  | 1h  | 2026-12-02T02:00:00Z
        """)
    void aFiringMovesToWhenItIsCheapest(String cron, String within, Instant expected) {
        Cheapest curve = new Cheapest(
                Map.of(),
                Map.of(
                        LocalTime.MIDNIGHT,
                        new BigDecimal("0.20"),
                        LocalTime.of(2, 0),
                        new BigDecimal("0.10"),
                        LocalTime.of(4, 0),
                        new BigDecimal("0.10"),
                        LocalTime.of(6, 0),
                        new BigDecimal("0.35")),
                DurationText.parse(within));
        FireTimes times = times(unix(cron, "UTC").cheapest(curve));
        assertThat(times.next(Instant.parse("2026-12-01T12:00:00Z"))).isEqualTo(expected);
        List<Instant> week = walk(times, Instant.parse("2026-12-01T12:00:00Z"), Instant.parse("2026-12-08T12:00:00Z"));
        assertThat(week).isSorted().hasSize(7);
    }

    @Test
    void whatIsCheapestAtTheSameTimeFiresOnce_andAPreviewSaysThePrice() {
        Instant noon = Instant.parse("2026-12-01T12:00:00Z");
        Cheapest curve = new Cheapest(
                Map.of(
                        Instant.EPOCH,
                        BigDecimal.ONE,
                        noon,
                        new BigDecimal("-0.05"),
                        noon.plusSeconds(3600),
                        BigDecimal.TEN),
                Map.of(),
                Duration.ofHours(3));
        FireTimes times = times(unix("0 9-12 * * *", "UTC").cheapest(curve));
        assertThat(walk(times, noon.minusSeconds(36_000), noon.plusSeconds(3600)))
                .containsExactly(noon);
        assertThat(times.preview(noon.minusSeconds(36_000), 1))
                .containsExactly(new PlannedFiring(
                        LocalDateTime.of(2026, 12, 1, 9, 0),
                        noon,
                        PlannedFiring.Outcome.SHIFTED,
                        1,
                        "the cheapest time within 3h, at -0.05"));
    }

    // ---------------------------------------------------------------- previews

    @Test
    void aPreviewSaysWhatIsSkippedAndShifted_andWhy() {
        FireTimes times = times(unix("30 2 * * *", "Europe/Berlin").closedOn(CalendarRule.WEEKENDS));
        assertThat(times.preview(Instant.parse("2026-12-24T12:00:00Z"), 2))
                .extracting(each -> each.planned() + " " + each.outcome().text() + " " + each.reason())
                .containsExactly(
                        "2026-12-25T02:30 fires ",
                        "2026-12-26T02:30 skipped 2026-12-26 is closed: Saturday",
                        "2026-12-27T02:30 skipped 2026-12-27 is closed: Sunday",
                        "2026-12-28T02:30 fires ");
        assertThat(times(unix("30 2 * * *", "Europe/Berlin")).preview(Instant.parse("2027-03-27T12:00:00Z"), 1))
                .containsExactly(new PlannedFiring(
                        LocalDateTime.of(2027, 3, 28, 2, 30),
                        Instant.parse("2027-03-28T01:00:00Z"),
                        PlannedFiring.Outcome.SHIFTED,
                        1,
                        "the clock goes from 02:00 to 03:00 on that day, so it fires at the end of the gap"));
        assertThat(times(unix("30 2 * * *", "Europe/Berlin").gap(Gap.SKIP))
                        .preview(Instant.parse("2027-03-27T12:00:00Z"), 1))
                .extracting(each -> each.planned() + " " + each.outcome().text() + " " + each.reason())
                .containsExactly("2027-03-28T02:30 skipped it does not exist on that day", "2027-03-29T02:30 fires ");
        assertThat(times(unix("30 2 * * *", "Europe/Berlin")).preview(Instant.parse("2027-10-30T12:00:00Z"), 2))
                .extracting(each -> each.planned() + " " + each.outcome().text() + " " + each.reason())
                .containsExactly(
                        "2027-10-31T02:30 fires ",
                        "2027-10-31T02:30 skipped it exists twice on that day, and the first time counts",
                        "2027-11-01T02:30 fires ");
        assertThat(times(ScheduleRule.every(Duration.ofHours(10))
                                .from(Instant.parse("2026-12-24T06:00:00Z"))
                                .closedOn(CHRISTMAS))
                        .preview(Instant.parse("2026-12-24T12:00:00Z"), 2))
                .extracting(each -> each.planned() + " " + each.outcome().text() + " " + each.times() + each.reason())
                .containsExactly(
                        "2026-12-24T16:00 fires 1",
                        "2026-12-25T02:00 skipped 3" + "2026-12-25 is closed: Christmas",
                        "2026-12-26T08:00 fires 1");
        assertThat(times(ScheduleRule.at(Instant.parse("2026-12-25T08:00:00Z"), Instant.parse("2026-12-27T08:00:00Z"))
                                .closedOn(CHRISTMAS))
                        .preview(Instant.parse("2026-12-24T12:00:00Z"), 2))
                .extracting(each -> each.planned() + " " + each.outcome().text())
                .containsExactly("2026-12-25T08:00 skipped", "2026-12-27T08:00 fires");
        assertThat(times(unix("0 9 * * *", "UTC")
                                .closedOn(CHRISTMAS)
                                .closedOn(CalendarRule.WEEKENDS)
                                .closedDays(ClosedDays.NEXT))
                        .preview(Instant.parse("2026-12-24T12:00:00Z"), 1))
                .extracting(each -> each.planned() + " " + each.outcome().text() + " " + each.reason())
                .containsExactly(
                        "2026-12-25T09:00 skipped 2026-12-25 is closed: Christmas, and that of 2026-12-28 takes its place",
                        "2026-12-26T09:00 skipped 2026-12-26 is closed: Saturday, and that of 2026-12-28 takes its place",
                        "2026-12-27T09:00 skipped 2026-12-27 is closed: Sunday, and that of 2026-12-28 takes its place",
                        "2026-12-28T09:00 fires ");
        assertThat(times(unix("0 9 25 12 *", "UTC").closedOn(CHRISTMAS).closedDays(ClosedDays.NEXT))
                        .preview(Instant.parse("2026-12-01T00:00:00Z"), 1))
                .extracting(
                        each -> each.planned() + " " + each.outcome().text() + " " + each.at() + " " + each.reason())
                .containsExactly(
                        "2026-12-25T09:00 shifted 2026-12-26T09:00:00Z 2026-12-25 is closed: Christmas, so it fires on the next open day");
    }
}
