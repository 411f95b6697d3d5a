package io.automationhub.engine.event;

import java.util.Locale;

/** The status of a node run. */
public enum NodeStatus {
    /** An attempt runs. */
    RUNNING,
    /** No attempt runs: the node waits for a wake, or for its next attempt. */
    WAITING,
    /** Ended with an output. */
    SUCCEEDED,
    /** Ended with an error. */
    FAILED,
    /** Never ran, because no edge that leads to it was taken. */
    SKIPPED,
    /** Ended, or was never begun, because it was cancelled. */
    CANCELLED;

    /** Whether nothing more happens in the node run. */
    public boolean isEnded() {
        return this != RUNNING && this != WAITING;
    }

    /** The status in lower case, as files and APIs have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
