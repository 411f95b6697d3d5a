package io.automationhub.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules as they stand in files, and in words. */
class ScheduleConfigTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static final Map<String, BusinessCalendar> NAMED = Map.of("plant", new BusinessCalendar() {
        @Override
        public Optional<String> closed(LocalDate date) {
            return date.getMonthValue() == 8 ? Optional.of("works holidays") : Optional.empty();
        }

        @Override
        public String description() {
            return "works holidays";
        }
    });

    private static JsonObject json(String text) {
        return (JsonObject) Objects.requireNonNull(Json.parse(text.replace('\'', '"')));
    }

    private static ScheduleRule rule(String text) {
        ScheduleConfig.Reading reading = ScheduleConfig.read(json(text), null);
        assertThat(reading.problems()).isEmpty();
        return Objects.requireNonNull(reading.rule());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'cron': '0 9 * * MON-FRI', 'dialect': 'unix', 'zone': 'Europe/Berlin', 'calendars': 'DE'} | At 09:00, Monday to Friday, Europe/Berlin, not on public holidays of DE
        {'cron': '*/5 * * * *', 'dialect': 'unix'}               | Every 5 minutes, UTC
        {'cron': '* * * * *', 'dialect': 'unix', 'zone': 'UTC'}  | Every minute, UTC
        {'cron': '*/15 8-17 * * *', 'dialect': 'unix', 'zone': 'UTC'} | Every 15 minutes, from 08:00 to 17:59, UTC
        {'cron': '0 */2 * * *', 'dialect': 'unix', 'zone': 'UTC'}    | In the hours 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 22 at minute 0, UTC
        {'cron': '30 * * * *', 'dialect': 'unix', 'zone': 'UTC'}     | Every hour at minute 30, UTC
        {'cron': '*/10 * * * * *', 'dialect': 'spring', 'zone': 'UTC'} | Every 10 seconds, UTC
        {'cron': '0 0 9,17 1,15 * ?', 'dialect': 'quartz', 'zone': 'UTC'} | At 09:00 and 17:00, on day 1 and 15 of the month, UTC
        {'cron': '0 0 9 L * ?', 'dialect': 'quartz', 'zone': 'UTC'}  | At 09:00, on the last day of the month, UTC
        {'cron': '0 0 9 L-3 * ?', 'dialect': 'quartz', 'zone': 'UTC'}  | At 09:00, 3 days before the last day of the month, UTC
        {'cron': '0 0 9 LW * ?', 'dialect': 'quartz', 'zone': 'UTC'} | At 09:00, on the last weekday of the month, UTC
        {'cron': '0 0 9 15W * ?', 'dialect': 'quartz', 'zone': 'UTC'} | At 09:00, on the weekday nearest to day 15 of the month, UTC
        {'cron': '0 0 9 ? JUN-AUG FRI#3', 'dialect': 'quartz', 'zone': 'UTC'} | At 09:00, on the third Friday of the month, in June to August, UTC
        {'cron': '0 0 9 ? * FRIL 2027', 'dialect': 'quartz', 'zone': 'UTC'} | At 09:00, on the last Friday of the month, in 2027, UTC
        {'cron': '0 9 1 * MON', 'dialect': 'unix', 'zone': 'UTC'}    | At 09:00, on day 1 of the month or Monday, UTC
        {'cron': '0 0 9 13 * FRI', 'dialect': 'spring', 'zone': 'UTC'} | At 09:00, on day 13 of the month, if it is Friday, UTC
        {'every': '90m'}                                             | Every 90 minutes
        {'every': '1d', 'countFrom': 'end'}                          | Every day, counted from the end of the run before
        {'at': '2026-12-24T18:00', 'zone': 'Europe/Berlin'}          | Once, at 2026-12-24 18:00, Europe/Berlin
        {'at': ['2026-12-24T18:00', '2026-12-31T18:00'], 'zone': 'UTC'} | At 2026-12-24 18:00 and 1 other time, UTC
        {'after': 'import'}                                          | When import succeeds
        {'after': ['import', 'check']}                               | When each of import and check succeeds
        {'after': {'workflows': ['import', 'check'], 'need': 'any', 'on': 'completion', 'within': '6h'}} | When any of import and check ends within 6 hours
        {'every': '1d', 'spread': '1h'}                              | Every day, spread over 1 hour
        {'every': '1d', 'spread': {'window': '30m', 'slots': 5}, 'capacity': {'below': 0.8, 'latest': '2h'}} | Every day, spread over 30 minutes, when there is capacity, but within 2 hours
        {'every': '1d', 'capacity': {'limit': 'gpu', 'below': 2, 'latest': '2h'}} | Every day, when there is capacity, but within 2 hours
        {'every': '1d', 'cheapest': {'within': '8h', 'daily': {'00:00': 0.12, '06:00': 0.31}, 'prices': {'2026-12-24T00:00': 0.5}}} | Every day, when it is cheapest within 8 hours
        {'cron': '@daily', 'dialect': 'unix', 'zone': 'UTC', 'calendars': ['weekends', {'calendar': 'plant'}], 'closedDays': 'next'} | At 00:00, UTC, not on Saturdays and Sundays, not on works holidays, but on the next open day
        """)
    void aRuleIsSaidInWords_andReadAgainAsItIsWritten(String config, String words) {
        ScheduleRule rule = rule(config);
        assertThat(rule.description(NAMED)).isEqualTo(words);
        assertThat(rule(ScheduleConfig.write(rule).toString().replace('"', '\'')))
                .isEqualTo(rule);
        assertThat(ScheduleConfig.problems(rule, NOW, NAMED, null)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                      | ``         | one of 'cron', 'every', 'at' or 'after', found none; write such as
        {'cron': '0 9 * * *', 'every': '5m', 'dialect': 'unix'} | ``         | found cron and every
        {'cron': '0 9 * * *'}                                   | /dialect   | this one can be read as 'unix'
        {'cron': '0 0 9 * * ?'}                                 | /dialect   | this one can be read as 'quartz' or 'spring'
        {'cron': '0 9 * * *', 'dialect': 'posix'}               | /dialect   | there is no cron dialect 'posix'; write 'unix'
        {'cron': '0 9 * * *', 'dialect': 'quartz'}              | /cron      | it has 5 fields where 6 or 7 are due
        {'cron': '0 0 9 * * ?', 'dialect': 'unix'}              | /cron      | it has 6 fields where 5 are due
        {'cron': '0 9 30 2 *', 'dialect': 'unix'}               | /cron      | it never fires
        {'cron': 5, 'dialect': 'unix'}                          | /cron      | expected a text, found number
        {'cron': '0 9 * * *', 'dialect': 'unix', 'zone': 'Europe/Berln'} | /zone | there is no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?
        {'every': '0s'}                                         | /every     | an interval is at least a second
        {'every': '-5m'}                                        | /every     | not a duration
        {'every': 'PT-5M'}                                      | /every     | negative
        {'every': 5}                                            | /every     | a number without a unit
        {'every': '5m', 'countFrom': 'middle'}                  | /countFrom | from 'start' or 'end'
        {'every': '5m', 'dialect': 'unix'}                      | /dialect   | there is none
        {'every': '5m', 'closedDays': 'next'}                   | /closedDays | cannot be moved
        {'at': []}                                              | /at        | a list of times has 1 to
        {'at': 'tomorrow'}                                      | /at        | is no time; write '2026-12-24T18:00'
        {'every': '5m', 'from': '2027-01-01', 'until': '2026-12-01'} | /until | ends before it begins
        {'every': '5m', 'daylightSaving': {'gap': 'both'}}      | /daylightSaving/gap | write 'skip' or 'shift'
        {'every': '5m', 'daylightSaving': 'skip'}               | /daylightSaving | expected an object
        {'every': '5m', 'misfire': 'always'}                    | /misfire   | write 'once', 'skip' or
        {'every': '5m', 'misfire': {'backfill': -1}}            | /misfire   | found -1
        {'every': '5m', 'misfire': {'backfill': 100000}}        | /misfire   | up to 1000 missed firings
        {'every': '5m', 'whileRunning': 'wait'}                 | /whileRunning | write 'allow', 'skip', 'queue' or 'cancel'
        {'every': '5m', 'jitter': 'some'}                       | /jitter    | not a duration
        {'after': []}                                           | /after     | after 1 to 100 others, found 0
        {'after': {'workflow': 'a'}}                            | /after     | there is no 'workflow' here; there are workflows, need, on, within
        {'after': {'workflows': ['a'], 'need': 'some'}}         | /after     | 'need' is 'all' or 'any', found 'some'
        {'after': ['a', 'a']}                                   | /after     | each workflow is named once
        {'after': 'a', 'calendars': 'DE'}                       | /after     | has no planned times
        {'every': '5m', 'spread': {'window': '1h', 'slots': 0}} | /spread    | has 1 to 100000 slots, found 0
        {'every': '5m', 'spread': '0s'}                         | /spread    | up to 7 days
        {'every': '5m', 'cheapest': {'within': '8h'}}           | /cheapest  | a curve of prices has 1 to
        {'every': '5m', 'cheapest': {'within': '8h', 'daily': {'25:00': 1}}} | /cheapest | is no time of day
        {'every': '5m', 'cheapest': {'within': '8h', 'daily': {'05:00': 'a'}}} | /cheapest | a price is a number
        {'every': '5m', 'capacity': {'below': 2, 'latest': '1h'}} | /capacity | above 0 and up to 1
        {'every': '5m', 'capacity': {'limit': 'gpu', 'below': 0.5, 'latest': '1h'}} | /capacity | a whole number from 1 on
        {'every': '5m', 'capacity': {'below': 0.5}}             | /capacity  | 'latest' is missing
        {'every': '5m', 'calendar': 'DE'}                       | /calendar  | did you mean 'calendars'?
        {'every': '5m', 'calendars': 'ZZ'}                      | /calendars | there are no holidays for 'ZZ'
        {'every': '5m', 'calendars': ['DE-QQ']}                 | /calendars/0 | there is no region 'qq' in 'DE'; there are [bb,
        {'every': '5m', 'calendars': [{'weekdays': ['MON', 'XXX']}]} | /calendars/0 | is no day of the week
        {'every': '5m', 'calendars': [{'weekdays': ['MON', 'TUE', 'WED', 'THU', 'FRI']}, 'weekends']} | /calendars | close all days of the week
        {'every': '5m', 'calendars': [{'weekdays': []}]}        | /calendars/0 | found none
        {'every': '5m', 'calendars': [{'dates': ['30 February']}]} | /calendars/0 | is no date
        {'every': '5m', 'calendars': [{'dates': ['2026-02-30']}]} | /calendars/0 | is no date
        {'every': '5m', 'calendars': [{'ical': 'nothing'}]}     | /calendars/0 | has no event
        {'every': '5m', 'calendars': [{'holiday': 'DE'}]}       | /calendars/0 | found [holiday]
        """)
    void whatIsWrongIsToldWithItsPlace(String config, String pointer, String message) {
        ScheduleConfig.Reading reading = ScheduleConfig.read(json(config), "tick");
        assertThat(reading.rule()).isNull();
        assertThat(reading.problems()).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo(pointer);
            assertThat(problem.message()).containsIgnoringCase(message);
            assertThat(problem.nodeId()).isEqualTo("tick");
            assertThat(problem.isError()).isTrue();
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'every': '5m', 'until': '2026-11-01'}                             | /until     | The window is past
        {'at': '2026-11-01T09:00'}                                         | ``         | never fires again
        {'cron': '0 0 9 1 1 ? 2025', 'dialect': 'quartz'}                  | ``         | never fires again
        {'cron': '0 9 * * SAT', 'dialect': 'unix', 'calendars': 'weekends'} | /calendars | leave no day
        {'cron': '0 9 25 12 *', 'dialect': 'unix', 'calendars': 'DE'}      | /calendars | leave no day
        {'every': '5m', 'calendars': {'calendar': 'plnt'}}                 | /calendars | there is no calendar 'plnt'; there are plant
        """)
    void whatWouldNeverFireIsRefused(String config, String pointer, String message) {
        List<Problem> problems = ScheduleConfig.problems(rule(config), NOW, NAMED, "tick");
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).pointer()).isEqualTo(pointer);
        assertThat(problems.get(0).message()).containsIgnoringCase(message);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(ScheduleConfig.read(
                                json(
                                        "{'cron': '61 9 * * *', 'dialect': 'unix', 'zone': 'Mars', 'misfire': 7, 'tags': 1}"),
                                null)
                        .problems())
                .extracting(Problem::pointer)
                .containsExactlyInAnyOrder("/cron", "/zone", "/misfire", "/tags");
    }
}
