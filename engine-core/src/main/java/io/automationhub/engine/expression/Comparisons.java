package io.automationhub.engine.expression;

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

    /** {@code =^}. */
    public static boolean startsWith(@Nullable Object text, @Nullable Object start) {
        return Operators.affix(text, start, true, 1);
    }

    /** {@code =$}. */
    public static boolean endsWith(@Nullable Object text, @Nullable Object end) {
        return Operators.affix(text, end, false, 1);
    }

    /** {@code =~}. */
    public static boolean matches(@Nullable Object value, @Nullable Object pattern) {
        return Operators.matches(value, pattern, 1);
    }

    /** {@code empty(…)}: null, and text, lists and objects without content. */
    public static boolean isEmpty(@Nullable Object value) {
        return Functions.isEmpty(value);
    }
}
