package io.automationhub.benchmarks.durable;

import java.util.concurrent.CompletionStage;

/** An engine that runs chains of ten steps with effects, each durable before the next one begins. */
interface Contender extends AutoCloseable {

    /** Steps of a chain: each adds one to a number that is nought at first. */
    int STEPS = 10;

    String name();

    /**
     * Begins one chain.
     *
     * @return completes when its end is durable; exceptionally if its result is not {@link #STEPS}
     */
    CompletionStage<?> start();

    @Override
    void close();

    static void check(Object result) {
        if (!(result instanceof Number number) || number.longValue() != STEPS) {
            throw new IllegalStateException("A chain of " + STEPS + " steps ended with " + result);
        }
    }
}
