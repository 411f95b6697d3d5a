package io.automationhub.ai.budget;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How much was used, or may be.
 *
 * @param amount of money, in US dollars
 * @param calls requests to models
 * @param time that requests took together
 */
record Amounts(long tokens, BigDecimal amount, long calls, Duration time) {

    static final Amounts NONE = new Amounts(0, BigDecimal.ZERO, 0, Duration.ZERO);

    /** What a request used. */
    static Amounts of(Usage usage, Cost cost, Duration took) {
        BigDecimal amount = cost.amount() == null ? BigDecimal.ZERO : cost.amount();
        return new Amounts(usage.total(), amount, 1, took);
    }

    Amounts plus(Amounts other) {
        return new Amounts(tokens + other.tokens, amount.add(other.amount), calls + other.calls, time.plus(other.time));
    }

    static Amounts of(JsonObject json) {
        return new Amounts(
                whole(json, "tokens"),
                json.get("amount") == null ? BigDecimal.ZERO : new BigDecimal(Json.toText(json.get("amount"))),
                whole(json, "calls"),
                Duration.ofMillis(whole(json, "millis")));
    }

    private static long whole(JsonObject json, String field) {
        return json.get(field) instanceof Long number ? number : 0;
    }

    /** Money stands as text, so that nothing rounds it. */
    JsonObject json() {
        return JsonObject.builder()
                .put("tokens", tokens)
                .put("amount", amount.toPlainString())
                .put("calls", calls)
                .put("millis", time.toMillis())
                .build();
    }
}
