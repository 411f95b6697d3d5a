package io.automationhub.engine.value;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object: a map from text to value that keeps the order of its keys. Two objects are equal when they
 * have the same entries, in whatever order. Safe for use by any number of threads.
 */
public final class JsonObject extends AbstractMap<String, @Nullable Object> {

    /** The object without keys. */
    public static final JsonObject EMPTY = new JsonObject(new String[0], new @Nullable Object[0], null);

    /** Up to this many keys a scan beats hashing. */
    private static final int SCANNED = 8;

    private final String[] keys;
    private final @Nullable Object[] values;
    private final int depth;
    private final boolean exact;
    private final int @Nullable [] index;

    /**
     * Bytes of the JSON text; until asked for, what they are at most, below zero; 0 to a thread that got the object by a race. Who finds
     * no number computes it, perhaps twice.
     */
    private long size;

    private JsonObject(String[] keys, @Nullable Object[] values, int @Nullable [] index) {
        this.keys = keys;
        this.values = values;
        this.index = index;
        Measure measure = new Measure();
        for (int i = 0; i < keys.length; i++) {
            measure.addKey(keys[i]);
            measure.add(values[i]);
        }
        depth = measure.depth() + 1;
        exact = measure.hasNumberText();
        size = -measure.mostBytes();
    }

    /** Takes over the arrays, which nobody may change afterwards; the keys must be distinct, the values values. */
    static JsonObject adopt(String[] keys, @Nullable Object[] values) {
        return adopt(keys, values, indexed(keys));
    }

    private static JsonObject adopt(String[] keys, @Nullable Object[] values, int @Nullable [] index) {
        return keys.length == 0 ? EMPTY : new JsonObject(keys, values, index);
    }

    /** An object with one entry; {@code value} goes through {@link Json#of} if it is no value yet. */
    public static JsonObject of(String key, @Nullable Object value) {
        return adopt(new String[] {key}, new @Nullable Object[] {Json.part(value)});
    }

    /** A new builder without entries. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with the entries of this object. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** This object with {@code key} set to {@code value}: in its place if the key is there, else at the end. */
    public JsonObject with(String key, @Nullable Object value) {
        if (exact) {
            return toBuilder().put(key, value).build();
        }
        int known = find(key);
        int at = known < 0 ? keys.length : known;
        @Nullable Object[] changed = Arrays.copyOf(values, Math.max(values.length, at + 1));
        changed[at] = Json.part(value);
        if (known >= 0) {
            return adopt(keys, changed, index);
        }
        String[] more = Arrays.copyOf(keys, keys.length + 1);
        more[at] = Objects.requireNonNull(key, "key");
        return adopt(more, changed);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        int at = find(key);
        return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(key) >= 0;
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return new Entries();
    }

