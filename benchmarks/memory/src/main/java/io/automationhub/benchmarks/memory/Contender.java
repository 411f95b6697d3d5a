package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;

/**
 * An engine, or plain Java, that runs the shapes. The state of a run is one counter; a node reads it, adds one and
 * writes it back; a join adds up what its branches brought. Each method builds a workflow once and returns what runs it.
 */
interface Contender extends AutoCloseable {

    /** {@code length} nodes, one after the other, from 0; returns {@code length}. */
    LongSupplier chain(int length);

    /** One node from 0, {@code width} nodes side by side after it, and a join; returns {@code 2 * width}. */
    default LongSupplier fan(int width) {
        throw new UnsupportedOperationException("not measured");
    }

    /** One node from 0, a condition, one of two nodes, and a node in which they meet; returns 3. */
    default LongSupplier diamond() {
        throw new UnsupportedOperationException("not measured");
    }

    /** {@code width} nodes side by side that each block for some milliseconds, and a join; returns {@code width}. */
    default LongSupplier blocking(int width, int millis) {
        throw new UnsupportedOperationException("not measured");
    }

    @Override
    default void close() {}

    /** The contender of that name. */
    static Contender of(String name) {
        return switch (name) {
            case "plain" -> new PlainJava();
            case "map" -> new MapState();
            case "completableFuture" -> new Futures();
            case "executor" -> new RawExecutor();
            case "engine" -> new OurEngine(true);
            case "engineBare" -> new OurEngine(false);
            case "langgraph4j" -> new LangGraph();
            case "serverlessWorkflow" -> new ServerlessWorkflow();
            case "camel" -> new CamelRoutes();
            default -> throw new IllegalArgumentException("No contender '" + name + "'");
        };
    }

    /** Runs {@code work} once and fails unless it returns {@code expected}. */
    static LongSupplier checked(LongSupplier work, long expected) {
        for (int i = 0; i < 3; i++) {
            long result = work.getAsLong();
            if (result != expected) {
                throw new IllegalStateException("The contender returned " + result + " instead of " + expected);
            }
        }
        return work;
    }

    /** Blocks like a call over a network. */
    static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
