package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Param;

/** W3 with a thread for each of the 50 nodes. */
public class DispatchedFanBenchmark extends ShapeBenchmark {

    private static final int WIDTH = 50;

    /** Who runs it. */
    @Param({"executor", "engine", "engineBare"})
    public String contender;

    @Override
    String contender() {
        return contender;
    }

    @Override
    LongSupplier shape(Contender who) {
        return who instanceof OurEngine engine ? engine.dispatchedFan(WIDTH) : who.fan(WIDTH);
    }

    @Override
    long expected() {
        return 2 * WIDTH;
    }
}
