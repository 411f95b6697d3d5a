package io.automationhub.engine.workflow;

/** What becomes of an attempt that was under way when its process died. */
public enum OnCrash {
    /** It begins again, with the same configuration and idempotency key: at least once. */
    REPEAT,
    /** It has failed with the kind {@code interrupted}, and is not tried again: at most once. */
    FAIL
}
