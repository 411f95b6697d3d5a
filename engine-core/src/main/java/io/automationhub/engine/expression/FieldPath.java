package io.automationhub.engine.expression;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The path of a field as data: keys and positions with dots between them, as in {@code customer.tags.0}. A key that has
 * a dot is found before its parts are tried. What is absent, and what is beyond something absent, reads as null.
 */
public final class FieldPath {

    private final String path;
    private final String[] parts;

    private FieldPath(String path) {
        this.path = path;
        this.parts = path.split("\\.", -1);
    }

    /** The path that {@code text} writes; every text is one. */
    public static FieldPath of(String text) {
        return new FieldPath(text);
    }

    /** What stands there; null if nothing does. */
    public @Nullable Object read(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            if (parts.length == 1) {
                return object.get(path);
            }
            if (object.containsKey(path)) {
                return object.get(path);
            }
        }
        Object here = value;
        for (String part : parts) {
            here = step(here, part);
        }
        return here;
    }

    private static @Nullable Object step(@Nullable Object value, String part) {
        if (value instanceof JsonObject object) {
            return object.get(part);
        }
        return value instanceof JsonArray list && PathClosure.isPosition(part)
                ? PathClosure.element(list, Long.parseLong(part))
                : null;
    }

    @Override
    public String toString() {
        return path;
    }
}
