package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Param;

/** W1 and W2: a chain of trivial nodes. */
public class ChainBenchmark extends ShapeBenchmark {

    /** How many nodes. */
    @Param({"10", "100"})
    public int length;

    /** Who runs it. */
    @Param({
        "plain",
        "map",
        "completableFuture",
        "executor",
        "engine",
        "engineBare",
        "camel",
        "serverlessWorkflow",
        "langgraph4j"
    })
    public String contender;

    @Override
    String contender() {
        return contender;
    }

    @Override
    LongSupplier shape(Contender who) {
        return who.chain(length);
    }

    @Override
    long expected() {
        return length;
    }
}
