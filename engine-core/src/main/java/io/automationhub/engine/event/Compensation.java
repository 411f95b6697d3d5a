package io.automationhub.engine.event;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How to undo what a node run did; settled when it succeeds.
 *
 * @param handler the node that undoes it
 * @param config the rendered configuration of that node; null if it could not be rendered
 * @param error why it could not be rendered; null if it could
 */
public record Compensation(
        String handler,
        @Nullable JsonObject config,
        @Nullable ExecutionError error) {

    /** Whether all that a run did was undone. */
    public enum Status {
        /** Every handler succeeded. */
        COMPLETE,
        /** A handler failed for good, or could not be run; the history says which. */
        INCOMPLETE
    }
}
