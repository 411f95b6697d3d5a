package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Param;

/** W3: a fan-out of 50 trivial nodes and a join. */
public class FanBenchmark extends ShapeBenchmark {

    private static final int WIDTH = 50;

    /** Who runs it. */
    @Param({"plain", "completableFuture", "executor", "engine", "camel", "serverlessWorkflow", "langgraph4j"})
    public String contender;

    @Override
    String contender() {
        return contender;
    }

    @Override
    LongSupplier shape(Contender who) {
        return who.fan(WIDTH);
    }

    @Override
    long expected() {
        return 2 * WIDTH;
    }
}
