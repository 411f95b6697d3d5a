package io.automationhub.engine.event;

/** What became of a signal to a run. */
public enum SignalReceipt {
    /** It ended a wait. */
    TAKEN,
    /** Nothing waits for its name yet; it is kept for the wait that will. */
    KEPT,
    /** A signal with the same id was sent before; this one has no effect. */
    REPEATED,
    /** It is kept for a run that is with another process, which will hear of it. */
    SENT,
    /** The run has ended or is ending; the signal is refused. */
    ENDED,
    /** The run keeps as many signals of that name as it may; this one is refused. */
    FULL
}
