package io.automationhub.engine.event;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/** What comes to a run from outside, and is kept for it until it has heard of it. */
public sealed interface RunMessage {

    /** Somebody cancels it. */
    record Cancel(boolean compensate) implements RunMessage {}

    /** Somebody pauses or resumes it. */
    record Pause(boolean paused) implements RunMessage {}

    /** Somebody sends it a signal. */
    record Signal(Woken.BySignal signal) implements RunMessage {}

    /**
     * A signal with a key was found for one of its nodes.
     *
     * @param iteration the pass through the groups around the node; empty if there are none
     */
    record KeyedSignal(String node, String iteration, String key, Woken.BySignal signal) implements RunMessage {}

    /** Somebody completes a name. */
    record Completion(String name, @Nullable Object value) implements RunMessage {}

    /**
     * Somebody decides an approval.
     *
     * @param iteration the pass through the groups around the node; empty if there are none
     * @param name under which the node waits
     */
    record Decision(String node, String iteration, String name, JsonObject decision) implements RunMessage {}

    /** It need not wait in the line of its workflow any more. */
    record Admitted() implements RunMessage {}

    /** A run that it began has ended. */
    record ChildEnded(Woken.ByChild child) implements RunMessage {}
}
