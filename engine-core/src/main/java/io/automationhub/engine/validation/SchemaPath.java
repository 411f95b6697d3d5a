package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Follows the fields that an expression reads through a JSON Schema, as far as that says something certain. */
final class SchemaPath {

    /** What makes a schema say more than its {@code properties} do. */
    private static final Set<String> OPEN =
            Set.of("allOf", "anyOf", "oneOf", "if", "not", "patternProperties", "$dynamicRef", "dependentSchemas");

    private SchemaPath() {}

    /** A field that the schema does not have. */
    record Missing(String message, String hint) {}

    /** The first step of a path that cannot be there; empty if all may be. */
    static Optional<Missing> missing(JsonObject schema, List<Object> path, String name) {
        JsonObject here = schema;
        StringBuilder walked = new StringBuilder(name);
        for (Object step : path) {
            here = resolved(here, schema);
            if (here.isEmpty() || here.keySet().stream().anyMatch(OPEN::contains)) {
                return Optional.empty();
            }
            Optional<Missing> missing = missing(here, step, walked.toString());
            if (missing.isPresent()) {
                return missing;
            }
            here = below(here, step);
            walked.append(step instanceof String field ? "." + field : "[" + step + "]");
        }
        return Optional.empty();
    }

    private static Optional<Missing> missing(JsonObject schema, Object step, String walked) {
        if (!(step instanceof String field)) {
            return Optional.empty();
        }
        if (schema.get("type") instanceof String type && !type.equals("object")) {
            return Optional.of(new Missing(
                    "'" + walked + "' is of type " + type + " by its schema, so it has no field '" + field + "'",
                    type.equals("array")
                            ? "choose an element first, as in " + walked + "[0]." + field
                            : "read '" + walked + "' itself"));
        }
        if (!(schema.get("properties") instanceof JsonObject properties)
                || properties.isEmpty() && !Boolean.FALSE.equals(schema.get("additionalProperties"))
                || properties.containsKey(field)
                || schema.get("additionalProperties") instanceof JsonObject
                || Boolean.TRUE.equals(schema.get("additionalProperties"))) {
            return Optional.empty();
        }
        String known = "known are "
                + String.join(", ", properties.keySet().stream().limit(20).toList());
        return Optional.of(new Missing(
                "'" + walked + "' has no field '" + field + "' by its schema",
                NearestName.find(field, properties.keySet())
                        .map(nearest -> "did you mean '" + nearest + "'? " + known)
                        .orElse(known)));
    }

    private static JsonObject below(JsonObject schema, Object step) {
        Object next;
        if (step instanceof String field) {
            next = schema.get("properties") instanceof JsonObject properties && properties.containsKey(field)
                    ? properties.get(field)
                    : schema.get("additionalProperties");
        } else {
            next = schema.containsKey("prefixItems") ? null : schema.get("items");
        }
        return next instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    /** What a {@code $ref} into the same schema names; the empty object if it cannot be found. */
    private static JsonObject resolved(JsonObject schema, JsonObject root) {
        JsonObject here = schema;
        for (int steps = 0; here.get("$ref") instanceof String reference; steps++) {
            if (!reference.startsWith("#/") || steps > 20) {
                return JsonObject.EMPTY;
            }
            Object target = JsonPointer.read(root, reference.substring(1));
            here = target instanceof JsonObject object ? object : JsonObject.EMPTY;
        }
        return here;
    }
}
