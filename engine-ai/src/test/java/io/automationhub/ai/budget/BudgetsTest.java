package io.automationhub.ai.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.catalog.PriceTable;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Budgets.Spender ACME = new Budgets.Spender("acme", "w", "run-1", "ask");

    private final DocumentStore documents = new InMemoryDocumentStore();

    private static Budget budget(String json) {
        return Budget.of((JsonObject) Json.parse(json.replace('\'', '"')));
    }

    private static Usage tokens(long tokens) {
        return new Usage(tokens, 0, Map.of(), 0, 0, false);
    }

    private static Cost dollars(String amount) {
        return new Cost(new BigDecimal(amount), Cost.USD, false, "test");
    }

    private Budgets budgets(Budget... always) {
        return new Budgets(documents, List.of(always));
    }

    private static Budgets.Reservation reserve(Budgets budgets, Budgets.Spender spender, long tokens, Instant now) {
        return budgets.reserve(spender, List.of(), tokens(tokens), dollars("0.01"), MINUTE, now);
    }

    private static void assertRefused(Runnable request, String... said) {
        assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("budget"))
                .hasMessageContainingAll(said);
    }

    @Test
    void whatIsReservedCountsUntilItIsSettledByWhatWasUsed() {
        Budget budget = budget("{'id': 'team', 'per': 'tenant', 'tokens': 1000}");
        Budgets budgets = budgets(budget);
        Budgets.Reservation first = reserve(budgets, ACME, 700, NOW);

        assertRefused(() -> reserve(budgets, ACME, 301, NOW), "'team'", "1000 tokens per tenant", "700", "301");
        budgets.settle(first, tokens(200), dollars("0.01"), Duration.ofSeconds(3), NOW);

        BudgetStatus status = budgets.status(budget, ACME, NOW);
        assertThat(status.tokens()).isEqualTo(200);
        assertThat(status.calls()).isEqualTo(1);
        assertThat(status.amount()).isEqualByComparingTo("0.01");
        assertThat(status.time()).isEqualTo(Duration.ofSeconds(3));
        assertThat(reserve(budgets, ACME, 800, NOW)).isNotNull();
        assertRefused(() -> reserve(budgets, ACME, 1, NOW), "'team'");
        assertThat(reserve(budgets, new Budgets.Spender("other", "w", "r", "n"), 1000, NOW))
                .isNotNull();
    }

    @Test
    void ofManyProcessesAndThreadsNoneGetsMoreThanThereIs() throws Exception {
        Budget budget = budget("{'id': 'calls', 'per': 'tenant', 'calls': 100, 'amount': '1.00'}");
        List<Budgets> processes = List.of(budgets(budget), budgets(budget), budgets(budget));
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            List<Future<Boolean>> tried = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Budgets process = processes.get(i % processes.size());
                tried.add(threads.submit(() -> {
                    try {
                        Budgets.Reservation made = reserve(process, ACME, 10, NOW);
                        process.settle(made, tokens(7), dollars("0.01"), Duration.ofMillis(5), NOW);
                        return true;
                    } catch (NonRetriableException e) {
                        return false;
                    }
                }));
            }
            long made = 0;
            for (Future<Boolean> each : tried) {
                made += each.get() ? 1 : 0;
            }
            assertThat(made).isEqualTo(100);
        } finally {
            threads.shutdownNow();
        }
        BudgetStatus status = processes.get(0).status(budget, ACME, NOW);
        assertThat(status.calls()).isEqualTo(100);
        assertThat(status.tokens()).isEqualTo(700);
        assertThat(status.amount()).isEqualByComparingTo("1");
    }

    @Test
    void aRequestThatOneOfSeveralBudgetsRefusesIsChargedToNone() {
        Budget wide = budget("{'id': 'wide', 'per': 'tenant', 'tokens': 1000}");
        Budget narrow = budget("{'id': 'narrow', 'per': 'run', 'tokens': 10}");
        Budgets budgets = budgets(wide, narrow);

        assertRefused(() -> reserve(budgets, ACME, 11, NOW), "'narrow'", "per run");

        assertThat(budgets.status(wide, ACME, NOW).tokens()).isZero();
        assertThat(budgets.status(wide, ACME, NOW).calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "call,     w, run-1, ask, true",
        "node,     w, run-1, ask, false",
        "node,     w, run-1, other, true",
        "node,     w, run-2, ask, true",
        "run,      w, run-1, other, false",
        "run,      w, run-2, ask, true",
        "agent, w, run-2, ask, false",
        "agent, w, run-2, other, true",
        "agent, v, run-2, ask, true",
        "workflow, w, run-2, other, false",
        "workflow, v, run-2, other, true",
        "tenant,   v, run-2, other, false"
    })
    void whatIsCountedTogether(String per, String workflow, String execution, String node, boolean free) {
        Budgets budgets = budgets(budget("{'id': 'b', 'per': '" + per + "', 'tokens': 10}"));
        assertThat(reserve(budgets, ACME, 10, NOW)).isNotNull();
        Budgets.Spender other = new Budgets.Spender("acme", workflow, execution, node);

        if (free) {
            assertThat(reserve(budgets, other, 10, NOW)).isNotNull();
        } else {
            assertRefused(() -> reserve(budgets, other, 10, NOW), "'b'");
        }
    }

    @Test
    void aRefusalSaysWhenTheBudgetBeginsAnew() {
        Budgets budgets = budgets(
                budget("{'id': 'day', 'per': 'tenant', 'tokens': 10, 'period': 'day', 'zone': 'Europe/Berlin'}"));
        assertThat(reserve(budgets, ACME, 10, NOW)).isNotNull();

        assertRefused(() -> reserve(budgets, ACME, 1, NOW), "begins anew at 2026-11-27T23:00:00Z");

        assertRefused(() -> reserve(budgets, ACME, 1, Instant.parse("2026-11-27T22:59:59Z")), "'day'");
        assertThat(reserve(budgets, ACME, 10, Instant.parse("2026-11-27T23:00:00Z")))
                .isNotNull();
    }

    @Test
    void whatAProcessHadReservedThatDiedIsUsedUp() {
        Budget budget = budget("{'id': 'b', 'per': 'tenant', 'tokens': 100}");
        Budgets.Reservation unused = reserve(budgets(budget), ACME, 60, NOW);
        Budgets another = budgets(budget);
        Instant later = NOW.plus(Duration.ofMinutes(7));

        assertRefused(() -> reserve(another, ACME, 41, later), "60");
        Budgets.Reservation made = reserve(another, ACME, 40, later);
        another.settle(made, tokens(1), dollars("0"), MINUTE, later);

        assertThat(another.status(budget, ACME, later).tokens()).isEqualTo(61);
    }

    @Test
    void moneyThatNobodyCanCountIsNotSpent() {
        Cost unknown = PriceTable.standard().cost("nobody", "nobody", tokens(1), null, NOW);
        Budgets budgets = budgets(budget("{'id': 'money', 'per': 'tenant', 'amount': 5}"));

        assertRefused(
                () -> budgets.reserve(ACME, List.of(), tokens(1), unknown, MINUTE, NOW),
                "'money'",
                "not known",
                "nobody");
    }

    @Test
    void theTimeOfRequestsIsBounded() {
        Budgets budgets = budgets(budget("{'id': 'time', 'per': 'tenant', 'time': '10s'}"));
        Budgets.Reservation made = reserve(budgets, ACME, 1, NOW);
        assertThat(reserve(budgets, ACME, 1, NOW)).isNotNull();
        budgets.settle(made, tokens(1), dollars("0"), Duration.ofSeconds(10), NOW);

        assertRefused(() -> reserve(budgets, ACME, 1, NOW), "'time'", "10000 ms");
    }

    @Test
    void whatIsOverIsForgotten() {
        Budget budget = budget("{'id': 'b', 'per': 'run', 'tokens': 100}");
        Budgets budgets = budgets(budget);
        budgets.settle(reserve(budgets, ACME, 1, NOW), tokens(1), dollars("0"), MINUTE, NOW);
        Budgets.Spender next = new Budgets.Spender("acme", "w", "run-2", "ask");
        Instant later = NOW.plus(Duration.ofDays(2));
        budgets.settle(reserve(budgets, next, 1, later), tokens(1), dollars("0"), MINUTE, later);

        assertThat(budgets.forget("acme", NOW.plus(Duration.ofDays(1)))).isEqualTo(1);

        assertThat(budgets.status(budget, ACME, later).tokens()).isZero();
        assertThat(budgets.status(budget, next, later).tokens()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "HOUR,  Europe/Berlin,    2026-10-25T00:30:00Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
        "DAY,   Europe/Berlin,    2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        "DAY,   Europe/Berlin,    2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "DAY,   America/Santiago, 2026-09-06T12:00:00Z, 2026-09-06T04:00:00Z, 2026-09-07T03:00:00Z",
        "WEEK,  UTC,              2026-11-29T23:59:59Z, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "WEEK,  UTC,              2026-11-30T00:00:00Z, 2026-11-30T00:00:00Z, 2026-12-07T00:00:00Z",
        "MONTH, Asia/Kolkata,     2026-02-28T18:29:59Z, 2026-01-31T18:30:00Z, 2026-02-28T18:30:00Z",
        "MONTH, Asia/Kolkata,     2026-02-28T18:30:00Z, 2026-02-28T18:30:00Z, 2026-03-31T18:30:00Z",
        "YEAR,  UTC,              2024-02-29T12:00:00Z, 2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z"
    })
    void aPeriodIsThatOfTheCalendarInItsZone(
            BudgetPeriod.Unit unit, String zone, Instant at, Instant begin, Instant end) {
        BudgetPeriod period = new BudgetPeriod(unit, ZoneId.of(zone));

        assertThat(period.begin(at)).isEqualTo(begin);
        assertThat(period.end(at)).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'per': 'tenant'}                                              | limits nothing
            {'per': 'planet', 'tokens': 1}                                 | 'per' is call
            {'tokens': 1}                                                  | 'per' is call
            {'per': 'run', 'tokens': -1}                                   | from 0
            {'per': 'run', 'tokens': 1.5}                                  | from 0
            {'per': 'run', 'amount': 'much'}                               | US dollars
            {'per': 'run', 'amount': -1}                                   | negative
            {'per': 'run', 'tokens': 1, 'period': 'decade'}                | 'period' is hour
            {'per': 'run', 'tokens': 1, 'period': 'day', 'zone': 'Mars'}   | Europe/Berlin
            {'per': 'run', 'token': 1}                                     | no field 'token'
            """)
    void aBudgetThatIsNoneIsRefused(String json, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> budget(json)).withMessageContaining(said);
    }
}
