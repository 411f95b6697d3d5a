package io.automationhub.ai.agent;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A model, and how it is reached.
 *
 * @param connection to its provider; null if it needs none
 * @param provider null if the connection says it
 * @param model as its provider names it
 */
public record ModelChoice(
        @Nullable String connection, @Nullable String provider, String model) {

    /** A model of the provider that a connection is to. */
    public static ModelChoice of(String connection, String model) {
        return new ModelChoice(connection, null, model);
    }

    static ModelChoice of(JsonObject json) {
        return new ModelChoice(text(json, "connection"), text(json, "provider"), Json.toText(json.get("model")));
    }

    private static @Nullable String text(JsonObject json, String field) {
        return json.get(field) == null ? null : Json.toText(json.get(field));
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        return json.putIfPresent("connection", connection)
                .putIfPresent("provider", provider)
                .put("model", model)
                .build();
    }
}
