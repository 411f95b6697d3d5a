package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.DATE;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.NUMBER;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.DateText;
import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.IsoFields;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.function.ToIntFunction;

/** Functions on dates, which are text in ISO-8601; what names no zone is taken to be in UTC. */
final class DateFunctions {

    private static final List<String> EPOCH_UNITS = List.of("seconds", "milliseconds");

    private DateFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        making(library);
        writing(library);
        arithmetic(library);
        comparing(library);
        part(library, "year", "The year.", "2026", date -> date.getYear());
        part(library, "quarter", "The quarter, 1 to 4.", "1", date -> date.get(IsoFields.QUARTER_OF_YEAR));
        part(library, "month", "The month, 1 to 12.", "1", date -> date.getMonthValue());
        part(
                library,
                "week",
                "The week of the year by ISO-8601, 1 to 53.",
                "5",
                date -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        part(library, "day", "The day of the month, 1 to 31.", "31", date -> date.getDayOfMonth());
        part(library, "dayOfYear", "The day of the year, 1 to 366.", "31", date -> date.getDayOfYear());
        part(
                library,
                "weekday",
                "The day of the week, 1 for Monday to 7 for Sunday.",
                "6",
                date -> date.getDayOfWeek().getValue());
        part(library, "hour", "The hour, 0 to 23.", "8", date -> date.getHour());
        part(library, "minute", "The minute, 0 to 59.", "30", date -> date.getMinute());
        part(library, "second", "The second, 0 to 59.", "15", date -> date.getSecond());
    }

    private static void making(FunctionLibrary.Builder library) {
        library.add(named("date:now")
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does(
                        "The time of the turn, which is the same for all expressions of a node; in UTC unless a zone is given.")
                .example("now().size() >= 20", "true")
                .example("now('Europe/Berlin').isDate()", "true")
                .as(call -> call.has(0)
                        ? write(call.now().atZone(Zones.of(call, 0)).toOffsetDateTime())
                        : call.now().toString()));
        library.add(named("date:today")
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does("The day of the turn, in UTC unless a zone is given.")
                .example("today().size()", "10")
                .as(call -> write(LocalDate.ofInstant(call.now(), Zones.of(call, 0)))));
        library.add(named("date:parseDate")
                .takes("text", TEXT)
                .takes("pattern", TEXT)
                .mayTake("zone", TEXT)
                .mayTake("locale", TEXT)
                .gives(DATE)
                .does(
                        "Reads a date that is written by a pattern of java.time.DateTimeFormatter; a zone is given to a time without one.")
                .example("date:parseDate('31.01.2026', 'dd.MM.yyyy')", "'2026-01-31'")
                .example(
                        "date:parseDate('1/31/2026 8:05 PM', 'M/d/yyyy h:mm a', 'Europe/Berlin')",
                        "'2026-01-31T20:05:00+01:00'")
                .as(DateFunctions::parse));
        library.add(named("date:fromEpoch")
                .takes("number", NUMBER)
                .mayTakeOneOf("unit", EPOCH_UNITS)
                .gives(DATE)
                .does("The instant so many seconds, or milliseconds, after 1970.")
                .example("date:fromEpoch(1769846400)", "'2026-01-31T08:00:00Z'")
                .example("(1769846400250).fromEpoch('milliseconds')", "'2026-01-31T08:00:00.250Z'")
                .as(DateFunctions::fromEpoch));
    }

