package io.automationhub.engine.event;

/** What became of a decision. */
public enum DecisionReceipt {
    /** It decides the approval. */
    ACCEPTED,
    /** The run has not come to the approval yet; the decision is kept for it. */
    KEPT,
    /** The approval was decided before; this decision has no effect. */
    ALREADY_DECIDED,
    /** Nobody decided in time; this decision has no effect. */
    EXPIRED,
    /** The run has ended, or is ending, without a decision; this one has no effect. */
    ENDED,
    /** It is kept for a run that is with another process, which will hear of it. */
    SENT,
    /** The token is none of this engine for this tenant. */
    INVALID_TOKEN
}
