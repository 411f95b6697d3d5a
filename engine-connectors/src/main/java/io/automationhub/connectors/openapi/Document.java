package io.automationhub.connectors.openapi;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An OpenAPI document whose references can be followed. */
record Document(JsonObject json) {

    private static final int MOST_STEPS = 20;

    /** What an object is when its reference is followed; the empty object if it leads nowhere. */
    JsonObject resolved(@Nullable Object value) {
        Object here = value;
        for (int steps = 0;
                here instanceof JsonObject object && object.get("$ref") instanceof String reference;
                steps++) {
            here = steps < MOST_STEPS ? target(reference) : null;
        }
        return here instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    /** What a reference names; null if it leads nowhere or out of the document. */
    @Nullable
    Object target(String reference) {
        return reference.startsWith("#/")
                ? JsonPointer.read(
                        json, URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8))
                : null;
    }

    JsonObject object(String... path) {
        Object here = json;
        for (String step : path) {
            here = resolved(here).get(step);
        }
        return resolved(here);
    }
}
