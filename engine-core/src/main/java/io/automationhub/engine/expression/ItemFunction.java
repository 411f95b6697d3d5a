package io.automationhub.engine.expression;

import org.jspecify.annotations.Nullable;

/** An expression over {@code item} and {@code index}, ready to be evaluated for one element after the other. */
@FunctionalInterface
public interface ItemFunction {

    /**
     * The expression's value for one element.
     *
     * @throws ExpressionException if the element does not fit
     */
    @Nullable
    Object apply(@Nullable Object item, long index);

    /** Whether the expression's value is true; null is false. */
    default boolean test(@Nullable Object item, long index) {
        return Operators.truth(apply(item, index), 1);
    }
}
