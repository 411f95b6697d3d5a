package io.automationhub.engine.schedule;

import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes rules as they stand in files. */
final class RuleWriter {

    private RuleWriter() {}

    static JsonObject write(ScheduleRule rule) {
        JsonObject.Builder json = JsonObject.builder();
        Timing timing = rule.timing();
        if (timing instanceof Timing.Cron cron) {
            json.put("cron", cron.expression().text())
                    .put("dialect", cron.expression().dialect().text());
        } else if (timing instanceof Timing.Interval interval) {
            json.put("every", interval.every().toString()).put("countFrom", interval.fromEnd() ? "end" : "start");
        } else if (timing instanceof Timing.After after) {
            Upstream upstream = after.upstream();
            JsonObject.Builder of = JsonObject.builder()
                    .put("workflows", upstream.workflows())
                    .put("need", upstream.all() ? "all" : "any")
                    .put("on", upstream.onlySuccess() ? "success" : "completion");
            put(of, "within", upstream.within(), Duration::toString);
            json.put("after", of.build());
        } else if (timing instanceof Timing.At at) {
            json.put("at", at.instants().stream().map(Instant::toString).toList());
        }
        json.put("zone", rule.zone().getId());
        JsonObject.Builder saving = JsonObject.builder();
        put(saving, "gap", rule.gap(), gap -> gap.name().toLowerCase(Locale.ROOT));
        put(saving, "overlap", rule.overlap(), overlap -> overlap.name().toLowerCase(Locale.ROOT));
        json.put("daylightSaving", saving.build());
        put(json, "from", rule.from(), Instant::toString);
        put(json, "until", rule.until(), Instant::toString);
        json.put(
                        "calendars",
                        rule.calendars().stream().map(CalendarRule::toJson).toList())
                .put("closedDays", rule.closedDays().text())
                .put(
                        "misfire",
                        JsonObject.of("backfill", rule.misfire().most())
                                .with("tolerance", rule.misfire().tolerance().toString()))
                .put("whileRunning", rule.whileRunning().text())
                .put("jitter", rule.jitter().toString());
        put(
                json,
                "spread",
                rule.spread(),
                spread -> JsonObject.of("window", spread.window().toString()).with("slots", spread.slots()));
        put(json, "cheapest", rule.cheapest(), RuleWriter::json);
        put(
                json,
                "capacity",
                rule.capacity(),
                capacity -> JsonObject.of("limit", capacity.limit())
                        .with("below", BigDecimal.valueOf(capacity.below()))
                        .with("latest", capacity.latest().toString()));
        return json.build();
    }

    private static JsonObject json(Cheapest cheapest) {
        JsonObject.Builder prices = JsonObject.builder();
        cheapest.prices().forEach((at, price) -> prices.put(at.toString(), price));
        JsonObject.Builder daily = JsonObject.builder();
        cheapest.daily().forEach((at, price) -> daily.put(at.toString(), price));
        return JsonObject.of("within", cheapest.within().toString())
                .with("prices", prices.build())
                .with("daily", daily.build());
    }

    private static <T> void put(JsonObject.Builder json, String key, @Nullable T value, Function<T, Object> text) {
        if (value != null) {
            json.put(key, text.apply(value));
        }
    }
}
