package io.automationhub.engine.value;

import java.math.BigDecimal;

/**
 * A number as a document wrote it, kept where writing its value would change the text ({@code 1e3}, {@code -0}).
 * It exists only in the tree of a document that is written back; {@link Json#of} turns it into a value.
 */
public final class NumberText extends Number {

    private static final long serialVersionUID = 1L;

    private final String text;

    NumberText(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public int intValue() {
        return (int) doubleValue();
    }

    @Override
    public long longValue() {
        return (long) doubleValue();
    }

    @Override
    public float floatValue() {
        return (float) doubleValue();
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberText that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The number this text stands for: a Long, BigInteger or BigDecimal. */
    Number value() {
        return Numbers.parse(text);
    }

    /** Whether the exponent is small enough for the number to be a value (at most ±400). */
    public boolean isInRange() {
        return Numbers.exponentInRange(new BigDecimal(text));
    }
}