    private static void writing(FunctionLibrary.Builder library) {
        library.add(named("date:format")
                .takes("date", DATE)
                .takes("pattern", TEXT)
                .mayTake("locale", TEXT)
                .gives(TEXT)
                .does("Writes a date by a pattern of java.time.DateTimeFormatter, in English unless a locale is given.")
                .example("'2026-01-31T08:05:00Z'.format('dd.MM.yyyy HH:mm')", "'31.01.2026 08:05'")
                .example("'2026-01-31'.format('EEEE, d. MMMM', 'de')", "'Samstag, 31. Januar'")
                .as(DateFunctions::format));
        library.add(named("date:zone")
                .takes("date", DATE)
                .takes("zone", TEXT)
                .gives(DATE)
                .does("The same instant in the time of a zone.")
                .example("'2026-01-31T08:00:00Z'.zone('Europe/Berlin')", "'2026-01-31T09:00:00+01:00'")
                .as(call -> write(
                        DateText.instant(call.date(0)).atZone(Zones.of(call, 1)).toOffsetDateTime())));
        library.add(named("date:iso")
                .takes("date", DATE)
                .gives(TEXT)
                .does("The instant in UTC, by ISO-8601.")
                .example("'2026-01-31T08:00:00+01:00'.iso()", "'2026-01-31T07:00:00Z'")
                .as(call -> DateText.instant(call.date(0)).toString()));
        library.add(named("date:date")
                .takes("date", DATE)
                .gives(DATE)
                .does("The day, without the time of day.")
                .example("'2026-01-31T23:00:00-05:00'.date()", "'2026-01-31'")
                .as(call -> write(LocalDate.from(call.date(0)))));
        library.add(named("date:epoch")
                .takes("date", DATE)
                .mayTakeOneOf("unit", EPOCH_UNITS)
                .gives(INTEGER)
                .does("The whole seconds, or milliseconds, since 1970 began in UTC.")
                .example("'2026-01-31T08:00:00Z'.epoch()", "1769846400")
                .example("'2026-01-31T08:00:00.250Z'.epoch('milliseconds')", "1769846400250")
                .as(call -> {
                    Instant instant = DateText.instant(call.date(0));
                    return call.has(1) && call.text(1).equals("milliseconds")
                            ? instant.toEpochMilli()
                            : instant.getEpochSecond();
                }));
    }

    private static void arithmetic(FunctionLibrary.Builder library) {
        library.add(named("date:plus")
                .takes("date", DATE)
                .takes("amount", INTEGER)
                .takesOneOf("unit", DateUnit.NAMES)
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does("A later date; a zone is needed where a day is to have 23 or 25 hours when clocks change.")
                .example("'2026-01-31'.plus(1, 'month')", "'2026-02-28'")
                .example("'2026-01-31T08:00:00Z'.plus(90, 'minutes')", "'2026-01-31T09:30:00Z'")
                .example("'2026-03-28T08:00:00+01:00'.plus(1, 'day', 'Europe/Berlin')", "'2026-03-29T08:00:00+02:00'")
                .as(call -> write(unit(call, 2).plus(placed(call, 3), call.integer(1)))));
        library.add(named("date:minus")
                .takes("date", DATE)
                .takes("amount", INTEGER)
                .takesOneOf("unit", DateUnit.NAMES)
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does("An earlier date; see plus.")
                .example("'2026-03-31'.minus(1, 'month')", "'2026-02-28'")
                .as(call -> write(unit(call, 2).plus(placed(call, 3), -call.integer(1)))));
        library.add(named("date:diff")
                .takes("date", DATE)
                .takes("other", DATE)
                .mayTakeOneOf("unit", DateUnit.NAMES)
                .gives(INTEGER)
                .does(
                        "How many whole units it is after the other date, negative if before; days unless a unit is given.")
                .example("'2026-02-03'.diff('2026-01-31')", "3")
                .example("'2026-01-31T08:00:00Z'.diff('2026-01-31T09:30:00Z', 'hours')", "-1")
                .as(call -> (call.has(2) ? unit(call, 2) : DateUnit.DAY).between(call.date(1), call.date(0))));
        library.add(named("date:startOf")
                .takes("date", DATE)
                .takesOneOf("unit", DateUnit.NAMES)
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does("The beginning of the unit that the date is in; weeks begin on Monday.")
                .example("'2026-02-17'.startOf('month')", "'2026-02-01'")
                .example("'2026-01-31T08:15:30Z'.startOf('hour')", "'2026-01-31T08:00:00Z'")
                .as(call -> write(unit(call, 1).start(placed(call, 2)))));
        library.add(named("date:endOf")
                .takes("date", DATE)
                .takesOneOf("unit", DateUnit.NAMES)
                .mayTake("zone", TEXT)
                .gives(DATE)
                .does("The last day, or the last millisecond, of the unit that the date is in.")
                .example("'2026-02-17'.endOf('month')", "'2026-02-28'")
                .example("'2026-01-31T08:15:30Z'.endOf('day')", "'2026-01-31T23:59:59.999Z'")
                .as(call -> write(unit(call, 1).end(placed(call, 2)))));
    }

