package io.automationhub.connectors.openapi;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON Schemas of those of a document, and collects the named ones that they refer to. Version 3.0 has words of its own:
 * {@code nullable}, and bounds that are exclusive by a flag.
 */
final class SchemaReader {

    private static final String NAMED = "#/components/schemas/";
    private static final int MOST_LEVELS = 100;

    /** What says nothing about a value's form. */
    private static final Set<String> LEFT_OUT =
            Set.of("nullable", "example", "examples", "discriminator", "xml", "externalDocs", "$comment");

    /** Keywords whose value is a schema for each name. */
    private static final Set<String> BY_NAME = Set.of("properties", "patternProperties", "$defs");

    private final Document document;
    private final Map<String, JsonObject> named = new TreeMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Deque<String> missing = new ArrayDeque<>();

    SchemaReader(Document document) {
        this.document = document;
    }

    /** The schema; the empty object for anything. */
    JsonObject read(@Nullable Object schema) {
        JsonObject read = read(schema, 0);
        while (!missing.isEmpty()) {
            String reference = missing.pop();
            named.put(names.get(reference), read(document.target(reference), 0));
        }
        return read;
    }

    /** The schemas that others refer to, by their names. */
    JsonObject named() {
        JsonObject.Builder all = JsonObject.builder();
        named.forEach(all::put);
        return all.build();
    }

    private JsonObject read(@Nullable Object schema, int level) {
        if (!(schema instanceof JsonObject object) || level > MOST_LEVELS) {
            return JsonObject.EMPTY;
        }
        if (object.get("$ref") instanceof String reference) {
            return referred(object, reference);
        }
        JsonObject.Builder read = JsonObject.builder();
        object.forEach((keyword, value) -> {
            if (!keyword.startsWith("x-") && !LEFT_OUT.contains(keyword)) {
                read.put(keyword, part(keyword, value, level));
            }
        });
        JsonObject plain = bounds(read.build());
        return Boolean.TRUE.equals(object.get("nullable")) ? orNull(plain) : plain;
    }

    private @Nullable Object part(String keyword, @Nullable Object value, int level) {
        if (BY_NAME.contains(keyword) && value instanceof JsonObject byName) {
            JsonObject.Builder fields = JsonObject.builder();
            byName.forEach((name, field) -> fields.put(name, read(field, level + 1)));
            return fields.build();
        }
        if (Set.of("allOf", "anyOf", "oneOf", "prefixItems").contains(keyword) && value instanceof JsonArray list) {
            return JsonArray.of(list.stream().map(each -> read(each, level + 1)).toArray());
        }
        return Set.of("items", "additionalProperties", "not").contains(keyword) && value instanceof JsonObject
                ? read(value, level + 1)
                : value;
    }

    /** A reference to a named schema stays one, by a name that it has here; any other is said once more. */
    private JsonObject referred(JsonObject schema, String reference) {
        if (document.target(reference) == null) {
            return JsonObject.EMPTY;
        }
        String name = names.get(reference);
        if (name == null) {
            String wanted = reference.startsWith(NAMED) ? reference.substring(NAMED.length()) : reference.substring(2);
            name = wanted.replaceAll("[^A-Za-z0-9_.-]", "_");
            while (names.containsValue(name)) {
                name += "_";
            }
            names.put(reference, name);
            missing.push(reference);
        }
        JsonObject read = JsonObject.of("$ref", "#/schemas/" + name);
        return schema.get("description") instanceof String text ? read.with("description", text) : read;
    }

    private static JsonObject bounds(JsonObject schema) {
        JsonObject.Builder plain = JsonObject.builder();
        schema.forEach((keyword, value) -> {
            if (!(value instanceof Boolean && keyword.startsWith("exclusiveM"))) {
                plain.put(keyword, value);
            }
        });
        exclusive(schema, "exclusiveMinimum", "minimum", plain);
        exclusive(schema, "exclusiveMaximum", "maximum", plain);
        return plain.build();
    }

    private static void exclusive(JsonObject schema, String flag, String bound, JsonObject.Builder plain) {
        if (Boolean.TRUE.equals(schema.get(flag)) && schema.containsKey(bound)) {
            plain.put(flag, schema.get(bound));
        }
    }

    private static JsonObject orNull(JsonObject schema) {
        JsonObject open = schema;
        if (schema.get("type") instanceof String type) {
            open = open.with("type", List.of(type, "null"));
        }
        if (schema.get("enum") instanceof JsonArray values && !values.contains(null)) {
            List<@Nullable Object> all = new ArrayList<>(values);
            all.add(null);
            open = open.with("enum", all);
        }
        return open;
    }
}
