package io.automationhub.ai.budget;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much may be used of models. A limit that is null does not limit.
 *
 * @param id tells it from other budgets
 * @param per what is counted together
 * @param period after which it begins anew; null if it never does
 * @param tokens read and written
 * @param amount in US dollars. A request whose price is not known is refused by a budget that limits it
 * @param calls requests, failed ones included
 * @param time that requests take together
 */
public record Budget(
        String id,
        Per per,
        @Nullable BudgetPeriod period,
        @Nullable Long tokens,
        @Nullable BigDecimal amount,
        @Nullable Long calls,
        @Nullable Duration time) {

    private static final Set<String> FIELDS =
            Set.of("id", "per", "period", "zone", "tokens", "amount", "calls", "time");

    /** What is counted together. */
    public enum Per {
        /** Each request by itself. */
        CALL,
        /** What a node uses in a run, in all of its iterations and attempts. */
        NODE,
        /** What a run uses. */
        RUN,
        /** What an agent, or any other node of a workflow, uses in all runs. */
        AGENT,
        /** What all runs of a workflow use. */
        WORKFLOW,
        /** What all runs of a tenant use. */
        TENANT;

        /** In lower case, as in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A budget as JSON has it: {@code {id, per, period, zone, tokens, amount, calls, time}}, where {@code period} is hour, day, week,
     * month or year, and {@code zone} one such as {@code Europe/Berlin}, UTC if absent.
     *
     * @throws IllegalArgumentException if it is none, saying what is wrong
     */
    public static Budget of(JsonObject json) {
        for (String field : json.keySet()) {
            if (!FIELDS.contains(field)) {
                throw wrong("it has no field '" + field
                        + "'; known are id, per, period, zone, tokens, amount, calls, time");
            }
        }
        Budget budget = new Budget(
                json.get("id") == null ? "budget" : Json.toText(json.get("id")),
                per(json.get("per")),
                period(json),
                whole(json, "tokens"),
                json.get("amount") == null ? null : amount(json.get("amount")),
                whole(json, "calls"),
                json.get("time") == null ? null : DurationText.parse(json.get("time")));
        if (budget.tokens == null && budget.amount == null && budget.calls == null && budget.time == null) {
            throw wrong("it limits nothing; give it tokens, amount, calls or time");
        }
        return budget;
    }

    private static Per per(@Nullable Object value) {
        for (Per each : Per.values()) {
            if (each.text().equals(value)) {
                return each;
            }
        }
        throw wrong("'per' is call, node, run, agent, workflow or tenant, found " + Json.write(value));
    }

    private static @Nullable BudgetPeriod period(JsonObject json) {
        if (json.get("period") == null) {
            return null;
        }
        for (BudgetPeriod.Unit unit : BudgetPeriod.Unit.values()) {
            if (unit.text().equals(json.get("period"))) {
                return new BudgetPeriod(unit, zone(json.get("zone")));
            }
        }
        throw wrong("'period' is hour, day, week, month or year, found " + Json.write(json.get("period")));
    }

    private static ZoneId zone(@Nullable Object value) {
        try {
            return value == null ? ZoneOffset.UTC : ZoneId.of(Json.toText(value));
        } catch (DateTimeException e) {
            throw wrong("'zone' is one such as Europe/Berlin, found " + Json.write(value));
        }
    }

    private static @Nullable Long whole(JsonObject json, String field) {
        Object value = json.get(field);
        if (value == null) {
            return null;
        }
        if (value instanceof Long number && number >= 0) {
            return number;
        }
        throw wrong("'" + field + "' is a whole number from 0, found " + Json.write(value));
    }

    private static BigDecimal amount(@Nullable Object value) {
        try {
            BigDecimal amount = new BigDecimal(Json.toText(value));
            if (amount.signum() >= 0) {
                return amount;
            }
        } catch (NumberFormatException e) {
            throw wrong("'amount' is a number of US dollars, found " + Json.write(value));
        }
        throw wrong("'amount' is negative");
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read a budget: " + why);
    }
}
