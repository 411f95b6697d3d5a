package io.automationhub.engine.node;

import org.jspecify.annotations.Nullable;

/** A node as a function: what a host registers with a lambda. */
@FunctionalInterface
public interface NodeFunction {

    /**
     * The node's output: null, or anything with a JSON form.
     *
     * @throws Exception if it failed; the retry policy decides on another attempt
     */
    @Nullable
    Object apply(ExecutionContext call) throws Exception;
}
