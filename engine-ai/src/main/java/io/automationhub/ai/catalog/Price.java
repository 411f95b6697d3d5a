package io.automationhub.ai.catalog;

import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What models cost during some time.
 *
 * @param model whose names it is for
 * @param from the first day; null if it was always so
 * @param to the last day; null if it is still so
 * @param tiers by the length of the prompt, the shortest first; one of them counts for the whole request
 * @param multipliers of service tiers other than the usual one
 * @param source where it stands, and since when that is known
 */
record Price(
        Pattern model,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        List<Tier> tiers,
        Map<String, BigDecimal> multipliers,
        String source) {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /** What the providers call the tier that is meant when none is named. */
    private static final Set<String> USUAL = Set.of("", "standard", "default", "auto", "on_demand");

    /**
     * Prices for a million tokens.
     *
     * @param above for prompts with more tokens than these
     * @param cacheRead null if it is not known
     * @param cacheWrite by how long it stays there
     */
    record Tier(
            long above,
            BigDecimal input,
            @Nullable BigDecimal cacheRead,
            Map<String, BigDecimal> cacheWrite,
            BigDecimal output) {}

    boolean isFor(String name) {
        return model.matcher(name).matches();
    }

    boolean isOf(LocalDate day) {
        return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
    }

    Cost of(Usage usage, @Nullable String serviceTier) {
        String named = serviceTier == null ? "" : serviceTier;
        BigDecimal factor = USUAL.contains(named) ? BigDecimal.ONE : multipliers.get(named);
        if (factor == null) {
            return Cost.unknown("no price of the service tier '" + named + "' is known (" + source + ")");
        }
        Tier tier = tiers.get(0);
        for (Tier each : tiers) {
            tier = usage.input() > each.above() ? each : tier;
        }
        return cost(usage, tier, factor);
    }

    /** A price of a cache that is not known is taken to be that of the input, as a guess. */
    private Cost cost(Usage usage, Tier tier, BigDecimal factor) {
        boolean guessed = usage.cacheRead() > 0 && tier.cacheRead() == null;
        BigDecimal sum = times(tier.cacheRead() == null ? tier.input() : tier.cacheRead(), usage.cacheRead());
        for (Map.Entry<String, Long> written : usage.cacheWrite().entrySet()) {
            BigDecimal price = tier.cacheWrite().get(written.getKey());
            guessed |= price == null;
            sum = sum.add(times(price == null ? tier.input() : price, written.getValue()));
        }
        sum = sum.add(times(tier.input(), Math.max(0, usage.input() - usage.cacheRead() - usage.cacheWritten())))
                .add(times(tier.output(), usage.output()));
        BigDecimal amount = sum.multiply(factor).divide(MILLION, MathContext.DECIMAL64);
        return new Cost(
                amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros(),
                Cost.USD,
                usage.estimated() || guessed,
                source);
    }

    private static BigDecimal times(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }

    // ---------------------------------------------------------------- reading

    static Price read(@Nullable Object value) {
        if (!(value instanceof JsonObject json) || names(json.get("model")).isEmpty()) {
            throw wrong(
                    "a row is an object with 'model', the name of one or a list of names, found " + Json.write(value));
        }
        List<String> names = names(json.get("model"));
        String model = names.get(0);
        List<Tier> tiers = new ArrayList<>();
        if (json.get("tiers") instanceof JsonArray list) {
            list.forEach(tier -> tiers.add(tier(model, tier)));
        } else {
            tiers.add(tier(model, json));
        }
        if (tiers.isEmpty()) {
            throw wrong("'tiers' of '" + model + "' is empty");
        }
        tiers.sort(Comparator.comparingLong(Tier::above));
        String asOf = json.get("asOf") == null ? "" : ", as of " + Json.toText(json.get("asOf"));
        return new Price(
                ModelCatalog.pattern(names),
                day(model, "from", json.get("from")),
                day(model, "to", json.get("to")),
                List.copyOf(tiers),
                amounts(model, "multipliers", json.get("multipliers")),
                (json.get("source") == null ? "the host's price" : Json.toText(json.get("source"))) + asOf);
    }

    /** Empty if there are none, or something else. */
    private static List<String> names(@Nullable Object model) {
        if (model instanceof JsonArray list) {
            return list.stream().allMatch(String.class::isInstance)
                    ? list.stream().map(String.class::cast).toList()
                    : List.of();
        }
        return model instanceof String name ? List.of(name) : List.of();
    }

    private static Tier tier(String model, @Nullable Object value) {
        if (!(value instanceof JsonObject json)) {
            throw wrong("a tier of '" + model + "' is an object");
        }
        return new Tier(
                json.get("above") instanceof Long above ? above : 0,
                amount(model, "input", json.get("input")),
                json.get("cacheRead") == null ? null : amount(model, "cacheRead", json.get("cacheRead")),
                amounts(model, "cacheWrite", json.get("cacheWrite")),
                amount(model, "output", json.get("output")));
    }

    private static Map<String, BigDecimal> amounts(String model, String field, @Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof JsonObject json)) {
            throw wrong("'" + field + "' of '" + model + "' is an object");
        }
        Map<String, BigDecimal> amounts = new LinkedHashMap<>();
        json.forEach((name, each) -> amounts.put(name, amount(model, field + "." + name, each)));
        return Map.copyOf(amounts);
    }

    private static BigDecimal amount(String model, String field, @Nullable Object value) {
        try {
            BigDecimal amount = new BigDecimal(Json.toText(value));
            if (amount.signum() >= 0) {
                return amount;
            }
        } catch (NumberFormatException e) {
            throw wrong("'" + field + "' of '" + model + "' is no number: " + Json.write(value));
        }
        throw wrong("'" + field + "' of '" + model + "' is negative");
    }

    private static @Nullable LocalDate day(String model, String field, @Nullable Object value) {
        try {
            return value == null ? null : LocalDate.parse(Json.toText(value));
        } catch (DateTimeException e) {
            throw wrong("'" + field + "' of '" + model + "' is a date such as 2026-01-31, found " + Json.write(value));
        }
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read the prices of models: " + why);
    }
}
