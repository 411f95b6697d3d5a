package io.automationhub.engine.value;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An immutable JSON array: a list of values. Safe for use by any number of threads. */
public final class JsonArray extends AbstractList<@Nullable Object> implements RandomAccess {

    /** The array without elements. */
    public static final JsonArray EMPTY = new JsonArray(new @Nullable Object[0]);

    private final @Nullable Object[] values;
    private final int depth;
    private final boolean exact;

    /**
     * Bytes of the JSON text; until asked for, what they are at most, below zero; 0 to a thread that got the array by a race. Who finds
     * no number computes it, perhaps twice.
     */
    private long size;

    private JsonArray(@Nullable Object[] values) {
        this.values = values;
        Measure measure = new Measure();
        for (Object value : values) {
            measure.add(value);
        }
        depth = measure.depth() + 1;
        exact = measure.hasNumberText();
        size = -measure.mostBytes();
    }

    /** Takes over the array, which nobody may change afterwards; its elements must be values. */
    static JsonArray adopt(@Nullable Object[] values) {
        return values.length == 0 ? EMPTY : new JsonArray(values);
    }

    /** An array of the given elements; each that is no value yet goes through {@link Json#of}. */
    public static JsonArray of(@Nullable Object... elements) {
        @Nullable Object[] values = new @Nullable Object[elements.length];
        for (int i = 0; i < elements.length; i++) {
            values[i] = Json.part(elements[i]);
        }
        return adopt(values);
    }

    /** An array of what {@code element} makes of each of some items; what is no value yet goes through {@link Json#of}. */
    public static <T> JsonArray of(
            Collection<? extends T> items, Function<? super T, ? extends @Nullable Object> element) {
        @Nullable Object[] values = new @Nullable Object[items.size()];
        int at = 0;
        for (T item : items) {
            values[at++] = Json.part(element.apply(item));
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
        long known = size;
        if (known <= 0) {
            known = 2L + Math.max(0, values.length - 1);
            for (Object value : values) {
                known = Json.plus(known, Json.encodedSize(value));
            }
            size = known;
        }
        return known;
    }

    long mostBytes() {
        long known = size;
        return known == 0 ? encodedSize() : Math.abs(known);
    }
}
