package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a workflow or with a run's input.
 *
 * @param pointer where it stands in the document (a JSON Pointer, RFC 6901); empty for the whole
 * @param nodeId the node it belongs to; null if to none
 * @param message what was found
 * @param hint what to do; null if the message says all
 */
public record Problem(
        ProblemCode code,
        Severity severity,
        String pointer,
        @Nullable String nodeId,
        String message,
        @Nullable String hint) {

    /** Whether a problem stops a workflow. */
    public enum Severity {
        /** The workflow can be kept and drawn, but not run. */
        ERROR,
        /** It runs, but perhaps not as meant. */
        WARNING
    }

    /** A problem with its code's own severity. */
    public static Problem of(
            ProblemCode code, String pointer, @Nullable String nodeId, String message, @Nullable String hint) {
        return new Problem(code, code.severity(), pointer, nodeId, message, hint);
    }

    /** Whether it keeps the workflow from running. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The problem as JSON: {@code code, severity, pointer, nodeId, message, hint}. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("code", code.name())
                .put("severity", severity.name().toLowerCase(Locale.ROOT))
                .put("pointer", pointer)
                .put("nodeId", nodeId)
                .put("message", message)
                .put("hint", hint)
                .build();
    }

    @Override
    public String toString() {
        String place = pointer.isEmpty() ? "" : " at " + pointer;
        return code + place + ": " + message + (hint == null ? "" : "; " + hint);
    }
}
