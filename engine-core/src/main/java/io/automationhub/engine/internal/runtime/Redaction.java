package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tokens of approvals out of what people see of a run. The run itself, and the journal that it is recovered from,
 * keep them: a node may pass one on.
 */
final class Redaction {

    private Redaction() {}

    static @Nullable Object of(@Nullable Object value) {
        if (value instanceof String text) {
            return ApprovalTokens.redacted(text);
        }
        if (value instanceof JsonObject object) {
            return of(object);
        }
        if (value instanceof JsonArray array) {
            return JsonArray.of(
                    Arrays.stream(array.toArray()).map(Redaction::of).toArray());
        }
        return value;
    }

    static JsonObject of(JsonObject object) {
        JsonObject.Builder redacted = JsonObject.builder();
        object.forEach((key, value) -> redacted.put(key, of(value)));
        return redacted.build();
    }

    static NodeExecution of(NodeExecution node) {
        return new NodeExecution(
                node.node(),
                node.iteration(),
                node.attempt(),
                node.status(),
                node.startedAt(),
                node.endedAt(),
                of(node.output()),
                node.error(),
                node.handles(),
                of(node.variables()),
                node.failedAttempts());
    }

    static ExecutionFact of(ExecutionFact fact) {
        if (fact instanceof ExecutionFact.AttemptStarted started) {
            return new ExecutionFact.AttemptStarted(
                    started.at(), started.node(), started.iteration(), started.attempt(), of(started.config()));
        }
        if (fact instanceof ExecutionFact.NodeSuspended suspended) {
            return new ExecutionFact.NodeSuspended(
                    suspended.at(),
                    suspended.node(),
                    suspended.iteration(),
                    suspended.attempt(),
                    of(suspended.config()),
                    suspended.wakes());
        }
        if (fact instanceof ExecutionFact.NodeEnded ended) {
            return new ExecutionFact.NodeEnded(
                    ended.at(),
                    ended.node(),
                    ended.iteration(),
                    ended.attempt(),
                    ended.status(),
                    ended.startedAt(),
                    ended.handles(),
                    of(ended.output()),
                    ended.error(),
                    of(ended.variables()),
                    ended.compensation());
        }
        return fact;
    }
}
