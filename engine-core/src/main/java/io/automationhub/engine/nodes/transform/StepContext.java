package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.FieldPath;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What one step knows: its configuration, and how to fail so that everybody sees where. Used by one thread. */
final class StepContext {

    private static final int MAX_SHOWN = 40;

    private final ExecutionContext context;
    private final int position;
    private final JsonObject written;
    private final String operation;
    private final KeptItems kept;

    /**
     * @param position of the step in {@code steps}
     * @param written the step as it stands in the workflow
     */
    StepContext(ExecutionContext context, int position, JsonObject written) {
        this.context = context;
        this.position = position;
        this.written = written;
        this.operation = Json.toText(written.get("op"));
        this.kept = new KeptItems(context, where());
    }

    /** The step as it stands in the workflow; a template in it is not rendered. */
    JsonObject written() {
        return written;
    }

    /** A part of the step, rendered; null if it is absent. */
    @Nullable
    Object value(Object... path) {
        return context.evaluate(inStep(path));
    }

    /** A part of the step over {@code item}. */
    ItemFunction each(Object... path) {
        return context.each(inStep(path));
    }

    private Object[] inStep(Object... path) {
        Object[] all = new Object[path.length + 2];
        all[0] = "steps";
        all[1] = position;
        System.arraycopy(path, 0, all, 2, path.length);
        return all;
    }

    /** A part that is text. */
    String text(Object... path) {
        Object value = value(path);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(path, "text", value);
    }

    /** A field that is text, or {@code otherwise} if it is absent or null. */
    String textOr(String otherwise, Object... path) {
        return value(path) == null ? otherwise : text(path);
    }

    boolean isTrue(String field) {
        Object value = value(field);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(new Object[] {field}, "true or false", value);
    }

    /** A field that is a number of items, or {@code otherwise} if it is absent or null. */
    long count(String field, long otherwise) {
        Object value = value(field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && Comparisons.isInteger(number)) {
            BigDecimal count = Comparisons.decimal(number);
            if (count.signum() >= 0 && count.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return count.longValue();
            }
        }
        throw wrong(new Object[] {field}, "a whole number from 0", value);
    }

    /** A field that is a list of names. */
    List<String> names(String field) {
        Object value = value(field);
        if (!(value instanceof JsonArray list)) {
            throw wrong(new Object[] {field}, "a list of names", value);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String name)) {
                throw wrong(new Object[] {field, i}, "a name", list.get(i));
            }
            names.add(name);
        }
        return names;
    }

    /** The fields that {@code by} names: one, or a list of them; none if it is absent. */
    List<Key> keys(String field) {
        Object raw = written.get(field);
        if (raw == null) {
            return List.of();
        }
        if (!(raw instanceof JsonArray list)) {
            return List.of(key(raw, field));
        }
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            keys.add(key(list.get(i), field, i));
        }
        return keys;
    }

    private Key key(@Nullable Object raw, Object... path) {
        if (!(raw instanceof JsonObject entry)) {
            FieldPath field = FieldPath.of(text(path));
            return new Key(field.name(), field.ofEach(), false, false);
        }
        boolean descending = "desc".equals(entry.get("order"));
        if (entry.containsKey("value")) {
            return new Key(textOr("", below(path, "as")), each(below(path, "value")), true, descending);
        }
        FieldPath field = FieldPath.of(text(below(path, "field")));
        return new Key(textOr(field.name(), below(path, "as")), field.ofEach(), false, descending);
    }

    /** What stands in {@code field}, or what {@code value} says of an item. */
    ItemFunction reader(JsonObject entry, Object... path) {
        return entry.containsKey("value")
                ? each(below(path, "value"))
                : FieldPath.of(text(below(path, "field"))).ofEach();
    }

    static Object[] below(Object[] path, Object key) {
        Object[] longer = Arrays.copyOf(path, path.length + 1);
        longer[path.length] = key;
        return longer;
    }

    /** An item that must be an object. */
    JsonObject object(@Nullable Object item) {
        if (item instanceof JsonObject object) {
            return object;
        }
        throw new ExpressionException(
                1,
                "expected an object, found " + typed(item)
                        + (item instanceof JsonArray
                                ? "; the step split, without 'field', makes items of its elements"
                                : "; make objects first, with map and value: {\"name\": \"item\"}"));
    }

    /**
     * Counts an item that the step keeps.
     *
     * @throws NonRetriableException if all of them are more than a value may be
     * @throws CancellationException if the run is cancelled
     */
    void keep(@Nullable Object item) {
        kept.add(item);
    }

    /**
     * Counts the keys of an item, which the step keeps without the item.
     *
     * @throws NonRetriableException as {@link #keep}
     */
    void keepKeys(@Nullable Object[] keys) {
        for (Object key : keys) {
            kept.add(key);
        }
    }

    /**
     * Notes that an item goes by.
     *
     * @throws CancellationException if the run is cancelled
     */
    void passed() {
        kept.passed();
    }

    private NonRetriableException wrong(Object[] path, String expected, @Nullable Object found) {
        StringBuilder name = new StringBuilder();
        for (Object part : path) {
            name.append(name.length() == 0 ? "" : "/").append(part);
        }
        return failure("'" + name + "' needs " + expected + ", found " + typed(found));
    }

    /** A value's type, for a message; the value itself if it is short text. */
    static String typed(@Nullable Object value) {
        return value instanceof String text && text.length() <= MAX_SHOWN
                ? "the text '" + text + "'"
                : value == null ? "null" : "a value of type " + Json.typeName(value);
    }

    /** The failure of this step. */
    NonRetriableException failure(String message) {
        return failure(where() + ": " + message, null);
    }

    /** The failure of this step at an item. */
    NonRetriableException failure(long index, ExpressionException cause) {
        return failure(where() + " at item " + index + ": " + cause.getMessage(), cause);
    }

    private String where() {
        return "Step " + position + " (" + operation + ")";
    }

    private static NonRetriableException failure(String message, @Nullable Throwable cause) {
        return new NonRetriableException(ExecutionError.KIND_EXPRESSION, message, cause);
    }
}
