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

    /** Reads what stands there in each item. */
    public ItemFunction ofEach() {
        return (item, index) -> read(item);
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

    /**
     * The object with another value there; objects on the way that are absent or null are made.
     *
     * @throws ExpressionException if something on the way is neither absent nor an object
     */
    public JsonObject write(JsonObject object, @Nullable Object value) {
        return parts.length == 1 || object.containsKey(path) ? object.with(path, value) : write(object, 0, value);
    }

    private JsonObject write(JsonObject object, int at, @Nullable Object value) {
        String part = parts[at];
        if (at == parts.length - 1) {
            return object.with(part, value);
        }
        Object child = object.get(part);
        if (child != null && !(child instanceof JsonObject)) {
            throw new ExpressionException(
                    1,
                    "'" + path + "' cannot be written: '" + part + "' is " + Operators.article(child)
                            + ", not an object");
        }
        return object.with(part, write(child instanceof JsonObject nested ? nested : JsonObject.EMPTY, at + 1, value));
    }

    /** The object without what stands there. */
    public JsonObject remove(JsonObject object) {
        return object.containsKey(path) ? without(object, path) : remove(object, 0);
    }

    private JsonObject remove(JsonObject object, int at) {
        if (at == parts.length - 1) {
            return without(object, parts[at]);
        }
        return object.get(parts[at]) instanceof JsonObject child
                ? object.with(parts[at], remove(child, at + 1))
                : object;
    }

    private static JsonObject without(JsonObject object, String key) {
        if (!object.containsKey(key)) {
            return object;
        }
        JsonObject.Builder rest = JsonObject.builder();
        object.forEach((name, value) -> {
            if (!name.equals(key)) {
                rest.put(name, value);
            }
        });
        return rest.build();
    }

    /** The name of the field itself, without the way to it. */
    public String name() {
        return parts[parts.length - 1];
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
