package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.workflow.Limit;
import java.util.Map;

/**
 * How many attempts may run at the same time, or begin within some time, in all runs whose workflows name the same limits. An attempt needs a place in
 * each of them; a run whose attempt finds none waits, and hears a {@link Event.PlaceFree} when it has one: the run with the
 * highest priority first, then the one that came first. Safe for use by several threads; nothing here waits.
 */
interface AttemptLimits {

    /** Takes a place for an attempt of a run. False if there is none yet; then the run hears when there is. */
    boolean take(Execution execution);

    /** Gives places of a run back. */
    void giveBack(Execution execution, int places);

    /** A run wants no more places: it has ended, or this process has it no longer. */
    void withdraw(Execution execution);

    /** Whether attempts have so many places or more of a limit that counts them at the same time. */
    boolean isFull(String tenant, String name, int places);

    /** The limits under which a run waits for places, as far as it is known which are taken; empty if it does not wait. */
    Map<String, Limit> waitsFor(Execution execution);
}
