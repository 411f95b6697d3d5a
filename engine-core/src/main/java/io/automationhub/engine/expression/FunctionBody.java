package io.automationhub.engine.expression;

import org.jspecify.annotations.Nullable;

/** What a function does. Called by any number of threads at once. */
@FunctionalInterface
public interface FunctionBody {

    /**
     * The function's value: null, or anything with a JSON form.
     *
     * @throws RuntimeException if the arguments do not fit; {@link FunctionCall#failure} makes one that says where
     */
    @Nullable
    Object apply(FunctionCall call);
}
