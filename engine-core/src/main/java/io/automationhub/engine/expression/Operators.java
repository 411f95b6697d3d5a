package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operators of an expression do. {@code column} is where in its source an error is reported. */
final class Operators {

    /** Text that grew beyond this is a mistake; a value of that size would be refused at the border anyway. */
    static final int MAX_TEXT = 16 * 1024 * 1024;

    /** Values within an expression may be larger than those that leave it, which the border checks. */
    private static final long MAX_VALUE = 512L * 1024 * 1024;

    /** About 10^400, the largest exponent that a value may have. */
    private static final int MAX_BITS = 1329;

    private Operators() {}

    static boolean truth(@Nullable Object value, int column) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value == null) {
            return false;
        }
        throw new ExpressionException(
                column,
                "Expected true or false, found " + article(value)
                        + "; compare it, as in count > 0, text != '' or empty(list)");
    }

    static Object add(@Nullable Object left, @Nullable Object right, int column) {
        if (left instanceof Long a && right instanceof Long b) {
            long sum = a + b;
            boolean overflow = ((a ^ sum) & (b ^ sum)) < 0;
            return overflow ? integer(a).add(BigInteger.valueOf(b)) : (Object) sum;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return bothIntegers(a, b)
                    ? number(integer(a).add(integer(b)), column)
                    : number(decimal(a).add(decimal(b)), column);
        }
        if (left instanceof String || right instanceof String) {
            return concatenate(text(left, column), text(right, column), column);
        }
        throw new ExpressionException(
                column,
                "Cannot add " + article(left) + " and " + article(right)
                        + "; '+' adds two numbers or joins text with anything");
    }

    static String concatenate(String left, String right, int column) {
        if (left.length() + (long) right.length() > MAX_TEXT) {
            throw new ExpressionException(column, "The text would be longer than " + MAX_TEXT + " characters");
        }
        return left.concat(right);
    }

    /** A value as text, if it is not too large for it. */
    static String text(@Nullable Object value, int column) {
        return Json.toText(value instanceof String ? value : sized(value, column));
    }

    /** The value, if its text is not too large. What shares parts many times over is small in memory and large as text. */
    static @Nullable Object sized(@Nullable Object value, int column) {
        boolean nested = value instanceof JsonArray || value instanceof JsonObject;
        if (nested && Json.encodedSize(value) > MAX_VALUE || value instanceof String text && text.length() > MAX_TEXT) {
            throw new ExpressionException(
                    column,
                    value instanceof String
                            ? "The text would be longer than " + MAX_TEXT + " characters"
                            : "The value would be larger than " + MAX_VALUE + " bytes as JSON");
        }
        return value;
    }

    static void limit(long length, int column) {
        if (length > MAX_TEXT) {
            throw new ExpressionException(column, "The text would be longer than " + MAX_TEXT + " characters");
        }
    }

    /** Text for a message: its beginning, if it is long. */
    static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    static boolean isInteger(Number number) {
        return !(number instanceof BigDecimal decimal)
                || decimal.signum() == 0
                || decimal.stripTrailingZeros().scale() <= 0;
    }

    static Object subtract(@Nullable Object left, @Nullable Object right, int column) {
        Number a = operand(left, "-", column);
        Number b = operand(right, "-", column);
        return bothIntegers(a, b)
                ? number(integer(a).subtract(integer(b)), column)
                : number(decimal(a).subtract(decimal(b)), column);
    }

    static Object multiply(@Nullable Object left, @Nullable Object right, int column) {
        Number a = operand(left, "*", column);
        Number b = operand(right, "*", column);
        return bothIntegers(a, b)
                ? number(integer(a).multiply(integer(b)), column)
                : number(decimal(a).multiply(decimal(b)), column);
    }

    static Object divide(@Nullable Object left, @Nullable Object right, int column) {
        BigDecimal divisor = divisor(right, "/", column);
        return number(decimal(operand(left, "/", column)).divide(divisor, MathContext.DECIMAL128), column);
    }

    static Object remainder(@Nullable Object left, @Nullable Object right, int column) {
        BigDecimal divisor = divisor(right, "%", column);
        return number(decimal(operand(left, "%", column)).remainder(divisor), column);
    }

    static Object negate(@Nullable Object value, int column) {
        Number number = operand(value, "-", column);
        return number instanceof BigDecimal decimal
                ? decimal.negate()
                : number(integer(number).negate(), column);
    }

    /** Equality by value: numbers by size, lists and objects element by element; types never equal each other. */
    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return compare(a, b) == 0;
        }
        if (left instanceof JsonArray a && right instanceof JsonArray b) {
            return equalLists(a, b);
        }
        if (left instanceof JsonObject a && right instanceof JsonObject b) {
            return equalObjects(a, b);
        }
        return left != null && left.equals(right);
    }

    private static boolean equalLists(JsonArray left, JsonArray right) {
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            equal = equal(left.get(i), right.get(i));
        }
        return equal;
    }

    private static boolean equalObjects(JsonObject left, JsonObject right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<String, @Nullable Object> entry : left.entrySet()) {
            if (!right.containsKey(entry.getKey()) || !equal(entry.getValue(), right.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    static int order(@Nullable Object left, @Nullable Object right, int column) {
        if (left instanceof Number a && right instanceof Number b) {
            return compare(a, b);
        }
        if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        }
        String hint = left instanceof Number || right instanceof Number
                ? "convert the other side with number(…)"
                : "only numbers and text have an order; convert with number(…) or string(…)";
        if (left == null || right == null) {
            hint = "give null a default with ??, as in (input.count ?? 0) > 5";
        }
        throw new ExpressionException(column, "Cannot order " + article(left) + " and " + article(right) + "; " + hint);
    }

    /** {@code =~}: a list contains the value, an object has the key, or the whole text matches a pattern. */
    static boolean matches(@Nullable Object left, @Nullable Object right, int column) {
        if (right instanceof JsonArray list) {
            return list.stream().anyMatch(element -> equal(left, element));
        }
        if (right instanceof JsonObject object) {
            return object.containsKey(left);
        }
        if (right instanceof String pattern) {
            return matches(left, TextPattern.compile(pattern, column), column);
        }
        throw new ExpressionException(
                column, "'=~' needs a list, an object or a pattern on its right, found " + article(right));
    }

    static boolean matches(@Nullable Object left, TextPattern pattern, int column) {
        if (left == null) {
            return false;
        }
        if (left instanceof String text) {
            return pattern.matches(text);
        }
        throw new ExpressionException(
                column, "Only text can match a pattern, found " + article(left) + "; convert it with string(…)");
    }

    static boolean affix(@Nullable Object left, @Nullable Object right, boolean start, int column) {
        if (left instanceof String text && right instanceof String affix) {
            return start ? text.startsWith(affix) : text.endsWith(affix);
        }
        if (left == null) {
            return false;
        }
        throw new ExpressionException(
                column,
                "'" + (start ? "=^" : "=$") + "' compares two texts, found " + article(left) + " and "
                        + article(right));
    }

    static long size(@Nullable Object value, int column) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof JsonArray list) {
            return list.size();
        }
        if (value instanceof JsonObject object) {
            return object.size();
        }
        if (value == null) {
            return 0;
        }
        throw new ExpressionException(column, "size(…) needs text, a list or an object, found " + article(value));
    }

    static boolean isEmpty(@Nullable Object value) {
        return value == null
                || value instanceof String text && text.isEmpty()
                || value instanceof JsonArray list && list.isEmpty()
                || value instanceof JsonObject object && object.isEmpty();
    }

    static String article(@Nullable Object value) {
        return value == null
                ? "null"
                : (value instanceof JsonObject ? "an " : value instanceof String ? "" : "a ") + Json.typeName(value);
    }

    private static Number operand(@Nullable Object value, String operator, int column) {
        if (value instanceof Number number) {
            return number;
        }
        throw new ExpressionException(
                column,
                "'" + operator + "' needs numbers, found " + article(value)
                        + (value == null ? "; give it a default with ??" : "; convert it with number(…)"));
    }

    private static BigDecimal divisor(@Nullable Object value, String operator, int column) {
        BigDecimal divisor = decimal(operand(value, operator, column));
        if (divisor.signum() == 0) {
            throw new ExpressionException(column, "Cannot divide by zero; test the divisor before");
        }
        return divisor;
    }

    static int compare(Number left, Number right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        return decimal(left).compareTo(decimal(right));
    }

    private static boolean bothIntegers(Number left, Number right) {
        return !(left instanceof BigDecimal) && !(right instanceof BigDecimal);
    }

    private static BigInteger integer(Number number) {
        return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    }

    static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof BigInteger big ? new BigDecimal(big) : BigDecimal.valueOf(number.longValue());
    }

    private static Object number(BigInteger number, int column) {
        if (number.bitLength() < Long.SIZE) {
            return number.longValue();
        }
        if (number.bitLength() > MAX_BITS) {
            throw new ExpressionException(column, "The number would have more than 400 digits");
        }
        return number;
    }

    private static Object number(BigDecimal number, int column) {
        BigDecimal rounded = number.precision() > 400 ? number.round(MathContext.DECIMAL128) : number;
        if (rounded.stripTrailingZeros().scale() <= 0 && rounded.precision() - (long) rounded.scale() <= 400) {
            return number(rounded.toBigInteger(), column);
        }
        if (Math.abs(rounded.precision() - (long) rounded.scale()) > 400) {
            throw new ExpressionException(column, "The number's exponent would be beyond ±400");
        }
        return rounded;
    }
}
