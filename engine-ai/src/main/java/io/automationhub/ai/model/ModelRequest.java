package io.automationhub.ai.model;

import io.automationhub.ai.message.Message;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked. What is null is left to the provider. Immutable.
 *
 * @param model its name, as the provider has it
 * @param instructions what it is to be and do; stands before the messages
 * @param messages the conversation so far, the last of a user
 * @param tools that it may want to be called
 * @param choice whether it calls them
 * @param answer the shape of its answer; null for text
 * @param maxTokens the most tokens of the answer, thoughts included
 * @param temperature how much chance there is in the answer; not every model takes one
 * @param stop texts at which it stops
 * @param effort how much it thinks: {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code xhigh}, {@code max};
 *     not every model takes each
 * @param options further fields of the request in the provider's own form, put into it as they are
 */
public record ModelRequest(
        String model,
        @Nullable String instructions,
        List<Message> messages,
        List<ModelTool> tools,
        ToolChoice choice,
        @Nullable AnswerSchema answer,
        @Nullable Integer maxTokens,
        @Nullable BigDecimal temperature,
        List<String> stop,
        @Nullable String effort,
        JsonObject options) {

    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
    }

    /** A request for text in answer to a conversation. */
    public static ModelRequest of(String model, List<Message> messages) {
        return new ModelRequest(
                model,
                null,
                messages,
                List.of(),
                new ToolChoice.Auto(),
                null,
                null,
                null,
                List.of(),
                null,
                JsonObject.EMPTY);
    }

    public ModelRequest withModel(String other) {
        return new ModelRequest(
                other, instructions, messages, tools, choice, answer, maxTokens, temperature, stop, effort, options);
    }

    public ModelRequest withInstructions(@Nullable String text) {
        return new ModelRequest(
                model, text, messages, tools, choice, answer, maxTokens, temperature, stop, effort, options);
    }

    public ModelRequest withMessages(List<Message> others) {
        return new ModelRequest(
                model, instructions, others, tools, choice, answer, maxTokens, temperature, stop, effort, options);
    }

    public ModelRequest withTools(List<ModelTool> others, ToolChoice whether) {
        return new ModelRequest(
                model, instructions, messages, others, whether, answer, maxTokens, temperature, stop, effort, options);
    }

    public ModelRequest withAnswer(@Nullable AnswerSchema shape) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, shape, maxTokens, temperature, stop, effort, options);
    }

    public ModelRequest withMaxTokens(@Nullable Integer most) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, answer, most, temperature, stop, effort, options);
    }

    public ModelRequest withTemperature(@Nullable BigDecimal chance) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, answer, maxTokens, chance, stop, effort, options);
    }

    public ModelRequest withStop(List<String> texts) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, answer, maxTokens, temperature, texts, effort, options);
    }

    public ModelRequest withEffort(@Nullable String much) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, answer, maxTokens, temperature, stop, much, options);
    }

    public ModelRequest withOptions(JsonObject more) {
        return new ModelRequest(
                model, instructions, messages, tools, choice, answer, maxTokens, temperature, stop, effort, more);
    }
}
