package io.automationhub.connectors.webhook;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a trigger waits for.
 *
 * @param path what follows the workflow in the address, with a part that may be anything as {@code {name}}
 * @param methods by which it is called
 * @param respond when the caller is answered
 * @param timeout how long the caller waits for the end of the run or its answer
 * @param maxBytes the most bytes of a body
 * @param schema of {@code path}, {@code query}, {@code headers} and {@code body}, each a JSON Schema; what is not named may be
 *     anything
 * @param idHeader the header that says which repetitions are of one call; empty if none does
 * @param idPointer the pointer to what says it in the body; empty if nothing does
 */
public record WebhookConfig(
        String path,
        List<String> methods,
        Respond respond,
        Duration timeout,
        long maxBytes,
        JsonObject schema,
        String idHeader,
        String idPointer) {

    private static final long USUAL_BYTES = 1024 * 1024;

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    /** When the caller is answered. */
    public enum Respond {
        ACCEPTED,
        FINISHED,
        NODE
    }

    /** What a configuration says. */
    public static WebhookConfig of(JsonObject config) {
        JsonObject id = config.get("deliveryId") instanceof JsonObject object ? object : JsonObject.EMPTY;
        return new WebhookConfig(
                text(config, "path", ""),
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

    private static List<String> methods(@Nullable Object method) {
        if (method instanceof JsonArray list) {
            return list.stream().map(Json::toText).toList();
        }
        return List.of(method == null ? "POST" : Json.toText(method));
    }

    /** This with a header that says which repetitions are of one call. */
    public WebhookConfig withIdHeader(String header) {
        return new WebhookConfig(path, methods, respond, timeout, maxBytes, schema, header, idPointer);
    }

    /** @throws IllegalArgumentException if it is none */
    PathTemplate template() {
        return PathTemplate.of(path);
    }

    /** The schema of one part of the input; the empty object for anything. */
    JsonObject schemaOf(String part) {
        return schema.get(part) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }
}
