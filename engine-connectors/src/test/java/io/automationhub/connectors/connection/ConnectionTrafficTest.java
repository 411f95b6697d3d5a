package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What processes share of a connection: the rate of its requests, and whether its server fails. */
class ConnectionTrafficTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final CircuitBreaker BREAKER = new CircuitBreaker(3, Duration.ofSeconds(30));

    private final DocumentStore documents = new InMemoryDocumentStore();
    private final ConnectionTraffic one = new ConnectionTraffic(documents);
    private final ConnectionTraffic other = new ConnectionTraffic(documents);

    @Test
    void requestsBeginAtOnceUntilTheRateIsUsedUpAndThenWhenTheFirstCountsNoLonger() {
        RequestRate rate = new RequestRate(3, Duration.ofSeconds(10));

        assertThat(one.place("t", "c", rate, START)).isEqualTo(START);
        assertThat(other.place("t", "c", rate, START.plusSeconds(4))).isEqualTo(START.plusSeconds(4));
        assertThat(one.place("t", "c", rate, START.plusSeconds(5))).isEqualTo(START.plusSeconds(5));
        assertThat(other.place("t", "c", rate, START.plusSeconds(6))).isEqualTo(START.plusSeconds(10));
        assertThat(one.place("t", "c", rate, START.plusSeconds(6))).isEqualTo(START.plusSeconds(14));
        assertThat(one.place("t", "another", rate, START.plusSeconds(6))).isEqualTo(START.plusSeconds(6));
        assertThat(one.place("u", "c", rate, START.plusSeconds(6))).isEqualTo(START.plusSeconds(6));
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "7, 1000", "100, 60000", "1000, 1000", "5000, 3600000"})
    void inAnyTimeOfTheRateNoMoreRequestsBeginThanItAllows(long most, long millis) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RequestRate rate = new RequestRate(most, Duration.ofMillis(millis));
        List<Long> begun = new ArrayList<>();
        long now = START.toEpochMilli();
        for (int i = 0; i < 3000; i++) {
            now += random.nextInt(4) == 0 ? random.nextLong(Math.max(2, 4 * millis / most)) : 0;
            ConnectionTraffic any = random.nextBoolean() ? one : other;
            begun.add(any.place("t", "c", rate, Instant.ofEpochMilli(now)).toEpochMilli());
        }

        assertThat(begun).as("seed %d", seed).isSorted();
        for (int i = 0; i + most < begun.size(); i++) {
            assertThat(begun.get((int) (i + most)) - begun.get(i))
                    .as("seed %d, request %d", seed, i)
                    .isGreaterThanOrEqualTo(millis);
        }
    }

    @Test
    void aRateIsUsedAsFarAsItAllowsButForAFiftieth() {
        RequestRate rate = new RequestRate(100, Duration.ofSeconds(10));
        Instant last = START;
        for (int i = 0; i < 1000; i++) {
            last = one.place("t", "c", rate, START.plusMillis(i));
        }

        assertThat(Duration.between(START, last)).isBetween(Duration.ofSeconds(90), Duration.ofMillis(92_000));
    }

    @Test
    void processesAndThreadsThatAskAtTheSameTimeGetPlacesOfTheirOwn() throws Exception {
        RequestRate rate = new RequestRate(1, Duration.ofMillis(10));
        List<Future<Instant>> places = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 200; i++) {
                ConnectionTraffic any = i % 2 == 0 ? one : other;
                places.add(threads.submit(() -> any.place("t", "c", rate, START)));
            }
            List<Instant> got = new ArrayList<>();
            for (Future<Instant> place : places) {
                got.add(place.get());
            }
            assertThat(got).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }

    // ---------------------------------------------------------------- circuit breaker

    private void fail(ConnectionTraffic from, Instant now) {
        from.failed("t", "c", BREAKER, now);
    }

    private void assertLeftAlone(ConnectionTraffic from, Instant now, Duration rest) {
        assertThatThrownBy(() -> from.admit("t", "c", BREAKER, now))
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("unavailable");
                    assertThat(e.retryAfter()).contains(rest);
                })
                .hasMessageContaining("3 requests in a row failed");
    }

    @Test
    void aServerThatFailsIsLeftAloneByAllProcesses() {
        fail(one, START);
        fail(other, START);
        assertThat(one.admit("t", "c", BREAKER, START)).isEqualTo(2);
        fail(one, START);

        assertLeftAlone(one, START.plusSeconds(10), Duration.ofSeconds(20));
        assertLeftAlone(other, START.plusSeconds(29), Duration.ofSeconds(1));
        assertThat(other.health("t", "c")).isEqualTo(new ConnectionHealth(3, Optional.of(START.plusSeconds(30))));
    }

    @Test
    void afterThePauseOneRequestTriesAndTheOthersWaitForIt() {
        for (int i = 0; i < 3; i++) {
            fail(one, START);
        }
        Instant later = START.plusSeconds(31);

        assertThat(one.admit("t", "c", BREAKER, later)).isEqualTo(3);
        assertLeftAlone(other, later.plusSeconds(1), Duration.ofSeconds(29));

        one.succeeded("t", "c");
        assertThat(other.admit("t", "c", BREAKER, later.plusSeconds(1))).isZero();
        assertThat(other.health("t", "c")).isEqualTo(new ConnectionHealth(0, Optional.empty()));
    }

    @Test
    void aRequestThatTriesAndFailsPausesAgain() {
        for (int i = 0; i < 3; i++) {
            fail(one, START);
        }
        Instant later = START.plusSeconds(31);
        long unused = other.admit("t", "c", BREAKER, later);
        other.failed("t", "c", BREAKER, later.plusSeconds(5));

        assertThatThrownBy(() -> one.admit("t", "c", BREAKER, later.plusSeconds(34)))
                .hasMessageContaining("4 requests in a row failed");
        assertThat(one.admit("t", "c", BREAKER, later.plusSeconds(36))).isEqualTo(4);
    }

    @Test
    void aSuccessBetweenFailuresCountsThemAnew() {
        fail(one, START);
        fail(one, START);
        other.succeeded("t", "c");
        fail(one, START);

        assertThat(one.admit("t", "c", BREAKER, START)).isEqualTo(1);
    }
}
