package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields the items have that come out of a transform, as far as its steps say; for validation and completion. */
final class ItemShape {

    private ItemShape() {}

    /** The JSON Schema of the output of these steps. */
    static JsonObject outputSchema(@Nullable Object steps) {
        Set<String> fields = null;
        if (steps instanceof JsonArray list) {
            for (Object step : list) {
                fields = step instanceof JsonObject object ? after(object, fields) : null;
            }
        }
        JsonObject list = JsonObject.of("type", "array");
        return fields == null ? list : list.with("items", itemSchema(fields));
    }

    private static JsonObject itemSchema(Set<String> fields) {
        JsonObject.Builder properties = JsonObject.builder();
        fields.forEach(field -> properties.put(field, JsonObject.EMPTY));
        return JsonObject.of("type", "object")
                .with("properties", properties.build())
                .with("additionalProperties", false);
    }

    /** The fields after a step; null if they are not known. */
    private static @Nullable Set<String> after(JsonObject step, @Nullable Set<String> before) {
        Operation operation = Operation.of(step.get("op")).orElse(null);
        if (operation == null) {
            return null;
        }
        return switch (operation) {
            case FILTER, SORT, LIMIT, DISTINCT, CONVERT -> before;
            case MAP -> step.get("fields") instanceof JsonObject fields ? fields.keySet() : null;
            case KEEP -> names(step.get("fields"));
            case SET -> before == null ? null : with(before, step.get("fields"));
            case AGGREGATE ->
                step.get("fields") instanceof JsonObject fields ? fields.keySet() : as(step, "items", Set.of());
            case GROUP -> as(step, "items", keys(step.get("by")));
            case SUMMARISE -> with(keys(step.get("by")), step.get("fields"));
            default -> null;
        };
    }

    private static @Nullable Set<String> with(@Nullable Set<String> before, @Nullable Object more) {
        if (before == null || !(more instanceof JsonObject fields)) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>(before);
        fields.keySet().forEach(path -> all.add(path.split("\\.", 2)[0]));
        return all;
    }

    private static @Nullable Set<String> as(JsonObject step, String otherwise, @Nullable Set<String> before) {
        String name = step.containsKey("as") ? literal(step.get("as")) : otherwise;
        if (name == null || before == null) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>(before);
        all.add(name);
        return all;
    }

    private static @Nullable Set<String> names(@Nullable Object list) {
        Set<String> names = new LinkedHashSet<>();
        if (list instanceof JsonArray array) {
            for (Object element : array) {
                String name = literal(element);
                if (name == null) {
                    return null;
                }
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Set<String> keys(@Nullable Object by) {
        if (by == null) {
            return Set.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (Object key : by instanceof JsonArray list ? list : JsonArray.of(by)) {
            String name = key instanceof JsonObject object
                    ? literal(object.containsKey("as") ? object.get("as") : object.get("field"))
                    : literal(key);
            if (name == null) {
                return null;
            }
            boolean path = !(key instanceof JsonObject object && object.containsKey("as"));
            names.add(path ? name.substring(name.lastIndexOf('.') + 1) : name);
        }
        return names;
    }

    /** A name that is no template. */
    private static @Nullable String literal(@Nullable Object name) {
        return name instanceof String text && !text.contains("{{") ? text : null;
    }
}
