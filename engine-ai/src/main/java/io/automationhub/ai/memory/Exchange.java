package io.automationhub.ai.memory;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * What was said and done until there was an answer: a question, calls of tools with their results, the answer. It is remembered and
 * forgotten as a whole, so that no result is ever without its call.
 *
 * @param number in its conversation, from 0
 * @param execution the run that it was in
 */
public record Exchange(long number, String execution, Instant at, List<Message> messages) {

    public Exchange {
        messages = List.copyOf(messages);
    }

    /** How many tokens it has, by a guess. */
    public long tokens() {
        return messages.stream().mapToLong(TokenEstimate::of).sum();
    }

    /** What a person said and what the answer was, without the steps in between. */
    public Exchange outline() {
        List<Message> asked = messages.stream()
                .filter(message ->
                        message.role() == Role.USER && !message.text().isEmpty())
                .limit(1)
                .toList();
        List<Message> answers = messages.stream()
                .filter(message ->
                        message.role() == Role.ASSISTANT && !message.text().isEmpty())
                .map(message -> Message.assistant(message.text()))
                .toList();
        return new Exchange(
                number,
                execution,
                at,
                java.util.stream.Stream.concat(asked.stream(), answers.stream().skip(Math.max(0, answers.size() - 1)))
                        .toList());
    }

    JsonObject toJson() {
        return JsonObject.of("number", number)
                .with("execution", execution)
                .with("at", at.toEpochMilli())
                .with("messages", JsonArray.of(messages, MessageJson::write));
    }

    static Exchange of(JsonObject json) {
        return new Exchange(
                json.get("number") instanceof Long number ? number : 0,
                Json.toText(json.get("execution")),
                Instant.ofEpochMilli(json.get("at") instanceof Long at ? at : 0),
                MessageJson.readAll(json.get("messages")));
    }
}
