package io.automationhub.connectors.event;

import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in another system. It is the input of the run that it starts.
 *
 * @param id tells it from all others of its source; null if nothing does
 * @param source what saw it: the event source of a connector, {@code crm.contact-created}
 * @param connection by which it was seen; null if that needs none
 * @param seenAt when
 * @param data what the other system says of it
 */
public record IntegrationEvent(
        @Nullable String id,
        String source,
        @Nullable String connection,
        Instant seenAt,
        @Nullable Object data) {

    /**
     * The schema of an event's JSON.
     *
     * @param data of what the other system says
     */
    static JsonObject schema(JsonObject data) {
        JsonObject text = JsonObject.of("type", "string");
        return JsonObject.of("type", "object")
                .with("additionalProperties", false)
                .with(
                        "properties",
                        JsonObject.of("id", JsonObject.EMPTY)
                                .with("source", text)
                                .with("connection", JsonObject.EMPTY)
                                .with("seenAt", text)
                                .with("data", data));
    }

    /** As the input of a run. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("id", id)
                .put("source", source)
                .put("connection", connection)
                .put("seenAt", seenAt.toString())
                .put("data", data)
                .build();
    }
}
