package io.automationhub.engine.expression;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;

/**
 * Dates in values. JSON has none, so a date is text in ISO-8601: a day ({@code 2026-01-31}), a day and time of day
 * ({@code 2026-01-31T08:00}), or an instant ({@code 2026-01-31T08:00:00+01:00}, {@code …Z}, {@code …+01:00[Europe/Berlin]}).
 */
public final class DateText {

    private static final int DAY_LENGTH = 10;

    private DateText() {}

    /** Whether {@code text} is a date. */
    public static boolean isDate(String text) {
        if (!looksLikeDate(text)) {
            return false;
        }
        try {
            parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Cheap, and false for nearly all text that is no date. */
    private static boolean looksLikeDate(String text) {
        return text.length() >= DAY_LENGTH && text.length() <= 80 && text.charAt(4) == '-' && text.charAt(7) == '-';
    }

    /**
     * The date: a {@link LocalDate}, {@link LocalDateTime}, {@link OffsetDateTime} or {@link ZonedDateTime}.
     *
     * @throws DateTimeException if the text is none
     */
    public static Temporal parse(String text) {
        if (!looksLikeDate(text)) {
            throw new DateTimeException(
                    "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "' is no date");
        }
        if (text.length() == DAY_LENGTH) {
            return LocalDate.parse(text);
        }
        if (text.endsWith("]")) {
            return ZonedDateTime.parse(text);
        }
        return hasOffset(text) ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    private static boolean hasOffset(String text) {
        return text.endsWith("Z") || text.indexOf('+', DAY_LENGTH) > 0 || text.indexOf('-', DAY_LENGTH) > 0;
    }

    /** The instant of a date; a day begins at midnight, and what names no zone is in UTC. */
    public static Instant instant(Temporal date) {
        return zoned(date, ZoneOffset.UTC).toInstant();
    }

    /** The date in a zone; what names none is taken to be in {@code zone}. */
    public static ZonedDateTime zoned(Temporal date, ZoneId zone) {
        if (date instanceof ZonedDateTime zoned) {
            return zoned;
        }
        if (date instanceof OffsetDateTime offset) {
            return offset.toZonedDateTime();
        }
        return date instanceof LocalDateTime local
                ? local.atZone(zone)
                : LocalDate.from(date).atStartOfDay(zone);
    }

    /**
     * Compares two dates as instants.
     *
     * @throws DateTimeException if one is none
     */
    public static int compare(String left, String right) {
        return instant(parse(left)).compareTo(instant(parse(right)));
    }
}
