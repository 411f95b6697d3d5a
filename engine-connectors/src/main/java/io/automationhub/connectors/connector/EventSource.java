package io.automationhub.connectors.connector;

import io.automationhub.engine.value.JsonObject;

/** Something that happens in a connector's system, and can be waited for. */
public sealed interface EventSource permits ListedEvents, CalledEvents {

    /** The second part of its name. */
    String id();

    /** What people call it. */
    String title();

    /** What it is; empty if nothing is said. */
    String description();

    /** @throws IllegalArgumentException if a time in it is none */
    static EventSource of(JsonObject json) {
        return json.containsKey("operation") ? ListedEvents.of(json) : CalledEvents.of(json);
    }
}
