package io.automationhub.engine.value;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** An immutable JSON array: a list of values. Safe for use by any number of threads. */
public final class JsonArray extends AbstractList<@Nullable Object> implements RandomAccess {

    /** The array without elements. */
    public static final JsonArray EMPTY = new JsonArray(new @Nullable Object[0], 1, false);

    private final @Nullable Object[] values;
    private final int depth;
    private final boolean exact;

    /** Bytes of the JSON text; 0 until asked for. A race computes the same number twice. */
    private long encodedSize;

    private JsonArray(@Nullable Object[] values, int depth, boolean exact) {
        this.values = values;
        this.depth = depth;
        this.exact = exact;
    }

    /** Takes over the array, which nobody may change afterwards; its elements must be values. */
    static JsonArray adopt(@Nullable Object[] values) {
        int depth = 0;
        boolean exact = false;
        for (Object value : values) {
            depth = Math.max(depth, Json.depth(value));
            exact |= Json.hasNumberText(value);
        }
        return values.length == 0 ? EMPTY : new JsonArray(values, depth + 1, exact);
    }

    /** An array of the given elements; each that is no value yet goes through {@link Json#of}. */
    public static JsonArray of(@Nullable Object... elements) {
        @Nullable Object[] values = new @Nullable Object[elements.length];
        for (int i = 0; i < elements.length; i++) {
            values[i] = Json.part(elements[i]);
        }
        return adopt(values);
    }

    @Override
    public @Nullable Object get(int at) {
        return values[at];
    }

    @Override
    public int size() {
        return values.length;
    }

    /** The array as JSON text. */
    @Override
    public String toString() {
        return Json.write(this);
    }

    int depth() {
        return depth;
    }

    boolean hasNumberText() {
        return exact;
    }

    long encodedSize() {
        long size = encodedSize;
        if (size == 0) {
            size = 2L + Math.max(0, values.length - 1);
            for (Object value : values) {
                size = Json.plus(size, Json.encodedSize(value));
            }
            encodedSize = size;
        }
        return size;
    }
}
