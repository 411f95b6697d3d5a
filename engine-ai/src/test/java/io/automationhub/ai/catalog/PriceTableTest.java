package io.automationhub.ai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {

    private static final Usage USED = new Usage(1000, 0, Map.of(), 100, 0, false);

    private static Cost cost(String model, Usage usage, String tier, String day) {
        return PriceTable.standard().cost(model, model, usage, tier, Instant.parse(day + "T12:00:00Z"));
    }

    private static JsonArray rows(String text) {
        return (JsonArray) Json.parse(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource({
        // 1,000 tokens of input and 100 of output, on the day before and after prices change.
        "gemini-4-argon,    2026-11-30, 0.003",
        "gemini-4-argon,    2026-12-01, 0.006",
        "gemini-3.8-flash,  2026-12-31, 0.001125",
        "gemini-3.8-flash,  2027-01-01, 0.00225",
        "claude-opus-5-5,   2026-09-22, 0.006",
        "claude-opus-5,     2026-11-01, 0.0075",
        "gpt-6-luna,        2026-11-01, 0.00015",
        "gpt-6-luna-2026-09-22, 2026-11-01, 0.00015",
        "gpt-5.6-sol,       2026-08-20, 0.008",
        "gpt-5.6-sol,       2026-08-21, 0.006",
        "gpt-4o-2024-11-20, 2026-11-01, 0.0035",
        "gpt-4-turbo,       2026-11-01, 0.013",
        "claude-3-haiku-20240307, 2026-11-01, 0.000375",
        "claude-sonnet-4-6, 2026-03-12, 0.0045",
        "gemini-2.5-pro,    2026-11-01, 0.00225",
        "scripted,          2026-11-01, 0"
    })
    void aPriceIsThatOfTheDay(String model, String day, BigDecimal amount) {
        assertThat(cost(model, USED, null, day).amount()).isEqualByComparingTo(amount);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5, 2026-09-21",
        "claude-opus-5-7, 2026-11-01",
        "gpt-6-luna-mini, 2026-11-01",
        "gpt-4o-2024-05-13, 2026-11-01",
        "gpt-4o-audio-preview, 2026-11-01",
        "'', 2026-11-01"
    })
    void aPriceThatIsNotKnownIsNotNothing(String model, String day) {
        Cost cost = cost(model, USED, null, day);

        assertThat(cost.isKnown()).isFalse();
        assertThat(cost.why()).contains("no price of the model '" + model + "'").contains(day);
        assertThat(cost.plus(Cost.free("")).isKnown()).isFalse();
        assertThat(Cost.free("").plus(cost).isKnown()).isFalse();
    }

    @Test
    void theLengthOfThePromptDecidesForTheWholeRequestAndCachesCount() {
        Usage shorter = new Usage(100_000, 60_000, Map.of(), 1000, 0, false);
        Usage longer = new Usage(100_001, 60_000, Map.of(), 1000, 0, false);

        // 40,000 × 0.10 + 60,000 × 0.01 + 1,000 × 0.50
        assertThat(cost("claude-haiku-5-5", shorter, null, "2026-11-01").amount())
                .isEqualByComparingTo("0.0051");
        // 40,001 × 0.50 + 60,000 × 0.05 + 1,000 × 2.50
        assertThat(cost("claude-haiku-5-5", longer, null, "2026-11-01").amount())
                .isEqualByComparingTo("0.0255005");
    }

    @Test
    void whatWasPutIntoACacheCostsByItsTime() {
        Usage written = new Usage(3000, 0, Map.of("5m", 1000L, "1h", 2000L), 0, 0, false);

        // 1,000 × 5 + 2,000 × 8
        assertThat(cost("claude-opus-5-5", written, null, "2026-11-01").amount())
                .isEqualByComparingTo("0.021");
    }

    @Test
    void aCacheWithoutAPriceIsAGuessAtTheInputs() {
        Usage cached = new Usage(1000, 1000, Map.of(), 0, 0, false);

        Cost cost = cost("gemini-2.0-flash-lite", cached, null, "2026-11-01");

        assertThat(cost.amount()).isEqualByComparingTo("0.000075");
        assertThat(cost.estimated()).isTrue();
        assertThat(cost("gemini-4-argon", cached, null, "2026-11-01").estimated())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"standard, 0.0015", "default, 0.0015", "flex, 0.00075", "fast, 0.003"})
    void aServiceTierMultiplies(String tier, BigDecimal amount) {
        assertThat(cost("gpt-6.1-terra", USED, tier, "2026-11-01").amount()).isEqualByComparingTo(amount);
    }

    @Test
    void aServiceTierThatIsNotKnownHasNoPrice() {
        assertThat(cost("gpt-6.1-terra", USED, "priority", "2026-11-01").isKnown())
                .isFalse();
    }

    @Test
    void theModelThatWasAskedCountsIfTheOneThatAnsweredHasNoPrice() {
        PriceTable table = PriceTable.standard().with(rows("[{'model': 'house', 'input': 1, 'output': 2}]"));

        assertThat(table.cost("house-build-7", "house", USED, null, Instant.EPOCH)
                        .amount())
                .isEqualByComparingTo("0.0012");
    }

    @Test
    void aRowOfTheHostComesBeforeTheLibrarys() {
        PriceTable table = PriceTable.standard().with(rows("[{'model': 'gpt-6*', 'input': '0.5', 'output': 0}]"));

        assertThat(table.cost("gpt-6-luna", "x", USED, null, Instant.EPOCH).amount())
                .isEqualByComparingTo("0.0005");
        assertThat(table.cost("gpt-6-luna", "x", USED, null, Instant.EPOCH).why())
                .isEqualTo("the host's price");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{'input': 1, 'output': 1}]                                     | 'model'
            [{'model': 'm', 'output': 1}]                                   | 'input' of 'm'
            [{'model': 'm', 'input': 'free', 'output': 1}]                  | no number
            [{'model': 'm', 'input': -1, 'output': 1}]                      | negative
            [{'model': 'm', 'input': 1, 'output': 1, 'from': 'May'}]        | a date
            [{'model': 'm', 'tiers': []}]                                   | empty
            [{'model': 'm', 'input': 1, 'output': 1, 'multipliers': 2}]     | 'multipliers'
            [7]                                                             | an object
            """)
    void aRowThatIsNoneIsRefused(String rows, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceTable.standard().with(rows(rows)))
                .withMessageContaining(said);
    }

    @Test
    void amountsAreExact() {
        Usage one = new Usage(1, 0, Map.of(), 0, 0, false);
        Cost sum = Cost.free("");
        for (int i = 0; i < 1000; i++) {
            sum = sum.plus(cost("gpt-6-luna", one, null, "2026-11-01"));
        }
        assertThat(sum.amount()).isEqualByComparingTo("0.0001");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{'sampling': true}]                      | 'model'
            [{'model': 'm', 'sampling': 'yes'}]       | true or false
            [{'model': 'm', 'efforts': ['much']}]     | among
            [{'model': 'm', 'retired': 'soon'}]       | a date
            """)
    void aRowOfTheCatalogThatIsNoneIsRefused(String rows, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelCatalog.standard().with(rows(rows)))
                .withMessageContaining(said);
    }

    @Test
    void whatIsKnownOfAModelIsThatOfTheFirstRowThatFits() {
        ModelCatalog catalog =
                ModelCatalog.standard().with(rows("[{'model': 'claude-opus-5-5', 'sampling': true, 'context': 5}]"));

        assertThat(catalog.traits("claude-opus-5-5").sampling()).isTrue();
        assertThat(catalog.traits("claude-opus-5-5").context()).isEqualTo(5);
        assertThat(catalog.traits("claude-opus-5-5-latest").sampling()).isFalse();
        assertThat(catalog.traits("nobody-knows")).isEqualTo(ModelTraits.UNKNOWN);
    }
}
