package io.automationhub.ai.provider;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import org.jspecify.annotations.Nullable;

/** Reads answers of which nobody promises that they are what they should be: what is missing or of another type is empty. */
final class Answers {

    private Answers() {}

    static JsonObject object(@Nullable Object value) {
        return value instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    static JsonArray array(JsonObject object, String field) {
        return object.get(field) instanceof JsonArray list ? list : JsonArray.EMPTY;
    }

    static String text(JsonObject object, String... path) {
        return at(object, path) instanceof String text ? text : "";
    }

    static @Nullable String textOrNull(JsonObject object, String... path) {
        return at(object, path) instanceof String text ? text : null;
    }

    static long count(JsonObject object, String... path) {
        return at(object, path) instanceof Long count && count > 0 ? count : 0;
    }

    /** What stands under a key or a position, in that under another, and so on; null if nothing does. */
    static @Nullable Object at(@Nullable Object value, String... path) {
        Object here = value;
        for (String part : path) {
            here = JsonPointer.step(here, part);
        }
        return here;
    }

    /** What a status means by itself. */
    static ProviderRefusal.Reason reason(int status) {
        return switch (status) {
            case 401, 403 -> ProviderRefusal.Reason.AUTH;
            case 402 -> ProviderRefusal.Reason.QUOTA;
            case 404 -> ProviderRefusal.Reason.MODEL;
            case 413 -> ProviderRefusal.Reason.CONTEXT;
            case 429 -> ProviderRefusal.Reason.RATE_LIMIT;
            case 408, 409, 425 -> ProviderRefusal.Reason.UNAVAILABLE;
            default ->
                status >= 500 || status < 300 ? ProviderRefusal.Reason.UNAVAILABLE : ProviderRefusal.Reason.REQUEST;
        };
    }
}
