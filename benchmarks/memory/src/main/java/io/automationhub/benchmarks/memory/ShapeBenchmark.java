package io.automationhub.benchmarks.memory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One shape of workflow, run by one contender after the other; a subclass says which shape and which contenders. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class ShapeBenchmark {

    private Contender running;
    private LongSupplier work;

    abstract String contender();

    /** What runs the shape. */
    abstract LongSupplier shape(Contender contender);

    /** What a run of the shape returns. */
    abstract long expected();

    /** Builds the workflow and checks its result. */
    @Setup
    public void build() {
        running = Contender.of(contender());
        work = Contender.checked(shape(running), expected());
    }

    /** Runs it once. */
    @Benchmark
    public long run() {
        return work.getAsLong();
    }

    /** Ends the contender's threads. */
    @TearDown
    public void close() {
        running.close();
    }
}
