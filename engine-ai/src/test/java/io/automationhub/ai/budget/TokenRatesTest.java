package io.automationhub.ai.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenRatesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final DocumentStore documents = new InMemoryDocumentStore();

    private TokenRates rates(long tokens) {
        return new TokenRates(documents, Map.of("gpt", new TokenRates.Rate(tokens, MINUTE)));
    }

    @Test
    void whatIsTooMuchWaitsAndWhoComesLaterBeginsLater() {
        TokenRates one = rates(100);
        TokenRates other = rates(100);

        assertThat(one.place("acme", "gpt", 60, NOW)).isEqualTo(NOW);
        assertThat(other.place("acme", "gpt", 50, NOW.plusSeconds(10))).isEqualTo(NOW.plusSeconds(60));
        // There would be room for it at once, but it came later.
        assertThat(one.place("acme", "gpt", 10, NOW.plusSeconds(11))).isEqualTo(NOW.plusSeconds(60));
        assertThat(other.place("acme", "gpt", 41, NOW.plusSeconds(12))).isEqualTo(NOW.plusSeconds(120));
        assertThat(one.place("other", "gpt", 100, NOW)).isEqualTo(NOW);
        assertThat(one.place("acme", "free", 1_000_000, NOW)).isEqualTo(NOW);
    }

    @Test
    void aRequestThatMayUseMoreThanThereIsBeginsWhenNothingElseDoes() {
        TokenRates rates = rates(100);

        assertThat(rates.place("acme", "gpt", 1, NOW)).isEqualTo(NOW);
        assertThat(rates.place("acme", "gpt", 5000, NOW)).isEqualTo(NOW.plusSeconds(60));
        assertThat(rates.place("acme", "gpt", 1, NOW)).isEqualTo(NOW.plusSeconds(120));
    }

    @Test
    void inNoStretchOfTimeMoreBeginsThanTheRateAllows() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TokenRates rates = rates(1000);
        List<long[]> begun = new ArrayList<>();
        Instant at = NOW;
        for (int i = 0; i < 400; i++) {
            at = at.plusMillis(random.nextInt(9_000));
            long tokens = 1 + random.nextInt(400);
            begun.add(new long[] {rates.place("acme", "gpt", tokens, at).toEpochMilli(), tokens});
        }
        for (long[] end : begun) {
            long inside = begun.stream()
                    .filter(each -> each[0] <= end[0] && each[0] > end[0] - MINUTE.toMillis())
                    .mapToLong(each -> each[1])
                    .sum();
            assertThat(inside).as("seed %d", seed).isLessThanOrEqualTo(1000);
        }
        for (int i = 1; i < begun.size(); i++) {
            assertThat(begun.get(i)[0]).as("seed %d", seed).isGreaterThanOrEqualTo(begun.get(i - 1)[0]);
        }
    }

    @Test
    void aRateThatIsNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenRates.Rate(0, MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenRates.Rate(1, Duration.ZERO));
    }
}
