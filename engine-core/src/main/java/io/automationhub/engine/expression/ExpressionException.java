package io.automationhub.engine.expression;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;

/** An expression could not be evaluated on the data it met, or not be compiled. Kind {@code expression}. */
public final class ExpressionException extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    private final int column;
    private final boolean absence;

    /** @param column where in the source, from 1 */
    public ExpressionException(int column, String message) {
        this(column, message, false);
    }

    private ExpressionException(int column, String message, boolean absence) {
        super(ExecutionError.KIND_EXPRESSION, message, null);
        this.column = column;
        this.absence = absence;
    }

    /** A path leads beyond null. */
    static ExpressionException absence(int column, String message) {
        return new ExpressionException(column, message, true);
    }

    /** Where in the expression's source the trouble is, counted from 1. */
    public int column() {
        return column;
    }

    /** Whether a path led beyond null, so that what was asked for is not there. */
    public boolean isAbsence() {
        return absence;
    }
}
