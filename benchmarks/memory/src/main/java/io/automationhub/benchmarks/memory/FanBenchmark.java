package io.automationhub.benchmarks.memory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** W3: a fan-out of 50 trivial nodes and a join. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FanBenchmark {

    private static final int WIDTH = 50;

    @Param({"plain", "completableFuture", "executor", "engine", "camel", "serverlessWorkflow", "langgraph4j"})
    public String contender;

    private Contender running;
    private LongSupplier work;

    /** Builds the workflow and checks its result. */
    @Setup
    public void build() {
        running = Contender.of(contender);
        work = Contender.checked(running.fan(WIDTH), 2 * WIDTH);
    }

    /** Runs it once. */
    @Benchmark
    public long run() {
        return work.getAsLong();
    }

    /** Ends its threads. */
    @TearDown
    public void close() {
        running.close();
    }
}
