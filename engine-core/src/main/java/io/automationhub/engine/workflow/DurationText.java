package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as workflow files write them: ISO-8601 ({@code PT1.5S}), a number with a unit ({@code 250ms 10s 5m 2h 1d},
 * decimals allowed), or {@code {"duration": 5, "unit": "minutes"}}. They are never negative.
 */
public final class DurationText {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|d)");

    private static final Map<String, Long> NANOS = Map.of(
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    private static final Map<String, String> WORDS =
            Map.of("milliseconds", "ms", "seconds", "s", "minutes", "m", "hours", "h", "days", "d");

    /** A hundred years; beyond it a duration is a mistake, and nanoseconds would overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private DurationText() {}

    /**
     * The duration that {@code value}, a text or an object, stands for.
     *
     * @throws IllegalArgumentException if it stands for none; the message says what was found and what is accepted
     */
    public static Duration parse(@Nullable Object value) {
        if (value instanceof String text) {
            return bounded(parseText(text.strip()), text);
        }
        if (value instanceof JsonObject object
                && object.get("duration") instanceof Number amount
                && object.get("unit") instanceof String unit) {
            return bounded(parseWords(amount, unit), object.toString());
        }
        throw new IllegalArgumentException("Expected a duration such as '10s', found "
                + (value instanceof Number ? "a number without a unit" : describe(value)) + "; " + accepted());
    }

    private static Duration parseText(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            return nanos(new BigDecimal(matcher.group(1)), matcher.group(2));
        }
        if (!text.toUpperCase(Locale.ROOT).startsWith("P")) {
            throw new IllegalArgumentException("'" + text + "' is not a duration; " + accepted());
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is not a duration; " + accepted(), e);
        }
    }

    private static Duration parseWords(Number amount, String unit) {
        String plural = unit.toLowerCase(Locale.ROOT);
        String symbol = NANOS.containsKey(plural) ? plural : WORDS.get(plural.endsWith("s") ? plural : plural + "s");
        if (symbol == null) {
            throw new IllegalArgumentException(
                    "'" + unit + "' is not a unit of time; use milliseconds, seconds, minutes, hours or days");
        }
        return nanos(new BigDecimal(amount.toString()), symbol);
    }

    private static Duration nanos(BigDecimal amount, String symbol) {
        BigDecimal nanos = amount.multiply(BigDecimal.valueOf(NANOS.getOrDefault(symbol, 0L)));
        if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            throw new IllegalArgumentException("A duration of " + amount + symbol + " is longer than 100 years");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static Duration bounded(Duration duration, String source) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("The duration '" + source + "' is negative; time does not run back");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("The duration '" + source + "' is longer than 100 years");
        }
        return duration;
    }

    private static String describe(@Nullable Object value) {
        return value == null ? "null" : "something else";
    }

    private static String accepted() {
        return "write ISO-8601 (PT10S), a number with ms, s, m, h or d (10s), or {\"duration\": 10, \"unit\": \"seconds\"}";
    }
}
