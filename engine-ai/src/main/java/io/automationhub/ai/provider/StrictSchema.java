package io.automationhub.ai.provider;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a schema is one that <a href="https://platform.openai.com/docs/guides/structured-outputs">OpenAI's strict mode</a> takes:
 * each object names all of its properties as required and allows no others.
 */
final class StrictSchema {

    private static final Set<String> NOT_TAKEN = Set.of(
            "allOf",
            "not",
            "if",
            "then",
            "else",
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "oneOf",
            "unevaluatedProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "contains",
            "uniqueItems");

    private StrictSchema() {}

    static boolean is(JsonObject schema) {
        return "object".equals(schema.get("type")) && fits(schema);
    }

    private static boolean fits(@Nullable Object value) {
        if (value instanceof JsonArray list) {
            return list.stream().allMatch(StrictSchema::fits);
        }
        if (!(value instanceof JsonObject schema)) {
            return true;
        }
        if (schema.keySet().stream().anyMatch(NOT_TAKEN::contains) || isOpen(schema)) {
            return false;
        }
        return schema.entrySet().stream()
                .filter(field -> !Set.of("enum", "const", "default", "examples").contains(field.getKey()))
                .allMatch(field -> Set.of("properties", "$defs", "definitions").contains(field.getKey())
                        ? Answers.object(field.getValue()).values().stream().allMatch(StrictSchema::fits)
                        : fits(field.getValue()));
    }

    private static boolean isOpen(JsonObject schema) {
        Object type = schema.get("type");
        boolean object = "object".equals(type)
                || type instanceof JsonArray types && types.contains("object")
                || schema.containsKey("properties");
        return object
                && !(Boolean.FALSE.equals(schema.get("additionalProperties"))
                        && Answers.array(schema, "required")
                                .containsAll(
                                        Answers.object(schema.get("properties")).keySet()));
    }
}
