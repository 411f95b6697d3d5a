package io.automationhub.engine.node;

/** The time as an engine sees it. Implementations are safe for use by any number of threads. */
public interface EngineClock {

    /** Monotonic nanoseconds from an arbitrary origin. Called once or twice for each node; must be cheap. */
    long nanos();

    /** The wall-clock time at a reading of {@link #nanos}, in microseconds since 1970-01-01T00:00Z. */
    long epochMicros(long nanos);

    /**
     * Runs {@code action} once when {@link #nanos} has reached {@code nanos}: on a thread of the clock, or, where it has
     * already, perhaps on the calling one. The action is short and does not throw.
     *
     * @return withdraws the action; without effect after it ran
     */
    Runnable wakeAt(long nanos, Runnable action);
}
