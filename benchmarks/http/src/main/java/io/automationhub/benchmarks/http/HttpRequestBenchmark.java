package io.automationhub.benchmarks.http;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request at a time: what each way allocates. {@link RequestRounds} compares their times. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HttpRequestBenchmark {

    private RequestWays ways;

    @Setup
    public void prepare() throws IOException {
        ways = new RequestWays();
    }

    @TearDown
    public void close() throws IOException {
        ways.close();
    }

    @Benchmark
    public Object okHttp() throws IOException {
        return ways.okHttp();
    }

    @Benchmark
    public Object okHttpOnAThreadOfItsOwn() throws InterruptedException, ExecutionException {
        return ways.okHttpOnAThreadOfItsOwn();
    }

    @Benchmark
    public Object door() {
        return ways.door();
    }

    @Benchmark
    public Object workflow() {
        return ways.workflow();
    }

    @Benchmark
    public Object workflowOnTheCallersThread() {
        return ways.workflowOnTheCallersThread();
    }
}
