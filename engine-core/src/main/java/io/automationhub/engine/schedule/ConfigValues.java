package io.automationhub.engine.schedule;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values in the configuration of a schedule. What is wrong is an {@link IllegalArgumentException} that says what would be right. */
final class ConfigValues {

    private ConfigValues() {}

    static Duration duration(JsonObject json, String key, String example) {
        if (!json.containsKey(key)) {
            throw new IllegalArgumentException(
                    "'" + key + "' is missing; write such as \"" + key + "\": \"" + example + "\"");
        }
        return DurationText.parse(json.get(key));
    }

    static JsonObject known(JsonObject json, String... keys) {
        List<String> all = List.of(keys);
        for (String key : json.keySet()) {
            if (!all.contains(key)) {
                throw new IllegalArgumentException(
                        "there is no '" + key + "' here; there are " + String.join(", ", all));
            }
        }
        return json;
    }

    static String oneOf(JsonObject json, String key, String usual, String other) {
        Object value = json.getOrDefault(key, usual);
        if (usual.equals(value) || other.equals(value)) {
            return String.valueOf(value);
        }
        throw new IllegalArgumentException(
                "'" + key + "' is '" + usual + "' or '" + other + "', found '" + value + "'");
    }

    static long whole(@Nullable Object value, String what) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("'" + what + "' is a whole number, found " + value);
    }

    /** A time zone of the IANA's database, or an offset. */
    static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            String nearest = NearestName.hint(name, ZoneId.getAvailableZoneIds());
            throw new IllegalArgumentException(
                    "there is no time zone '" + name + "'"
                            + (nearest.isEmpty()
                                    ? "; write one of the IANA's such as 'Europe/Berlin', or 'UTC'"
                                    : nearest),
                    e);
        }
    }

    /** With an offset, or on the clock of the zone. */
    static Instant instant(String text, ZoneId zone) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return localInstant(text, zone);
        }
    }

    static Instant localInstant(String text, ZoneId zone) {
        try {
            LocalDateTime time = text.length() == "2026-12-24".length()
                    ? LocalDate.parse(text).atStartOfDay()
                    : LocalDateTime.parse(text);
            ZoneOffsetTransition change = zone.getRules().getTransition(time);
            return change != null && change.isGap()
                    ? change.getInstant()
                    : time.atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time; write '2026-12-24T18:00' on the clock of the zone, or"
                            + " '2026-12-24T18:00:00Z' with an offset",
                    e);
        }
    }

    static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("expected a text, found " + Json.typeName(value));
    }

    static JsonObject object(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("expected an object, found " + Json.typeName(value));
    }

    static List<String> texts(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof JsonArray list
                ? list.stream().map(ConfigValues::text).toList()
                : List.of(text(value));
    }
}
