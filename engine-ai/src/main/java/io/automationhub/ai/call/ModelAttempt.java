package io.automationhub.ai.call;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, and what came of it.
 *
 * @param provider its name
 * @param model that was asked
 * @param cached whether the answer was given before, so that nobody was asked
 * @param took until the answer was complete, or the request failed
 * @param kind of failure; null if it was answered
 * @param message of the failure; null if it was answered
 * @param usage what it used, as far as that is known
 */
public record ModelAttempt(
        String provider,
        String model,
        boolean cached,
        Duration took,
        @Nullable String kind,
        @Nullable String message,
        Usage usage,
        Cost cost) {

    private static final JsonObject.Shape HEAD = JsonObject.Shape.of(List.of("provider", "model", "millis", "status"));

    private static final JsonObject.Shape ERROR = JsonObject.Shape.of(List.of("kind", "message"));

    /** As it stands in the outputs of nodes. */
    public JsonObject toJson() {
        JsonObject.Builder json = HEAD
                .object(provider, model, took.toMillis(), cached ? "cached" : kind == null ? "answered" : "failed")
                .toBuilder();
        if (kind != null) {
            json.put("error", ERROR.object(kind, message));
        }
        if (usage.total() > 0) {
            json.put("usage", usage.toJson()).put("cost", cost.toJson());
        }
        return json.build();
    }
}
