package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several objects in one; what comes later wins. Used by one thread. */
final class Merged {

    private final boolean deep;

    /** Values; where objects were merged, a Merged. */
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** @param deep whether objects in the same field are merged, too */
    Merged(boolean deep) {
        this.deep = deep;
    }

    void add(JsonObject object) {
        object.forEach((name, value) -> fields.put(name, deep ? both(fields.get(name), value) : value));
    }

    private static @Nullable Object both(@Nullable Object old, @Nullable Object added) {
        if (!(added instanceof JsonObject object)) {
            return added;
        }
        Merged inner;
        if (old instanceof Merged merged) {
            inner = merged;
        } else if (old instanceof JsonObject first) {
            inner = new Merged(true);
            inner.add(first);
        } else {
            return added;
        }
        inner.add(object);
        return inner;
    }

    JsonObject object() {
        JsonObject.Builder object = JsonObject.builder();
        fields.forEach((name, value) -> object.put(name, value instanceof Merged inner ? inner.object() : value));
        return object.build();
    }
}
