package io.automationhub.ai.call;

import java.time.Instant;

/** Keeps to the rates of connections. */
@FunctionalInterface
public interface RequestPlaces {

    /** When a request to a model may begin, which is counted from then on; no later than now if it may at once. */
    Instant next(ModelTarget target);
}
