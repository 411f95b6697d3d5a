package io.automationhub.engine.expression;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a configuration's schema says of one object in it. Where objects come in several kinds, the schema lists them
 * in {@code allOf}, each as an {@code if} that compares fields with constants and a {@code then}: a schema of the kind.
 */
public final class ContentSchema {

    private ContentSchema() {}

    /** The schema of the kind that {@code object} is of; the schema itself if it has no kinds, or none fits. */
    public static JsonObject of(JsonObject schema, JsonObject object) {
        if (schema.get("allOf") instanceof JsonArray kinds) {
            for (Object kind : kinds) {
                if (kind instanceof JsonObject alternative
                        && alternative.get("then") instanceof JsonObject then
                        && fits(alternative.get("if"), object)) {
                    return then;
                }
            }
        }
        return schema;
    }

    private static boolean fits(@Nullable Object condition, JsonObject object) {
        return condition instanceof JsonObject test
                && test.get("properties") instanceof JsonObject properties
                && properties.entrySet().stream().allMatch(property -> isConstant(property, object));
    }

    private static boolean isConstant(Map.Entry<String, @Nullable Object> property, JsonObject object) {
        return property.getValue() instanceof JsonObject expected
                && expected.containsKey("const")
                && Operators.equal(expected.get("const"), object.get(property.getKey()));
    }
}
