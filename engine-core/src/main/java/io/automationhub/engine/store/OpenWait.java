package io.automationhub.engine.store;

import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node that waits for something of which others must know: a signal with a key, or an answer that is asked of people.
 *
 * @param iteration the pass through the groups around the node; empty if there are none
 * @param name of the signal, or under which the answer comes
 * @param key of the signal; null for an answer
 * @param asked what is asked; null for a signal
 * @param since when the wait began
 */
public record OpenWait(
        String node,
        String iteration,
        String name,
        @Nullable String key,
        @Nullable JsonObject asked,
        Instant since) {

    /** A request to people, and the run that makes it. */
    public record Request(String execution, String workflow, OpenWait open) {}
}
