package io.automationhub.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs every benchmark for a moment, so that none of them rots. Says nothing about speed. */
@EnabledIfSystemProperty(named = "benchmarks.smoke", matches = "true", disabledReason = "runs with -Pall")
class SmokeTest {

    private static final int BENCHMARKS = 5;

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io.automationhub.benchmarks.http.*")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(20))
                        .timeout(new TimeValue(30, TimeUnit.SECONDS))
                        .shouldFailOnError(true)
                        .build())
                .run();
        assertThat(results).hasSize(BENCHMARKS);
    }
}
