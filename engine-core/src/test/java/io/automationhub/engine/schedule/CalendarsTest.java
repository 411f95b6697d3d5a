package io.automationhub.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calendars beside what governments and exchanges have published, and iCalendar files. */
class CalendarsTest {

    private static List<String> closed(BusinessCalendar calendar, int year) {
        return LocalDate.of(year, 1, 1)
                .datesUntil(LocalDate.of(year + 1, 1, 1))
                .filter(day -> calendar.closed(day).isPresent())
                .map(day -> day.toString().substring(5))
                .toList();
    }

    private static BusinessCalendar calendar(String place) {
        List<String> parts = List.of(place.split("-", -1));
        return new CalendarRule.Holidays(parts.get(0), parts.subList(1, parts.size())).calendar(Map.of());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        DE     | 2025 | 01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26
        DE     | 2026 | 01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26
        DE-BY  | 2026 | 01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26
        FR     | 2025 | 01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25
        FR     | 2026 | 01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25
        GB-ENG | 2025 | 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
        GB-ENG | 2026 | 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
        US     | 2025 | 01-01 01-20 02-17 05-26 06-19 07-04 09-01 11-11 11-27 12-25
        US     | 2026 | 01-01 01-19 02-16 05-25 06-19 07-03 09-07 11-11 11-26 12-25
        IT     | 2025 | 01-01 01-06 04-20 04-21 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26
        IT     | 2026 | 01-01 01-06 04-05 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26
        AT     | 2025 | 01-01 01-06 04-20 04-21 05-01 05-29 06-08 06-09 06-19 08-15 10-26 11-01 12-08 12-25 12-26
        AT     | 2026 | 01-01 01-06 04-05 04-06 05-01 05-14 05-24 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26
        PL     | 2025 | 01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26
        PL     | 2026 | 01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26
        ES     | 2025 | 01-01 01-06 04-18 05-01 08-15 10-12 11-01 12-06 12-08 12-25
        ES     | 2026 | 01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25
        NO     | 2025 | 01-01 04-17 04-18 04-20 04-21 05-01 05-17 05-29 06-08 06-09 12-25 12-26
        NO     | 2026 | 01-01 04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25 12-25 12-26
        DK     | 2025 | 01-01 04-17 04-18 04-20 04-21 05-29 06-08 06-09 12-25 12-26
        DK     | 2026 | 01-01 04-02 04-03 04-05 04-06 05-14 05-24 05-25 12-25 12-26
        NYSE   | 2025 | 01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25
        NYSE   | 2026 | 01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25
        XNYS   | 2026 | 01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25
        XLON   | 2026 | 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
        TARGET | 2025 | 01-01 04-18 04-21 05-01 12-25 12-26
        TARGET | 2026 | 01-01 04-03 04-06 05-01 12-25 12-26
        """)
    void publicHolidaysAreThoseThatWerePublished(String place, int year, String days) {
        assertThat(closed(calendar(place), year)).containsExactly(days.split(" ", -1));
    }

    @Test
    void aHolidayHasItsName() {
        assertThat(calendar("us").closed(LocalDate.of(2026, 11, 26))).contains("Thanksgiving Day");
        assertThat(calendar("us").description()).isEqualTo("public holidays of US");
    }

    // ---------------------------------------------------------------- iCalendar

    private static final String FILE = """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Example//Plant//EN
            BEGIN:VEVENT
            UID:1
            DTSTAMP:20260101T000000Z
            DTSTART;VALUE=DATE:20261224
            DTEND;VALUE=DATE:20270102
            SUMMARY:Works holidays between\\, and including\\,
              the years
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            DTSTAMP:20260101T000000Z
            DTSTART;VALUE=DATE:20200501
            RRULE:FREQ=YEARLY
            EXDATE;VALUE=DATE:20270501
            SUMMARY:Labour Day
            END:VEVENT
            BEGIN:VEVENT
            UID:3
            DTSTAMP:20260101T000000Z
            DTSTART:20260615T220000Z
            DTEND:20260616T000000Z
            SUMMARY:Audit
            END:VEVENT
            BEGIN:VEVENT
            UID:4
            DTSTAMP:20260101T000000Z
            DTSTART;VALUE=DATE:20260707
            STATUS:CANCELLED
            SUMMARY:Outing
            END:VEVENT
            END:VCALENDAR
            """;

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Auckland", "America/Los_Angeles"})
    void theDaysOfAnICalendarFileAreClosed_whereverTheMachineIs(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            BusinessCalendar calendar = new CalendarRule.ICalendar(FILE.replace("\n", "\r\n")).calendar(Map.of());
            assertThat(closed(calendar, 2026))
                    .containsExactly(
                            "05-01", "06-15", "12-24", "12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31");
            assertThat(closed(calendar, 2027)).containsExactly("01-01");
            assertThat(closed(calendar, 2031)).containsExactly("05-01");
            assertThat(closed(calendar, 2019)).isEmpty();
            assertThat(calendar.closed(LocalDate.of(2026, 12, 25)))
                    .isEqualTo(Optional.of("Works holidays between, and including, the years"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BEGIN:VCALENDAR\nEND:VCALENDAR",
                "nonsense",
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR"
            })
    void aFileWithoutEventsIsRefused(String text) {
        assertThatThrownBy(() -> new CalendarRule.ICalendar(text).calendar(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no event");
    }

    @Test
    void aRuleThatRecursEachSecondDoesNotHang() {
        BusinessCalendar calendar =
                new CalendarRule.ICalendar(FILE.replace("FREQ=YEARLY", "FREQ=SECONDLY")).calendar(Map.of());
        assertThat(calendar.closed(LocalDate.of(2026, 12, 25))).isPresent();
    }
}
