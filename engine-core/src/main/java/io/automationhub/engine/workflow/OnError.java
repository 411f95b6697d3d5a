package io.automationhub.engine.workflow;

/** What follows when a node has failed for good. */
public enum OnError {
    /** Its scope fails. */
    FAIL,
    /** The run goes on by {@code out}; the node's output is the error. */
    CONTINUE,
    /** The run goes on by the {@code error} handle only. */
    ROUTE
}
