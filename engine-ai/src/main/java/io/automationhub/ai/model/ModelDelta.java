package io.automationhub.ai.model;

/** A piece of an answer that is still on its way. */
public sealed interface ModelDelta {

    /** More text. */
    record Text(String text) implements ModelDelta {}

    /** More of what the model thinks, if the provider shows it. */
    record Reasoning(String text) implements ModelDelta {}

    /** More of a refusal. */
    record Refusal(String text) implements ModelDelta {}

    /**
     * A call of a tool begins, or more of its arguments.
     *
     * @param index tells it from other calls of the answer, in their order
     * @param name of the tool; empty if it was said before
     * @param arguments a piece of JSON text
     */
    record ToolCall(int index, String name, String arguments) implements ModelDelta {}
}
