package io.automationhub.engine.event;

import java.util.List;

/**
 * Hears of what happens in an engine's runs.
 *
 * <p>Every listener is called on one thread of its engine, never on a run's, in the order of each run. What it throws
 * is logged and goes no further. It may take its time: while it does, events queue up; beyond the queue's bound they are
 * dropped and {@link #onGap} says how many batches, which the engine's history can fill.
 */
@FunctionalInterface
public interface EngineListener {

    /** Something happened in one run, in this order. The list is never empty; its records are made when they are read. */
    void onEvents(List<ExecutionEvent> events);

    /** {@code batches} calls of {@link #onEvents} were left out here, because this listener is slower than the runs. */
    default void onGap(long batches) {}
}
