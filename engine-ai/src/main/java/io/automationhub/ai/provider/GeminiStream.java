package io.automationhub.ai.provider;

import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the stream of <a href="https://ai.google.dev/api/generate-content">streamGenerateContent</a> together: each event is an answer
 * with the next parts. Pieces of text become one part, unless they have a signature, which belongs to its own part.
 */
final class GeminiStream implements StreamAssembly {

    private static final Set<String> PLAIN = Set.of("text", "thought");

    private final GeminiContent protocol;
    private final Consumer<ModelDelta> listener;
    private final List<JsonObject> parts = new ArrayList<>();
    private final Map<String, @Nullable Object> last = new LinkedHashMap<>();
    private @Nullable PartialCall open;
    private @Nullable Object finish;
    private int calls;

    /** A call whose arguments come in pieces, as a host may have asked for. */
    private static final class PartialCall {

        private final JsonObject part;
        private final Map<String, @Nullable Object> arguments = new LinkedHashMap<>();

        PartialCall(JsonObject part) {
            this.part = part;
        }

        void add(JsonObject piece) {
            String name = Answers.text(piece, "jsonPath").replaceFirst("^\\$\\.", "");
            if (piece.get("stringValue") instanceof String text) {
                arguments.merge(name, text, (known, more) -> known.toString() + more);
            } else if (piece.containsKey("numberValue")) {
                arguments.put(name, piece.get("numberValue"));
            } else if (piece.containsKey("boolValue")) {
                arguments.put(name, piece.get("boolValue"));
            } else if (piece.containsKey("nullValue")) {
                arguments.put(name, null);
            }
        }

        JsonObject json() {
            JsonObject call = Answers.object(part.get("functionCall"));
            JsonObject.Builder whole = JsonObject.builder();
            call.forEach((field, value) -> {
                if (!field.equals("willContinue") && !field.equals("partialArgs")) {
                    whole.put(field, value);
                }
            });
            return part.with(
                    "functionCall", whole.put("args", Json.of(arguments)).build());
        }
    }

    GeminiStream(GeminiContent protocol, Consumer<ModelDelta> listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    @Override
    public void accept(JsonObject event) {
        if (event.get("error") != null) {
            throw protocol.refusal(200, event);
        }
        // Of what each event repeats the last one counts.
        event.forEach((field, value) -> {
            if (!field.equals("candidates")) {
                last.put(field, value);
            }
        });
        JsonObject candidate = Answers.object(Answers.at(event, "candidates", "0"));
        if (candidate.get("finishReason") != null) {
            finish = candidate.get("finishReason");
        }
        Answers.array(Answers.object(candidate.get("content")), "parts").forEach(part -> add(Answers.object(part)));
    }

    private void add(JsonObject part) {
        if (part.get("functionCall") instanceof JsonObject call) {
            call(part, call);
            return;
        }
        String text = Answers.text(part, "text");
        if (!text.isEmpty()) {
            listener.accept(
                    Boolean.TRUE.equals(part.get("thought"))
                            ? new ModelDelta.Reasoning(text)
                            : new ModelDelta.Text(text));
        }
        JsonObject before = parts.isEmpty() ? JsonObject.EMPTY : parts.get(parts.size() - 1);
        boolean joins = part.containsKey("text")
                && before.containsKey("text")
                && PLAIN.containsAll(part.keySet())
                && PLAIN.containsAll(before.keySet())
                && Boolean.TRUE.equals(part.get("thought")) == Boolean.TRUE.equals(before.get("thought"));
        if (joins) {
            parts.set(parts.size() - 1, before.with("text", Answers.text(before, "text") + text));
        } else {
            parts.add(part);
        }
    }

    private void call(JsonObject part, JsonObject call) {
        boolean goesOn = Boolean.TRUE.equals(call.get("willContinue"));
        PartialCall current = open;
        if (current == null || call.get("name") instanceof String) {
            endCall();
            listener.accept(new ModelDelta.ToolCall(
                    calls++, Answers.text(call, "name"), goesOn ? "" : Json.write(Answers.object(call.get("args")))));
            if (!goesOn) {
                parts.add(part);
                return;
            }
            current = new PartialCall(part);
            open = current;
        }
        for (Object piece : Answers.array(call, "partialArgs")) {
            current.add(Answers.object(piece));
        }
        if (!goesOn) {
            endCall();
        }
    }

    private void endCall() {
        if (open != null) {
            parts.add(open.json());
            open = null;
        }
    }

    @Override
    public boolean isComplete() {
        return finish != null || Answers.at(Json.of(last), "promptFeedback", "blockReason") != null;
    }

    @Override
    public JsonObject whole() {
        JsonObject candidate = JsonObject.builder()
                .put(
                        "content",
                        JsonObject.builder()
                                .put("role", "model")
                                .put("parts", JsonArray.of(parts.toArray()))
                                .build())
                .put("finishReason", finish)
                .build();
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("candidates", JsonArray.of(candidate));
        whole.putAll(last);
        return Json.object(Json.of(whole));
    }

    @Override
    public Usage usage() {
        Usage told = GeminiContent.usage(whole());
        return told.total() > 0 || parts.isEmpty()
                ? told
                : new Usage(0, 0, Map.of(), TokenEstimate.of(Json.write(JsonArray.of(parts.toArray()))), 0, true);
    }
}
