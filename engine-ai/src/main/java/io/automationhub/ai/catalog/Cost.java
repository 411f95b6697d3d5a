package io.automationhub.ai.catalog;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What something cost. What is not known is not 0.
 *
 * @param amount null if it is not known
 * @param currency as ISO 4217 has it
 * @param estimated whether the amount is a guess, because tokens or a price were one
 * @param why where the price comes from, or why there is none
 */
public record Cost(@Nullable BigDecimal amount, String currency, boolean estimated, String why) {

    private static final JsonObject.Shape SHAPE =
            JsonObject.Shape.of(List.of("amount", "currency", "estimated", "why"));

    /** The currency of the providers' prices. */
    public static final String USD = "USD";

    /** Nothing was used that costs anything. */
    public static Cost free(String why) {
        return new Cost(BigDecimal.ZERO, USD, false, why);
    }

    static Cost unknown(String why) {
        return new Cost(null, USD, false, why);
    }

    /** Whether there is an amount. */
    public boolean isKnown() {
        return amount != null;
    }

    /** Both together: not known if one of them is not. */
    public Cost plus(Cost other) {
        if (amount == null || other.amount == null) {
            return unknown(amount == null ? why : other.why);
        }
        return new Cost(
                amount.add(other.amount),
                currency,
                estimated || other.estimated,
                why.equals(other.why) ? why : why + "; " + other.why);
    }

    /** A cost as {@link #toJson} writes it. */
    public static Cost of(JsonObject json) {
        Object amount = json.get("amount");
        return new Cost(
                amount == null || amount instanceof BigDecimal
                        ? (BigDecimal) amount
                        : new BigDecimal(Json.toText(amount)),
                Json.toText(json.get("currency")),
                Boolean.TRUE.equals(json.get("estimated")),
                Json.toText(json.get("why")));
    }

    /** As it stands in the outputs of nodes. */
    public JsonObject toJson() {
        return SHAPE.object(amount, currency, estimated, why);
    }
}
