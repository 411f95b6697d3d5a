package io.automationhub.ai.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.automationhub.ai.model.Usage;
import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What models cost, in rows of which the first that fits a model's name and the day (in UTC) counts. Immutable.
 *
 * <p>A row is an object: {@code model} is the name, with {@code *} for any letters, or a list of names; {@code from} and {@code to} are its first and
 * last day; {@code input}, {@code cacheRead}, {@code cacheWrite} (by how long it stays, as {@code {"5m": 5, "1h": 8}}) and {@code
 * output} are prices in US dollars for a million tokens; {@code tiers} has several of these, each with {@code above}, the tokens of
 * input that are not yet its own; {@code multipliers} is by service tier; {@code source} and {@code asOf} say where it stands.
 */
public final class PriceTable {

    /** More names of models than a host uses. */
    private static final int NAMES = 1_000;

    private final List<Price> prices;

    /** The rows for the name of a model, whatever the day: to look at all of them took a fifth of a short call. */
    private final LoadingCache<String, List<Price>> byModel;

    private PriceTable(List<Price> prices) {
        this.prices = List.copyOf(prices);
        byModel = Caffeine.newBuilder()
                .maximumSize(NAMES)
                .build(name ->
                        this.prices.stream().filter(price -> price.isFor(name)).toList());
    }

    /** What the providers asked when this version of the library was made. To be looked at before it is billed. */
    public static PriceTable standard() {
        return Standard.PRICES;
    }

    /** Read when it is first needed. */
    private static final class Standard {
        static final PriceTable PRICES = new PriceTable(
                read(Schemas.resource(PriceTable.class, "prices.json").get("prices")));
    }

    private static List<Price> read(@Nullable Object value) {
        if (!(value instanceof JsonArray list)) {
            throw new IllegalArgumentException(
                    "Cannot read the prices of models: they are a list, found " + Json.typeName(value));
        }
        return list.stream().map(Price::read).toList();
    }

    /**
     * This table with rows that come before its own.
     *
     * @throws IllegalArgumentException if one is none
     */
    public PriceTable with(JsonArray more) {
        List<Price> all = new ArrayList<>(read(more));
        all.addAll(prices);
        return new PriceTable(all);
    }

    /**
     * What a call cost.
     *
     * @param model that answered; if no price of it is known, that of the one that was asked counts
     * @param asked for a model
     * @param serviceTier as the provider names it; null if it did not
     * @param at when it was asked
     */
    public Cost cost(String model, String asked, Usage usage, @Nullable String serviceTier, Instant at) {
        LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
        return price(model, day)
                .or(() -> asked.equals(model) ? Optional.empty() : price(asked, day))
                .map(price -> price.of(usage, serviceTier))
                .orElseGet(() -> Cost.unknown("no price of the model '" + model + "' on " + day
                        + " is known; add it by AiModule.builder().prices"));
    }

    private Optional<Price> price(String model, LocalDate day) {
        for (Price price : byModel.get(model)) {
            if (price.isOf(day)) {
                return Optional.of(price);
            }
        }
        return Optional.empty();
    }
}
