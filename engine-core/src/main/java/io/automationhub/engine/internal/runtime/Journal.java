package io.automationhub.engine.internal.runtime;

/**
 * Keeps what happened, turn by turn. Effects of a turn begin, and callers and listeners hear of it, only when its facts
 * are durable.
 */
@FunctionalInterface
public interface Journal {

    /** Keeps nothing: runs live and die with their process. */
    Journal NONE = (turn, whenDurable) -> true;

    /**
     * Appends the facts of one turn. Called on the run's thread, one turn of a run at a time.
     *
     * @param whenDurable to be called once, on any thread, when the facts are durable; never if this returns true
     * @return whether the facts are durable already
     */
    boolean append(Turn turn, Runnable whenDurable);
}
