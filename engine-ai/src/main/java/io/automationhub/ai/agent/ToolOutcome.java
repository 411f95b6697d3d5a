package io.automationhub.ai.agent;

import io.automationhub.engine.value.JsonObject;

/**
 * What came of a call of a tool.
 *
 * @param status whether it was made
 * @param text for the model
 * @param millis how long it took
 */
public record ToolOutcome(Status status, String text, long millis) {

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

    static ToolOutcome refused(String why) {
        return new ToolOutcome(Status.REFUSED, why, 0);
    }

    /** As it is kept. */
    public JsonObject toJson() {
        return JsonObject.of("status", status.text()).with("text", text).with("millis", millis);
    }

    /** An outcome as {@link #toJson} writes it. */
    public static ToolOutcome of(JsonObject json) {
        return new ToolOutcome(
                Status.of(String.valueOf(json.get("status"))),
                String.valueOf(json.get("text")),
                json.get("millis") instanceof Long millis ? millis : 0);
    }
}
