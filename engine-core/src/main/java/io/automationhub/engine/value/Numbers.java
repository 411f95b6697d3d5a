package io.automationhub.engine.value;

import io.automationhub.engine.value.JsonException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The three number types of a value, and the text of each. */
final class Numbers {

    /** Beyond this power of ten a number is a mistake or an attack: writing it out would need kilobytes. */
    private static final int MAX_EXPONENT = 400;

    /** Up to this many digits after the point a number is written plainly, beyond with an exponent. */
    private static final int MAX_PLAIN_SCALE = 20;

    /** A sign, a point, and zeros before the digits or an exponent behind them. */
    private static final int MOST_BESIDE_DIGITS = MAX_PLAIN_SCALE + 8;

    private static final int MOST_OF_LONG = 20;

    private Numbers() {}

    static Number parse(String text) {
        if (isInteger(text)) {
            return text.length() <= 18 ? (Number) Long.valueOf(text) : shrink(new BigInteger(text));
        }
        return inRange(new BigDecimal(text));
    }

    static Number shrink(BigInteger integer) {
        return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
    }

    static BigDecimal inRange(BigDecimal decimal) {
        if (!exponentInRange(decimal)) {
            throw new JsonException(
                    Reason.TOO_LARGE,
                    "A number has an exponent beyond ±" + MAX_EXPONENT + "; write such a quantity as text");
        }
        return decimal;
    }

    static boolean exponentInRange(BigDecimal decimal) {
        long exponent = (long) decimal.precision() - decimal.scale() - 1;
        return decimal.signum() == 0
                ? Math.abs((long) decimal.scale()) <= MAX_EXPONENT
                : Math.abs(exponent) <= MAX_EXPONENT && decimal.scale() <= 2 * MAX_EXPONENT;
    }

    static Number fromDouble(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new JsonException(
                    Reason.NOT_JSON, "The number " + number + " has no JSON form; use null or text instead");
        }
        return BigDecimal.valueOf(number);
    }

    static String text(Number number) {
        if (number instanceof BigDecimal decimal) {
            boolean plain = decimal.scale() >= 0 && decimal.scale() <= MAX_PLAIN_SCALE;
            return plain ? decimal.toPlainString() : decimal.toString();
        }
        return number.toString();
    }

    /** As many characters as the text has, or more, without writing it. */
    static long mostLength(Number number) {
        if (number instanceof BigDecimal decimal) {
            return (long) decimal.precision() + MOST_BESIDE_DIGITS;
        }
        if (number instanceof BigInteger integer) {
            return integer.bitLength() / 3 + 2L;
        }
        return number instanceof Long ? MOST_OF_LONG : number.toString().length();
    }

    private static boolean isInteger(String text) {
        for (int i = text.startsWith("-") ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }
}
