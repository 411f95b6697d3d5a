package io.automationhub.engine.schedule;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies in the configuration of a schedule. */
final class PolicyConfig {

    private static final int DEFAULT_SLOTS = 60;

    private PolicyConfig() {}

    static Misfire misfire(@Nullable Object value) {
        if (value instanceof JsonObject json) {
            Duration tolerance =
                    json.get("tolerance") == null ? Misfire.TOLERANCE : DurationText.parse(json.get("tolerance"));
            Object most = json.containsKey("backfill")
                    ? json.get("backfill")
                    : misfire(json.get("policy")).most();
            if (!(most instanceof Number number) || number.longValue() != number.intValue()) {
                throw new IllegalArgumentException(
                        "'backfill' is how many missed firings are made up for, found " + most);
            }
            return new Misfire(number.intValue(), tolerance);
        }
        return switch (ConfigValues.text(value)) {
            case "once" -> Misfire.ONCE;
            case "skip" -> Misfire.SKIP;
            default ->
                throw new IllegalArgumentException(
                        "'" + value + "' is no policy for missed firings; write 'once', 'skip' or {\"backfill\": 10}");
        };
    }

    static Upstream upstream(@Nullable Object value) {
        if (value instanceof String workflow) {
            return new Upstream(List.of(workflow), true, true, null);
        }
        if (value instanceof JsonArray) {
            return new Upstream(ConfigValues.texts(value), true, true, null);
        }
        JsonObject json = ConfigValues.known(ConfigValues.object(value), "workflows", "need", "on", "within");
        boolean all = ConfigValues.oneOf(json, "need", "all", "any").equals("all");
        boolean success =
                ConfigValues.oneOf(json, "on", "success", "completion").equals("success");
        Object within = json.get("within");
        return new Upstream(
                ConfigValues.texts(json.get("workflows")),
                all,
                success,
                within == null ? null : DurationText.parse(within));
    }

    static Spread spread(@Nullable Object value) {
        if (!(value instanceof JsonObject)) {
            return new Spread(DurationText.parse(value), DEFAULT_SLOTS);
        }
        JsonObject json = ConfigValues.known(ConfigValues.object(value), "window", "slots");
        Object slots = json.getOrDefault("slots", (long) DEFAULT_SLOTS);
        return new Spread(
                ConfigValues.duration(json, "window", "1h"), Math.toIntExact(ConfigValues.whole(slots, "slots")));
    }

    static Cheapest cheapest(@Nullable Object value, ZoneId zone) {
        JsonObject json = ConfigValues.known(ConfigValues.object(value), "within", "prices", "daily");
        Map<Instant, BigDecimal> prices = new HashMap<>();
        curve(json, "prices").forEach((at, price) -> prices.put(ConfigValues.instant(at, zone), price(price)));
        Map<LocalTime, BigDecimal> daily = new HashMap<>();
        curve(json, "daily").forEach((at, price) -> daily.put(timeOfDay(at), price(price)));
        return new Cheapest(prices, daily, ConfigValues.duration(json, "within", "8h"));
    }

    private static JsonObject curve(JsonObject json, String key) {
        return json.get(key) == null ? JsonObject.EMPTY : ConfigValues.object(json.get(key));
    }

    private static LocalTime timeOfDay(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of day; write such as '06:00'", e);
        }
    }

    private static BigDecimal price(@Nullable Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw new IllegalArgumentException("a price is a number, found " + Json.typeName(value));
    }

    static Capacity capacity(@Nullable Object value) {
        JsonObject json = ConfigValues.known(ConfigValues.object(value), "limit", "below", "latest");
        String limit = json.get("limit") == null ? null : ConfigValues.text(json.get("limit"));
        if (!(json.get("below") instanceof Number below)) {
            throw new IllegalArgumentException(
                    "'below' says what counts as capacity: {\"below\": 0.8, \"latest\": \"30m\"} of"
                            + " the runs of a process, or {\"limit\": \"gpu\", \"below\": 2, \"latest\": \"30m\"} of a limit");
        }
        return new Capacity(limit, below.doubleValue(), ConfigValues.duration(json, "latest", "30m"));
    }
}
