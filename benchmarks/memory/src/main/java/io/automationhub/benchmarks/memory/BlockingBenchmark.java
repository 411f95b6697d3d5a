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

/** W5: 100 nodes side by side that block 50 ms each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BlockingBenchmark {

    private static final int WIDTH = 100;
    private static final int MILLIS = 50;

    @Param({"executor", "engine", "camel", "langgraph4j"})
    public String contender;

    private Contender running;
    private LongSupplier work;

    /** Builds the workflow and checks its result. */
    @Setup
    public void build() {
        running = Contender.of(contender);
        work = Contender.checked(running.blocking(WIDTH, MILLIS), WIDTH);
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
