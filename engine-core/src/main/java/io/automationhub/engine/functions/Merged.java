package io.automationhub.engine.functions;

import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several objects in one, in functions and in the steps of a transform; what comes later wins. Used by one thread. */
public final class Merged {

    private final boolean deep;

    /** Values; where objects were merged, a Merged. */
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** @param deep whether objects in the same field are merged, too */
    public Merged(boolean deep) {
        this.deep = deep;
    }

    /** Merges one more into it. */
    public void add(JsonObject object) {
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

    /** What they come to. */
    public JsonObject object() {
        JsonObject.Builder object = JsonObject.builder();
        fields.forEach((name, value) -> object.put(name, value instanceof Merged inner ? inner.object() : value));
        return object.build();
    }
}
