package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.ItemFunction;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what items are grouped, sorted or told apart.
 *
 * @param name of the field that it becomes
 * @param computed whether it is no part of the item, so that keeping it takes room
 * @param descending whether large ones come first, where items are sorted
 */
record Key(String name, ItemFunction value, boolean computed, boolean descending) {

    static List<String> names(List<Key> keys) {
        return keys.stream().map(Key::name).toList();
    }

    /** What an item has for each of them. */
    static @Nullable Object[] read(List<Key> keys, @Nullable Object item, long at) {
        @Nullable Object[] values = new @Nullable Object[keys.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = keys.get(i).value().apply(item, at);
        }
        return values;
    }

    /** What stands for these values in a hash table. */
    static Object hashed(@Nullable Object[] values) {
        if (values.length == 1) {
            return Comparisons.key(values[0]);
        }
        Object[] keys = new Object[values.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Comparisons.key(values[i]);
        }
        return Arrays.asList(keys);
    }
}
