package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Param;

/** W5: 100 nodes side by side that block 50 ms each. */
public class BlockingBenchmark extends ShapeBenchmark {

    private static final int WIDTH = 100;
    private static final int MILLIS = 50;

    /** Who runs it. */
    @Param({"executor", "engine", "camel", "langgraph4j"})
    public String contender;

    @Override
    String contender() {
        return contender;
    }

    @Override
    LongSupplier shape(Contender who) {
        return who.blocking(WIDTH, MILLIS);
    }

    @Override
    long expected() {
        return WIDTH;
    }
}
