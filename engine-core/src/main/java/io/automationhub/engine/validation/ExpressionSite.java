package io.automationhub.engine.validation;

import io.automationhub.engine.expression.Expression;
import io.automationhub.engine.expression.Reference;

/**
 * Where an expression stands in a workflow.
 *
 * @param node the position of its node in the document; -1 if it stands in the output of the workflow
 * @param result whether it stands in the output of a workflow or of a group, and so reads what runs in it
 * @param pointer of the text that it is in
 * @param column where in that text its source begins, from 1
 */
record ExpressionSite(int node, boolean result, String pointer, int column, Expression expression) {

    /** Where in the text something that the expression refers to stands. */
    int column(Reference.Use use) {
        return column - 1 + use.column();
    }
}
