package io.automationhub.ai.call;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.AnswerSchema;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls models for JSON of a shape. The shape is asked for in the provider's way where its model keeps to it, and in words where not;
 * either way the answer is checked, and the model is told what is wrong with it a few times. What comes of it fits the schema, or is a
 * failure. Safe for use by several threads.
 */
public final class StructuredCaller {

    /** The kind of failure of an answer that does not have its shape. */
    public static final String KIND_ANSWER = "model-answer";

    /** Providers want an object at the top; anything else stands in this field of one. */
    private static final String VALUE = "value";

    private static final String NAME = "answer";
    private static final int SHOWN = 8;
    private static final int EXCERPT = 500;
    private static final Pattern FENCED = Pattern.compile("(?s)\\s*```[a-zA-Z]*\\s*\\n(.*?)\\n?\\s*```\\s*");

    private final ModelCaller caller;

    public StructuredCaller(ModelCaller caller) {
        this.caller = caller;
    }

    /**
     * Calls a model.
     *
     * @param schema of the value, JSON Schema 2020-12
     * @param repairs how many times the model is told what is wrong
     * @throws NonRetriableException kind {@value #KIND_ANSWER}, if no answer fits, or it was cut; as {@link ModelCaller#call} does
     * @throws IllegalArgumentException if the schema is none
     */
    public StructuredResult call(
            ModelRequest request, JsonObject schema, int repairs, List<ModelTarget> chain, CallSettings settings) {
        JsonSchema check = JsonSchema.compileChecked(schema);
        boolean object = "object".equals(schema.get("type"));
        JsonObject asked = object ? schema : wrapped(schema);
        ModelRequest next = request.withAnswer(new AnswerSchema(NAME, asked));
        List<ModelAttempt> before = List.of();
        for (int repair = 0; ; repair++) {
            ModelResult result = caller.call(next, chain, settings, before);
            Message said = result.answer().message();
            if (hasNoAnswer(result) || !said.toolCalls().isEmpty()) {
                return new StructuredResult(null, result);
            }
            Reading reading = read(said.text(), object, check);
            if (reading.wrong().isEmpty()) {
                return new StructuredResult(reading.value(), result);
            }
            boolean cut = result.answer().stop() == StopReason.MAX_TOKENS;
            if (cut || repair >= repairs) {
                throw failed(settings.label(), cut, reading, result);
            }
            before = result.attempts();
            next = next.withMessages(told(next.messages(), said, reading));
        }
    }

    /** Whoever asked looks at the reason. */
    private static boolean hasNoAnswer(ModelResult result) {
        StopReason stop = result.answer().stop();
        return stop == StopReason.REFUSAL
                || stop == StopReason.SAFETY
                || !result.answer().message().refusal().isEmpty();
    }

    private static JsonObject wrapped(JsonObject schema) {
        return JsonObject.builder()
                .put("type", "object")
                .put("properties", JsonObject.of(VALUE, schema))
                .put("required", List.of(VALUE))
                .put("additionalProperties", false)
                .build();
    }

    private static List<Message> told(List<Message> messages, Message said, Reading reading) {
        List<Message> more = new ArrayList<>(messages);
        if (!said.parts().isEmpty()) {
            more.add(said);
        }
        more.add(Message.user("That does not fit the JSON Schema: " + reading.wrong()
                + ". Answer again, with the whole corrected JSON and nothing else."));
        return more;
    }

    // ---------------------------------------------------------------- reading

    /**
     * @param value what was read; null if nothing was
     * @param wrong what is wrong with it; empty if nothing is
     */
    private record Reading(@Nullable Object value, String wrong) {}

    private static Reading read(String text, boolean object, JsonSchema check) {
        Object value;
        try {
            value = Json.parse(json(text));
        } catch (JsonException e) {
            return new Reading(null, text.isBlank() ? "there is nothing" : "it is no JSON: " + e.getMessage());
        }
        Object inner =
                !object && value instanceof JsonObject outer && outer.containsKey(VALUE) ? outer.get(VALUE) : value;
        String wrong = check.validate(inner).stream()
                .limit(SHOWN)
                .map(JsonSchema.Violation::text)
                .collect(Collectors.joining("; "));
        return new Reading(inner, wrong);
    }

    /** Without the fence of Markdown, and without words around an object. */
    private static String json(String text) {
        Matcher fenced = FENCED.matcher(text);
        if (fenced.matches()) {
            return fenced.group(1);
        }
        int begin = text.indexOf('{');
        int end = text.lastIndexOf('}');
        return begin > 0 && end > begin && !text.stripLeading().startsWith("[") ? text.substring(begin, end + 1) : text;
    }

    private static NonRetriableException failed(String label, boolean cut, Reading reading, ModelResult result) {
        String text = result.answer().message().text();
        return new NonRetriableException(
                KIND_ANSWER,
                "The answer to " + label
                        + (cut ? " was cut at the most tokens that it may have" : " does not fit its schema")
                        + ": " + reading.wrong()
                        + (cut ? "; raise maxTokens" : "; make the schema simpler, or ask another model"),
                JsonObject.builder()
                        .put("text", text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text)
                        .put("usage", result.usage().toJson())
                        .put("cost", result.cost().toJson())
                        .put(
                                "attempts",
                                result.attempts().stream()
                                        .map(ModelAttempt::toJson)
                                        .toList())
                        .build(),
                null);
    }
}
