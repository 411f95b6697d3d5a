package io.automationhub.engine.internal.machine;

/** Where a run stands, or how it ends. */
public enum Outcome {
    /** Goes on. */
    RUNNING,
    /** Succeeds: all its nodes ended, or a {@code stop} node said so. */
    SUCCEEDED,
    /** Fails. */
    FAILED,
    /** Was cancelled. */
    CANCELLED
}
