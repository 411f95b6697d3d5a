package io.automationhub.engine.internal.machine;

/** What a {@code forEach} does when an item fails. */
public enum OnItemError {
    /** Cancels the other items and fails. */
    FAIL,
    /** Goes on, and puts null where the item's result would be. */
    CONTINUE,
    /** Goes on, and puts what became of each item, result or error, into its output. */
    COLLECT
}
