package io.automationhub.store.jdbc;

import java.time.Duration;

/**
 * Hears what a store does, for a host's metrics. Called on threads of the store; implementations return quickly and do not
 * throw. All methods do nothing unless overridden.
 */
public interface StoreMetrics {

    /** Hears of nothing. */
    StoreMetrics NONE = new StoreMetrics() {};

    /** Runs were taken, and the oldest of them was due for so long. */
    default void claimed(int runs, Duration backlogAge) {}

    /** Runs of processes that died were handed on. */
    default void recovered(int runs) {}

    /** Others found that this process died, so that it joins anew. */
    default void fenced(long process) {}

    /** So many turns became durable with one commit, which took so long. */
    default void batchWritten(int turns, Duration took) {}

    /** A run was put aside. */
    default void putAside(String problem) {}

    /** Old runs were deleted. */
    default void deleted(int runs) {}
}
