package io.automationhub.engine.event;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a node: all its attempts together.
 *
 * @param node the node's id
 * @param iteration the pass through the enclosing groups; empty at the top of a workflow
 * @param attempt how many attempts were begun; 0 if none was
 * @param startedAt when its first attempt began; null if none did
 * @param endedAt when it ended; null if it has not
 * @param output its output; null unless it succeeded
 * @param error why it failed or was cancelled; null otherwise
 * @param handles the handles whose edges were taken
 * @param variables the variables that it wrote
 * @param failedAttempts the attempts before the last one, oldest first
 */
public record NodeExecution(
        String node,
        String iteration,
        int attempt,
        NodeStatus status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Object output,
        @Nullable ExecutionError error,
        List<String> handles,
        JsonObject variables,
        List<FailedAttempt> failedAttempts) {

    /** An attempt after which another one followed. */
    public record FailedAttempt(int attempt, Instant endedAt, ExecutionError error) {}
}