    private static void comparing(FunctionLibrary.Builder library) {
        library.add(named("date:isBefore")
                .takes("date", DATE)
                .takes("other", DATE)
                .gives(BOOLEAN)
                .does("Whether it is an earlier instant.")
                .example("'2026-01-31T09:00:00+01:00'.isBefore('2026-01-31T08:30:00Z')", "true")
                .as(call -> DateText.compare(call.text(0), call.text(1)) < 0));
        library.add(named("date:isAfter")
                .takes("date", DATE)
                .takes("other", DATE)
                .gives(BOOLEAN)
                .does("Whether it is a later instant.")
                .example("'2026-02-01'.isAfter('2026-01-31')", "true")
                .as(call -> DateText.compare(call.text(0), call.text(1)) > 0));
        library.add(named("date:isWeekend")
                .takes("date", DATE)
                .gives(BOOLEAN)
                .does("Whether it is a Saturday or a Sunday.")
                .example("'2026-01-31'.isWeekend()", "true")
                .as(call -> DateText.zoned(call.date(0), ZoneOffset.UTC)
                                .getDayOfWeek()
                                .getValue()
                        > 5));
    }

    private static void part(
            FunctionLibrary.Builder library,
            String name,
            String does,
            String example,
            ToIntFunction<ZonedDateTime> part) {
        library.add(named("date:" + name)
                .takes("date", DATE)
                .gives(INTEGER)
                .does(does)
                .example("'2026-01-31T08:30:15Z'." + name + "()", example)
                .as(call -> (long) part.applyAsInt(DateText.zoned(call.date(0), ZoneOffset.UTC))));
    }

    private static Object parse(FunctionCall call) {
        String text = call.text(0).strip();
        TemporalAccessor read;
        try {
            read = formatter(call, 3)
                    .parseBest(text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        } catch (DateTimeParseException e) {
            throw call.failure("the text is not written by the pattern '" + call.text(1)
                    + "'; it breaks off at character " + (e.getErrorIndex() + 1));
        }
        Temporal date = read instanceof ZonedDateTime zoned ? zoned.toOffsetDateTime() : (Temporal) read;
        boolean local = date instanceof LocalDateTime;
        return write(
                local && call.has(2) ? DateText.zoned(date, Zones.of(call, 2)).toOffsetDateTime() : date);
    }

    private static Object format(FunctionCall call) {
        return formatter(call, 2).format(DateText.zoned(call.date(0), ZoneOffset.UTC));
    }

    private static DateTimeFormatter formatter(FunctionCall call, int locale) {
        String pattern = call.text(1);
        if (pattern.length() > 100) {
            throw call.failure("'pattern' has more than 100 characters");
        }
        try {
            return DateTimeFormatter.ofPattern(pattern, Locales.of(call, locale));
        } catch (IllegalArgumentException e) {
            throw call.failure("'" + pattern + "' is no pattern for dates; write one such as 'dd.MM.yyyy HH:mm'");
        }
    }

    private static Object fromEpoch(FunctionCall call) {
        BigDecimal number = call.number(0);
        BigDecimal seconds = call.has(1) && call.text(1).equals("milliseconds") ? number.movePointLeft(3) : number;
        if (seconds.abs().compareTo(BigDecimal.valueOf(Instant.MAX.getEpochSecond() / 1000)) > 0) {
            throw call.failure(
                    "the number is too large for a date; milliseconds are read by fromEpoch(number, 'milliseconds')");
        }
        long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
        return Instant.ofEpochSecond(
                        whole,
                        seconds.subtract(BigDecimal.valueOf(whole))
                                .movePointRight(9)
                                .longValue())
                .toString();
    }

    /** The date, in the zone at a position if one is given. */
    private static Temporal placed(FunctionCall call, int zone) {
        Temporal date = call.date(0);
        return call.has(zone) ? DateText.instant(date).atZone(Zones.of(call, zone)) : date;
    }

    private static DateUnit unit(FunctionCall call, int position) {
        return DateUnit.of(call.text(position));
    }

    private static String write(Temporal date) {
        if (date instanceof LocalDate) {
            return date.toString();
        }
        return date instanceof LocalDateTime local
                ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local)
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date);
    }
}
