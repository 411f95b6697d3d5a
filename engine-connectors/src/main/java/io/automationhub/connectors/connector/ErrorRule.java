package io.automationhub.connectors.connector;

import io.automationhub.connectors.request.Answer;
import io.automationhub.connectors.request.StatusRule;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of a server means: one that it tells by a status, or one that it tells in the body of a success.
 *
 * @param status such as {@code 404} or {@code 4xx}; null if it stands in the body
 * @param at the pointer (RFC 6901) into the body; null if it is a status
 * @param anyValue whether any value there that is not null is a failure
 * @param is the value there that is a failure
 * @param message the pointer to what the server says of it; null if it says nothing
 * @param kind of the node's error; null for the usual one
 * @param description what it means; empty if nothing is said
 */
public record ErrorRule(
        @Nullable String status,
        @Nullable String at,
        boolean anyValue,
        @Nullable Object is,
        @Nullable String message,
        @Nullable String kind,
        String description) {

    /** The kind of a failure that a server tells in the body of a success. */
    static final String KIND_ANSWER = "answer";

    private static final int LONGEST = 500;

    static ErrorRule of(JsonObject json) {
        Part part = new Part(json);
        return new ErrorRule(
                json.containsKey("status") ? part.text("status") : null,
                part.optionalText("at"),
                !json.containsKey("is"),
                json.get("is"),
                part.optionalText("message"),
                part.optionalText("kind"),
                part.textOr("description", ""));
    }

    /** What statuses mean; of two rules for one status the first counts. */
    static Map<String, StatusRule.Meaning> meanings(List<ErrorRule> rules) {
        Map<String, StatusRule.Meaning> meanings = new HashMap<>();
        for (ErrorRule rule : rules) {
            if (rule.status != null) {
                meanings.putIfAbsent(rule.status, new StatusRule.Meaning(rule.kind, rule.description));
            }
        }
        return meanings;
    }

    /**
     * Looks for the failure in the body of a success.
     *
     * @param label whose call it was
     * @throws NonRetriableException if it is there
     */
    void check(Answer answer, String label) {
        if (at == null || !isFailure(JsonPointer.read(answer.body(), at))) {
            return;
        }
        Object found = message == null ? null : JsonPointer.read(answer.body(), message);
        String said = found == null ? "" : Json.toText(found);
        throw new NonRetriableException(
                kind == null ? KIND_ANSWER : kind,
                "The server answered " + label + " by a failure"
                        + (said.isEmpty() ? "" : ": " + said.substring(0, Math.min(said.length(), LONGEST)))
                        + (description.isEmpty() ? "" : "; " + description),
                JsonObject.of("status", answer.status()).with("body", answer.body()),
                null);
    }

    private boolean isFailure(@Nullable Object found) {
        return anyValue ? found != null : Objects.equals(found, is);
    }
}