    /** The object as JSON text. */
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
            known = 2L + Math.max(0, keys.length - 1);
            for (int i = 0; i < keys.length; i++) {
                known = Json.plus(known, Json.plus(Json.encodedSize(keys[i]) + 1, Json.encodedSize(values[i])));
            }
            size = known;
        }
        return known;
    }

    long mostBytes() {
        long known = size;
        return known == 0 ? encodedSize() : Math.abs(known);
    }

    String keyAt(int at) {
        return keys[at];
    }

    @Nullable
    Object valueAt(int at) {
        return values[at];
    }

    private int find(@Nullable Object key) {
        if (!(key instanceof String text)) {
            return -1;
        }
        return index == null ? scan(text, keys, keys.length) : probe(text, index);
    }

    /** Texts keep their hash, and most that differ have another one, which is told sooner than by their characters. */
    private static int scan(String key, String[] keys, int size) {
        int hash = key.hashCode();
        for (int i = 0; i < size; i++) {
            if (keys[i].hashCode() == hash && keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private int probe(String key, int[] table) {
        for (int i = spread(key.hashCode(), table.length); ; i = (i + 1) & (table.length - 1)) {
            int at = table[i] - 1;
            if (at < 0 || keys[at].equals(key)) {
                return at;
            }
        }
    }

    private static int @Nullable [] indexed(String[] keys) {
        return keys.length > SCANNED ? index(keys) : null;
    }

    /** An open-addressed table of positions + 1, at most half full. */
    private static int[] index(String[] keys) {
        int[] table = new int[Integer.highestOneBit(keys.length) << 2];
        for (int at = 0; at < keys.length; at++) {
            int i = spread(keys[at].hashCode(), table.length);
            while (table[i] != 0) {
                i = (i + 1) & (table.length - 1);
            }
            table[i] = at + 1;
        }
        return table;
    }

    private static int spread(int hash, int length) {
        return (hash ^ hash >>> 16) & (length - 1);
    }

    private final class Entries extends AbstractSet<Entry<String, @Nullable Object>> {

        @Override
        public int size() {
            return keys.length;
        }

        @Override
        public Iterator<Entry<String, @Nullable Object>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < keys.length;
                }

                @Override
                public Entry<String, @Nullable Object> next() {
                    if (next == keys.length) {
                        throw new NoSuchElementException();
                    }
                    Entry<String, @Nullable Object> entry = new SimpleImmutableEntry<>(keys[next], values[next]);
                    next++;
                    return entry;
                }
            };
        }
    }

    /** The keys of many objects, which share them: the rows of a table. Immutable. */
    public static final class Shape {

        private final String[] keys;
        private final int @Nullable [] index;

        private Shape(String[] keys) {
            this.keys = keys;
            this.index = indexed(keys);
        }

        /**
         * Objects with these keys, in this order.
         *
         * @throws IllegalArgumentException if a key stands there twice
         */
        public static Shape of(Collection<String> keys) {
            if (new HashSet<>(keys).size() < keys.size()) {
                throw new IllegalArgumentException("An object has each key once, found " + keys);
            }
            return new Shape(keys.toArray(String[]::new));
        }

        /**
         * An object with these values, one for each key; each that is no value yet goes through {@link Json#of}. The
         * array is taken over, and nobody may change it afterwards.
         *
         * @throws IllegalArgumentException if there are more or fewer of them than keys
         */
        public JsonObject object(@Nullable Object... values) {
            if (values.length != keys.length) {
                throw new IllegalArgumentException(keys.length + " keys need as many values, found " + values.length);
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = Json.part(values[i]);
            }
            return adopt(keys, values, index);
        }
    }

    /** Collects entries in order; not for use by several threads. */
    public static final class Builder {

        /** As many as most objects have: to be built, they are looked through once for each key. */
        private static final int MOST_SCANNED = 2 * SCANNED;

        private String[] keys;
        private @Nullable Object[] values;
        private int size;

        /** Where keys are, as soon as there are too many to scan. */
        private @Nullable Map<String, Integer> positions;

        private Builder() {
            keys = new String[SCANNED];
            values = new @Nullable Object[SCANNED];
        }

        private Builder(JsonObject begun) {
            size = begun.keys.length;
            keys = Arrays.copyOf(begun.keys, size + SCANNED);
            values = Arrays.copyOf(begun.values, size + SCANNED);
            if (begun.exact) {
                Arrays.setAll(values, at -> Json.part(values[at]));
            }
        }

        /** Sets {@code key} to {@code value}, which goes through {@link Json#of} if it is no value yet. */
        public Builder put(String key, @Nullable Object value) {
            return putDocument(key, Json.part(value));
        }

        /** Sets {@code key} unless {@code value} is null. */
        public Builder putIfPresent(String key, @Nullable Object value) {
            return value == null ? this : put(key, value);
        }

        /** Sets {@code key} to a part of a document, whose numbers keep their text. */
        public Builder putDocument(String key, @Nullable Object tree) {
            int at = find(key);
            if (at < 0) {
                at = append(key);
            }
            values[at] = tree;
            return this;
        }

        /** Sets a key that is not there, to a part of a document. */
        void putNew(String key, @Nullable Object tree) {
            int at = append(key);
            values[at] = tree;
        }

        private int append(String key) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            keys[size] = Objects.requireNonNull(key, "key");
            if (positions != null) {
                positions.put(key, size);
            }
            return size++;
        }

        private int find(String key) {
            if (size > MOST_SCANNED) {
                return positions().getOrDefault(key, -1);
            }
            return scan(key, keys, size);
        }

        private Map<String, Integer> positions() {
            Map<String, Integer> known = positions;
            if (known == null) {
                known = new HashMap<>(4 * size);
                for (int i = 0; i < size; i++) {
                    known.put(keys[i], i);
                }
                positions = known;
            }
            return known;
        }

        /** Whether {@code key} was set. */
        public boolean containsKey(String key) {
            return find(key) >= 0;
        }

        /** How many keys were set. */
        public int size() {
            return size;
        }

        /** Whether nothing was put. */
        public boolean isEmpty() {
            return size == 0;
        }

        /** The object. */
        public JsonObject build() {
            return adopt(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
        }
    }

    /** The keys in order. */
    @Override
    public Set<String> keySet() {
        return new Keys();
    }

    private final class Keys extends AbstractSet<String> {

        @Override
        public int size() {
            return keys.length;
        }

        @Override
        public boolean contains(@Nullable Object key) {
            return find(key) >= 0;
        }

        @Override
        public Iterator<String> iterator() {
            return Collections.unmodifiableList(Arrays.asList(keys)).iterator();
        }
    }
}
