package io.automationhub.connectors.webhook;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a node {@code trigger.webhook} waits for.
 *
 * @param respond when the caller is answered
 * @param timeout how long the caller waits for the end of the run or its answer
 * @param schema of {@code path}, {@code query}, {@code headers} and {@code body}, each a JSON Schema; what is not named may be
 *     anything
 * @param idHeader the header that says which repetitions are of one call; empty if none does
 * @param idPointer the pointer to what says it in the body; empty if nothing does
 */
record WebhookConfig(
        PathTemplate path,
        List<String> methods,
        Respond respond,
        Duration timeout,
        long maxBytes,
        JsonObject schema,
        String idHeader,
        String idPointer) {

    static final long USUAL_BYTES = 1024 * 1024;

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    /** When the caller is answered. */
    enum Respond {
        ACCEPTED,
        FINISHED,
        NODE
    }

    /** @throws IllegalArgumentException if the path is none */
    static WebhookConfig of(WorkflowNode node) {
        JsonObject config = node.config();
        JsonObject id = config.get("deliveryId") instanceof JsonObject object ? object : JsonObject.EMPTY;
        return new WebhookConfig(
                PathTemplate.of(text(config, "path", "")),
                methods(config.get("method")),
                Respond.valueOf(text(config, "respond", "accepted").toUpperCase(Locale.ROOT)),
                config.containsKey("timeout") ? DurationText.parse(config.get("timeout")) : USUAL_TIMEOUT,
                config.get("maxBytes") instanceof Long most ? most : USUAL_BYTES,
                config.get("schema") instanceof JsonObject schema ? schema : JsonObject.EMPTY,
                text(id, "header", "").toLowerCase(Locale.ROOT),
                text(id, "body", ""));
    }

    private static String text(JsonObject config, String field, String otherwise) {
        return config.get(field) instanceof String text ? text : otherwise;
    }

    private static List<String> methods(@org.jspecify.annotations.Nullable Object method) {
        if (method instanceof JsonArray list) {
            return list.stream().map(Json::toText).toList();
        }
        return List.of(method == null ? "POST" : Json.toText(method));
    }

    /** The schema of one part of the input; the empty object for anything. */
    JsonObject schemaOf(String part) {
        return schema.get(part) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }
}
