package io.automationhub.engine.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Immutable; any number of threads may evaluate it, each in its own environment. */
public final class Expression {

    private final String source;
    private final Closure closure;
    private final List<Reference.Use> uses;

    Expression(String source, Closure closure, List<Reference.Use> uses) {
        this.source = source;
        this.closure = closure;
        this.uses = List.copyOf(uses);
    }

    /** The text it was compiled from. */
    public String source() {
        return source;
    }

    /** What it refers to, in the order of its source. */
    public List<Reference.Use> uses() {
        return uses;
    }

    /**
     * The expression's value.
     *
     * @throws ExpressionException if the data does not fit; the message names the part of the source and what it found
     */
    public @Nullable Object evaluate(Environment environment) {
        return closure.evaluate(environment);
    }
}
