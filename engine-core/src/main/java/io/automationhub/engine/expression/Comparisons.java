package io.automationhub.engine.expression;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The comparisons of the language, for those who compare values outside an expression. */
public final class Comparisons {

    private Comparisons() {}

    /** {@code ==}: numbers by size, lists and objects element by element; values of different types never. */
    public static boolean equal(@Nullable Object left, @Nullable Object right) {
        return Operators.equal(left, right);
    }

    /**
     * {@code <} and its kin: negative, zero or positive.
     *
     * @throws ExpressionException if the two have no order
     */
    public static int order(@Nullable Object left, @Nullable Object right) {
        return Operators.order(left, right, 1);
    }

    /**
     * As {@link #order}, times {@code sign}, but null stands behind everything else whatever the sign.
     *
     * @throws ExpressionException if the two have no order
     */
    public static int orderNullLast(@Nullable Object left, @Nullable Object right, int sign) {
        if (left == null || right == null) {
            return left == right ? 0 : left == null ? 1 : -1;
        }
        return sign * order(left, right);
    }

    /** What stands for a value in a hash table: two keys are equal if, and only if, the values are by {@link #equal}. */
    public static Object key(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            BigDecimal plain = decimal.stripTrailingZeros();
            return plain.scale() > 0 || plain.precision() - (long) plain.scale() > 400
                    ? plain
                    : integerKey(plain.toBigInteger());
        }
        return value == null ? JsonNull.KEY : nestedKey(value);
    }

    /** Nearly always the value itself: only a decimal number may have equals that look different. */
    private static Object nestedKey(Object value) {
        if (value instanceof JsonArray list) {
            return listKey(list);
        }
        return value instanceof JsonObject object ? objectKey(object) : value;
    }

    private static Object listKey(JsonArray list) {
        @Nullable Object[] keys = list.toArray();
        boolean same = true;
        for (int i = 0; i < keys.length; i++) {
            Object element = keys[i];
            keys[i] = element == null ? null : key(element);
            same &= keys[i] == element;
        }
        return same ? list : Arrays.asList(keys);
    }

    private static Object objectKey(JsonObject object) {
        Map<String, @Nullable Object> keys = new HashMap<>();
        boolean[] same = {true};
        object.forEach((name, field) -> {
            Object key = field == null ? null : key(field);
            same[0] &= key == field;
            keys.put(name, key);
        });
        return same[0] ? object : keys;
    }

    private static Object integerKey(BigInteger integer) {
        return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
    }

    /** Null as a key. */
    private enum JsonNull {
        KEY
    }

    /** Whether a number is whole, as 1.0 is. */
    public static boolean isInteger(Number number) {
        return Operators.isInteger(number);
    }

    /** The number, exactly. */
    public static BigDecimal decimal(Number number) {
        return Operators.decimal(number);
    }

    /** {@code =^}. */
    public static boolean startsWith(@Nullable Object text, @Nullable Object start) {
        return Operators.affix(text, start, true, 1);
    }

    /** {@code =$}. */
    public static boolean endsWith(@Nullable Object text, @Nullable Object end) {
        return Operators.affix(text, end, false, 1);
    }

    /** Whether the whole of a text matches a pattern of RE2, as {@code =~} does. */
    public static boolean matches(@Nullable Object value, String pattern) {
        return Operators.matches(value, TextPattern.compile(pattern, 1), 1);
    }

    /** {@code empty(…)}: null, and text, lists and objects without content. */
    public static boolean isEmpty(@Nullable Object value) {
        return Operators.isEmpty(value);
    }
}
