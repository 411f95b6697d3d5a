package io.automationhub.ai.tool;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call of a tool.
 *
 * @param status whether it was made
 * @param text for the model
 * @param millis how long it took
 */
public record ToolOutcome(Status status, String text, long millis) {

    private static final JsonObject.Shape SHAPE = JsonObject.Shape.of(List.of("status", "text", "millis"));

    /** Whether a call was made. */
    public enum Status {
        /** It was, and the tool did what it does. */
        ENDED("ended"),
        /** It was, and the tool failed or took too long. */
        FAILED("failed"),
        /** It was not: there is no such tool, its arguments do not fit, or it was called too often. */
        REFUSED("refused");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As it stands in the outputs of nodes. */
        public String text() {
            return text;
        }

        static Status of(String text) {
            for (Status status : values()) {
                if (status.text.equals(text)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is no status of a call of a tool");
        }
    }

    /** A call that is not made. */
    public static ToolOutcome refused(String why) {
        return new ToolOutcome(Status.REFUSED, why, 0);
    }

    /**
     * A result for the model. A gigabyte is no value, and fails.
     *
     * @throws io.automationhub.engine.value.JsonException if it has no JSON form, or a too large one
     */
    public static String text(@Nullable Object result) {
        return result instanceof String text ? text : Json.write(Json.of(result, JsonLimits.DEFAULT));
    }

    /** The first characters of a text, which says then that it was cut off. */
    public static String shortened(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "\n[cut off: these are " + most + " of " + text.length() + " characters]";
    }

    /** As it is kept. */
    public JsonObject toJson() {
        return SHAPE.object(status.text(), text, millis);
    }

    /** An outcome as {@link #toJson} writes it. */
    public static ToolOutcome of(JsonObject json) {
        return new ToolOutcome(
                Status.of(String.valueOf(json.get("status"))),
                String.valueOf(json.get("text")),
                json.get("millis") instanceof Long millis ? millis : 0);
    }
}
