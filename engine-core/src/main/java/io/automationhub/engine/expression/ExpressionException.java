package io.automationhub.engine.expression;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;

/** An expression could not be evaluated on the data it met, or not be compiled. Kind {@code expression}. */
public final class ExpressionException extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    private final int column;

    /** @param column where in the source, from 1 */
    public ExpressionException(int column, String message) {
        super(ExecutionError.KIND_EXPRESSION, message, null);
        this.column = column;
    }

    /** Where in the expression's source the trouble is, counted from 1. */
    public int column() {
        return column;
    }
}
