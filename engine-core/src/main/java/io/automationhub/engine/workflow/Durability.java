package io.automationhub.engine.workflow;

/** What a durable store keeps of the runs of a workflow while they go on. */
public enum Durability {
    /** Everything, turn by turn: a run survives its process. */
    DURABLE,
    /** That it began, and how it ended: a run whose process dies has failed with the kind {@code lost}. */
    NONE
}
