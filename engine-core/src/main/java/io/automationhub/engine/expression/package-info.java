/**
 * Expressions and templates. An {@link io.automationhub.engine.expression.ExpressionCompiler} turns text in JEXL's
 * grammar into an {@link io.automationhub.engine.expression.Expression}: closures over numbered slots, checked against
 * an allow-list, with no reflection anywhere. A {@link io.automationhub.engine.expression.ValueTemplate} is JSON with
 * expressions in it.
 */
@NullMarked
package io.automationhub.engine.expression;

import org.jspecify.annotations.NullMarked;
