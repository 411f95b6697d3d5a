package io.automationhub.ai.node;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a model may say of a node that is a tool: the configuration, less what is fixed. */
final class NodeParameters {

    private static final Set<String> OWN = Set.of("type", "properties", "required");

    private NodeParameters() {}

    /** The schema of what is not fixed. */
    static JsonObject of(JsonObject schema, JsonObject fixed) {
        JsonObject.Builder open = JsonObject.builder();
        Json.object(schema.get("properties")).forEach((field, property) -> {
            if (!(fixed.get(field) instanceof JsonObject inside)) {
                if (!fixed.containsKey(field)) {
                    open.put(field, plain(property));
                }
            } else if (property instanceof JsonObject part && part.get("properties") instanceof JsonObject) {
                open.put(field, of(part, inside));
            }
        });
        JsonObject.Builder parameters =
                JsonObject.builder().put("type", "object").put("properties", open.build());
        Json.object(plain(schema)).forEach((keyword, value) -> {
            if (!OWN.contains(keyword)) {
                parameters.put(keyword, value);
            }
        });
        List<@Nullable Object> required = required(schema.get("required"), open.build());
        return required.isEmpty()
                ? parameters.build()
                : parameters.put("required", required).build();
    }

    private static List<@Nullable Object> required(@Nullable Object given, JsonObject open) {
        List<@Nullable Object> required = new ArrayList<>();
        if (given instanceof JsonArray fields) {
            fields.stream()
                    .filter(field -> open.containsKey(String.valueOf(field)))
                    .forEach(required::add);
        }
        return required;
    }

    /** A schema without what only the engine and editors understand. */
    private static @Nullable Object plain(@Nullable Object schema) {
        if (schema instanceof JsonArray list) {
            return Json.of(list.stream().map(NodeParameters::plain).toList());
        }
        if (!(schema instanceof JsonObject object)) {
            return schema;
        }
        JsonObject.Builder plain = JsonObject.builder();
        for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
            if (!entry.getKey().startsWith("x-") && !entry.getKey().equals("examples")) {
                plain.put(entry.getKey(), plain(entry.getValue()));
            }
        }
        return plain.build();
    }

    /** The configuration of one call. What is fixed counts, whatever the arguments say. */
    static JsonObject merged(JsonObject arguments, JsonObject fixed) {
        JsonObject.Builder config = arguments.toBuilder();
        fixed.forEach((field, value) -> config.put(
                field,
                value instanceof JsonObject inside && arguments.get(field) instanceof JsonObject said
                        ? merged(said, inside)
                        : value));
        return config.build();
    }

    /** Whether something in a configuration is evaluated by the node itself. */
    static boolean isLazy(JsonObject schema) {
        return Boolean.TRUE.equals(schema.get("x-lazy"))
                || schema.values().stream().anyMatch(part -> part instanceof JsonObject inner && isLazy(inner));
    }
}
