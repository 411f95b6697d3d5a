package io.automationhub.ai.model;

/** Why a model stopped. */
public enum StopReason {

    /** It had said what it had to say. */
    END("end"),

    /** It wants tools to be called. */
    TOOL_CALLS("tool-calls"),

    /** It reached the most tokens that it was allowed. */
    MAX_TOKENS("max-tokens"),

    /** It reached one of the texts at which it was to stop. */
    STOP_SEQUENCE("stop-sequence"),

    /** It does not do what it was asked. */
    REFUSAL("refusal"),

    /** The provider held the answer, or the question, back. */
    SAFETY("safety"),

    /** What was said does not fit into its window. */
    CONTEXT_EXCEEDED("context-exceeded"),

    /** The provider interrupts a long turn, and goes on when the conversation is sent again as it is. */
    PAUSED("paused"),

    /** Something that is not known here. */
    OTHER("other");

    private final String text;

    StopReason(String text) {
        this.text = text;
    }

    /** As it stands in the outputs of nodes. */
    public String text() {
        return text;
    }
}
