package io.automationhub.connectors.connector;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a connector's schema one that stands by itself and shows its fields: references are replaced by what they name, and
 * the parts of {@code allOf} become one. It never demands more than the schema does: what leads in a circle or deeper than is
 * useful to show, and what is one of several alternatives, may be anything. For use by one thread.
 */
final class PlainSchema {

    private static final int MOST_LEVELS = 8;
    private static final int MOST_PARTS = 2000;
    private static final int LONGEST_TEXT = 400;

    /** What is kept as it is. Other keywords restrict nothing that an editor could show. */
    private static final Set<String> KEPT = Set.of(
            "enum",
            "const",
            "title",
            "default",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "type");

    private static final Set<String> TYPES =
            Set.of("array", "boolean", "integer", "null", "number", "object", "string");

    private final JsonObject schemas;
    private final boolean sent;
    private final Deque<String> open = new ArrayDeque<>();
    private int parts;

    /**
     * @param schemas that references name
     * @param sent whether it is of what a caller sends, who need not give what only the server writes
     */
    PlainSchema(JsonObject schemas, boolean sent) {
        this.schemas = schemas;
        this.sent = sent;
    }

    /** The schema by itself; the empty object for anything. */
    JsonObject of(@Nullable Object schema) {
        if (!(schema instanceof JsonObject object) || open.size() > MOST_LEVELS || ++parts > MOST_PARTS) {
            return described(schema);
        }
        if (object.get("$ref") instanceof String reference) {
            return referred(object, reference);
        }
        if (object.get("allOf") instanceof JsonArray all) {
            return merged(object, all);
        }
        JsonObject.Builder plain = JsonObject.builder();
        keep(object, plain);
        open.push("");
        inside(object, plain);
        open.pop();
        return plain.build();
    }

    private JsonObject referred(JsonObject schema, String reference) {
        if (open.contains(reference) || !reference.startsWith("#/schemas/")) {
            return described(schema);
        }
        Object target = JsonPointer.read(schemas, reference.substring("#/schemas".length()));
        open.push(reference);
        JsonObject plain = of(target);
        open.pop();
        return schema.get("description") instanceof String text ? plain.with("description", shortened(text)) : plain;
    }

    private static JsonObject described(@Nullable Object schema) {
        return schema instanceof JsonObject object && object.get("description") instanceof String text
                ? JsonObject.of("description", shortened(text))
                : JsonObject.EMPTY;
    }

    private void keep(JsonObject schema, JsonObject.Builder plain) {
        schema.forEach((keyword, value) -> {
            if (KEPT.contains(keyword) && isUsable(keyword, value)) {
                plain.put(keyword, value);
            }
        });
        if (schema.get("description") instanceof String text) {
            plain.put("description", shortened(text));
        }
        if (schema.get("pattern") instanceof String pattern && isReadable(pattern)) {
            plain.put("pattern", pattern);
        }
    }

    /** Published documents have mistakes; a keyword with a value that it cannot have restricts nothing. */
    private static boolean isUsable(String keyword, @Nullable Object value) {
        return switch (keyword) {
            case "const", "default" -> true;
            case "enum" -> value instanceof JsonArray list && !list.isEmpty();
            case "type" ->
                isType(value)
                        || value instanceof JsonArray list
                                && !list.isEmpty()
                                && list.stream().allMatch(PlainSchema::isType);
            case "title", "format" -> value instanceof String;
            case "uniqueItems" -> value instanceof Boolean;
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> value instanceof Number;
            case "multipleOf" -> value instanceof Number number && number.doubleValue() > 0;
            default -> value instanceof Long number && number >= 0;
        };
    }

    private static boolean isType(@Nullable Object value) {
        return value instanceof String type && TYPES.contains(type);
    }

    /** Patterns are written for other readers of them, and some of those take more. */
    private static boolean isReadable(String pattern) {
        try {
            Pattern unused = Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private void inside(JsonObject schema, JsonObject.Builder plain) {
        if (schema.get("properties") instanceof JsonObject properties) {
            JsonObject.Builder fields = JsonObject.builder();
            properties.forEach((name, field) -> fields.put(name, of(field)));
            plain.put("properties", fields.build());
            List<String> required = required(schema, properties);
            if (!required.isEmpty()) {
                plain.put("required", required);
            }
        }
        if (schema.get("items") instanceof JsonObject items) {
            plain.put("items", of(items));
        }
        if (schema.get("additionalProperties") instanceof JsonObject others) {
            plain.put("additionalProperties", of(others));
        } else if (schema.get("additionalProperties") instanceof Boolean allowed) {
            plain.put("additionalProperties", allowed);
        }
    }

    private List<String> required(JsonObject schema, JsonObject properties) {
        List<String> names = new ArrayList<>();
        for (Object each : schema.get("required") instanceof JsonArray all ? all : JsonArray.EMPTY) {
            boolean serversOwn = properties.get(String.valueOf(each)) instanceof JsonObject field
                    && Boolean.TRUE.equals(field.get("readOnly"));
            if (each instanceof String name && !names.contains(name) && !(sent && serversOwn)) {
                names.add(name);
            }
        }
        return names;
    }

    /** All parts hold at once, so their fields stand side by side; what stands beside {@code allOf} counts as a part. */
    private JsonObject merged(JsonObject schema, JsonArray all) {
        List<@Nullable Object> each = new ArrayList<>(all);
        each.add(withoutAllOf(schema));
        JsonObject.Builder rest = JsonObject.builder();
        JsonObject.Builder properties = JsonObject.builder();
        Set<@Nullable Object> required = new LinkedHashSet<>();
        for (Object part : each) {
            of(part).forEach((keyword, value) -> {
                switch (keyword) {
                    case "properties" -> Json.object(value).forEach(properties::put);
                    case "required" -> required.addAll((JsonArray) value);
                    // A part that allows no others does not know the fields of the other parts.
                    case "additionalProperties" -> {}
                    default -> rest.put(keyword, value);
                }
            });
        }
        return with(rest, properties.build(), required);
    }

    private static JsonObject with(JsonObject.Builder rest, JsonObject properties, Set<@Nullable Object> required) {
        if (!properties.isEmpty()) {
            rest.put("properties", properties);
        }
        if (!required.isEmpty()) {
            rest.put("required", JsonArray.of(required.toArray()));
        }
        return rest.build();
    }

    private static JsonObject withoutAllOf(JsonObject schema) {
        JsonObject.Builder rest = JsonObject.builder();
        schema.forEach((keyword, value) -> {
            if (!keyword.equals("allOf")) {
                rest.put(keyword, value);
            }
        });
        return rest.build();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
