package io.automationhub.ai.agent;

import io.automationhub.engine.value.JsonObject;

/** What happens while an agent works. */
public sealed interface AgentEvent {

    /** A model is asked. What was streamed of an answer before that failed is not a part of this one. */
    record TurnBegan(String model) implements AgentEvent {}

    /** More of what it says. */
    record TextCame(String text) implements AgentEvent {}

    /** More of what it thinks, if its provider shows it. */
    record ReasoningCame(String text) implements AgentEvent {}

    /** It calls a tool. Of a call that waited, or was interrupted by a crash, this comes once more. */
    record ToolCalled(String id, String tool, JsonObject arguments) implements AgentEvent {}

    /**
     * A tool gave a result.
     *
     * @param status {@code ended}, {@code failed} or {@code refused}
     * @param text as the model is told
     */
    record ToolReturned(String id, String tool, String status, String text) implements AgentEvent {}

    /** It is over; nothing comes after this. */
    record Ended(AgentExecution execution) implements AgentEvent {}
}
