package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value in which no credential of a call is left. Its texts are looked at, because JSON can write each in several ways. */
final class MaskedValue {

    private MaskedValue() {}

    static @Nullable Object of(HttpCall call, @Nullable Object value) {
        return call.hasSecrets() ? masked(call, value) : value;
    }

    private static @Nullable Object masked(HttpCall call, @Nullable Object value) {
        if (value instanceof String text) {
            return call.masked(text);
        }
        if (value instanceof JsonArray list) {
            List<@Nullable Object> items = new ArrayList<>(list.size());
            for (Object item : list) {
                items.add(masked(call, item));
            }
            return JsonArray.of(items.toArray());
        }
        if (value instanceof JsonObject object) {
            JsonObject.Builder fields = JsonObject.builder();
            object.forEach((name, field) -> fields.put(call.masked(name), masked(call, field)));
            return fields.build();
        }
        return value;
    }
}
