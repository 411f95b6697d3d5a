package io.automationhub.engine.error;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Why a node run or a whole run failed.
 *
 * @param kind a lower-case word: {@code error} (any exception), {@code timeout}, {@code cancelled},
 *     {@code interrupted}, {@code expression}, {@code config}, {@code depth}, {@code overload}, {@code stop}, or one of a node's own
 * @param message what was attempted, what was found, what to do
 * @param node the id of the node that failed; null if it was the run itself
 * @param details facts beyond the message; empty if there are none. A run's error lists failures that came after the
 *     first under {@code others}
 */
public record ExecutionError(
        String kind, String message, @Nullable String node, JsonObject details) {

    /** The kind of every exception that names no other. */
    public static final String KIND_ERROR = "error";

    /** The kind of an attempt, a node run or a run that took too long. */
    public static final String KIND_TIMEOUT = "timeout";

    /** The kind of what was cancelled. */
    public static final String KIND_CANCELLED = "cancelled";

    /** The kind of an attempt that was under way when its process died, and must not be repeated. */
    public static final String KIND_INTERRUPTED = "interrupted";

    /** The kind of an expression or a template that could not be evaluated. */
    public static final String KIND_EXPRESSION = "expression";

    /** The kind of a configuration that does not fit. */
    public static final String KIND_CONFIG = "config";

    /** The kind of a run that would be too deep below others; it goes all the way up, and nobody tries again. */
    public static final String KIND_DEPTH = "depth";

    /** The kind of a file that is too large, or is not there. */
    public static final String KIND_FILE = "file";

    /** The kind of a signal that was refused. */
    public static final String KIND_SIGNAL = "signal";

    /** The kind of a run that a {@code stop} node ended as failed. */
    public static final String KIND_STOP = "stop";

    /** The kind of a run that was not kept while it went on, and whose process died. */
    public static final String KIND_LOST = "lost";

    /** An error without details. */
    public static ExecutionError of(String kind, String message, @Nullable String node) {
        return new ExecutionError(kind, message, node, JsonObject.EMPTY);
    }

    /** The error as a value: {@code kind}, {@code message}, {@code node} and, where there are any, {@code details}. */
    public JsonObject toJson() {
        JsonObject.Builder json =
                JsonObject.builder().put("kind", kind).put("message", message).put("node", node);
        return details.isEmpty() ? json.build() : json.put("details", details).build();
    }

    /** The error that {@link #toJson} wrote. */
    public static ExecutionError fromJson(JsonObject json) {
        Object node = json.get("node");
        return new ExecutionError(
                String.valueOf(json.get("kind")),
                String.valueOf(json.get("message")),
                node == null ? null : node.toString(),
                json.get("details") instanceof JsonObject details ? details : JsonObject.EMPTY);
    }
}
