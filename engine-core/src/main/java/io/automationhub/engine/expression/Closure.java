package io.automationhub.engine.expression;

import org.jspecify.annotations.Nullable;

/** A compiled part of an expression. */
@FunctionalInterface
interface Closure {

    @Nullable
    Object evaluate(Environment environment);

    /** A part whose value is known when it is compiled. */
    record Constant(@Nullable Object value) implements Closure {

        @Override
        public @Nullable Object evaluate(Environment environment) {
            return value;
        }
    }
}
