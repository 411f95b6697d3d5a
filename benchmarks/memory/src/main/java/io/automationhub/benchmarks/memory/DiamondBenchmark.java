package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Param;

/** W4: one of two ways, which meet again. */
public class DiamondBenchmark extends ShapeBenchmark {

    /** Who runs it. */
    @Param({"plain", "engine", "engineBare", "camel", "serverlessWorkflow", "langgraph4j"})
    public String contender;

    @Override
    String contender() {
        return contender;
    }

    @Override
    LongSupplier shape(Contender who) {
        return who.diamond();
    }

    @Override
    long expected() {
        return 3;
    }
}
