package io.automationhub.engine.event;

import java.util.Locale;

/** The status of a run. */
public enum ExecutionStatus {
    /** Started, but as many runs of its workflow are unfinished as may be; it begins when fewer are. */
    QUEUED,
    /** Started and not ended. */
    RUNNING,
    /** Not ended; nothing new begins until somebody resumes it. */
    PAUSED,
    /** Not ended: it does not succeed, and undoes what it did. */
    COMPENSATING,
    /** Ended, and its output is its result. */
    SUCCEEDED,
    /** Ended by a failure, a time-out or a {@code stop} node. */
    FAILED,
    /** Ended because somebody cancelled it. */
    CANCELLED;

    /** Whether nothing more happens in the run. */
    public boolean isEnded() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** The status in lower case, as files and APIs have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
