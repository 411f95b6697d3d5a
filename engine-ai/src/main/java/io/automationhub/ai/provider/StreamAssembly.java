package io.automationhub.ai.provider;

import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.JsonObject;

/** Puts the events of a stream together to the answer that the server would have given at once. For use by one thread. */
interface StreamAssembly {

    /**
     * Takes the next event. What it does not know it leaves out.
     *
     * @throws ProviderRefusal if the event says that the request failed
     */
    void accept(JsonObject event);

    /** Whether the answer is complete. */
    boolean isComplete();

    /** The answer so far, as {@link Protocol#answer} reads it. */
    JsonObject whole();

    /** What was used so far, as far as it was said. */
    Usage usage();
}
