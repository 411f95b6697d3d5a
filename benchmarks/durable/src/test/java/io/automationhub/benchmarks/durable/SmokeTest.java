package io.automationhub.benchmarks.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs every measurement for a moment, so that none of them rots. Says nothing about speed. */
@EnabledIfSystemProperty(named = "benchmarks.smoke", matches = "true", disabledReason = "runs with -Pall")
class SmokeTest {

    @Test
    void everyMeasurementRuns() throws Exception {
        List<Chains.Row> rows = new ArrayList<>();
        try (PostgresServer server = new PostgresServer()) {
            new Chains(server, 0.4).measure(List.of("ours", "dbos:1", "flowable:8"), rows::add);
            Fans.measure(server, 2);
            Suspended.measure(server, 100);
            Orphans.measure(server, 50);
            Jobs.measure(server, 100);
            Ended.measure(server, 100, 2);
        }
        assertThat(rows).extracting(Chains.Row::inFlight).containsExactly(1, 64, 1024, 1, 8);
        assertThat(rows).allSatisfy(row -> assertThat(row.load().chains()).isPositive());
    }
}
