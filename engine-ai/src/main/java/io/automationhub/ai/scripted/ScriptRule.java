package io.automationhub.ai.scripted;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.StopReason;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A rule of a script: when it counts, and what the answer is. */
final class ScriptRule {

    private static final Set<String> FIELDS =
            Set.of("when", "times", "text", "json", "toolCalls", "stop", "delay", "error", "comment");
    private static final Set<String> CONDITIONS =
            Set.of("model", "says", "matches", "instructions", "afterTool", "turn");

    private final int place;
    private final JsonObject when;
    private final AtomicLong left;
    private final List<String> texts;
    private final JsonArray toolCalls;
    private final @Nullable StopReason stop;
    private final Duration delay;
    private final @Nullable JsonObject error;
    private final @Nullable Pattern model;
    private final @Nullable Pattern matches;

    ScriptRule(int place, @Nullable Object value) {
        this.place = place;
        if (!(value instanceof JsonObject json)) {
            throw wrong("it is " + Json.typeName(value) + " where an object is expected");
        }
        known(json, FIELDS);
        when = json.get("when") instanceof JsonObject given ? given : JsonObject.EMPTY;
        known(when, CONDITIONS);
        left = new AtomicLong(json.get("times") instanceof Long times ? times : Long.MAX_VALUE);
        texts = texts(json);
        toolCalls = json.get("toolCalls") instanceof JsonArray list ? list : JsonArray.EMPTY;
        stop = json.get("stop") == null ? null : stop(Json.toText(json.get("stop")));
        delay = json.get("delay") == null ? Duration.ZERO : DurationText.parse(json.get("delay"));
        error = json.get("error") instanceof JsonObject given ? given : null;
        model = when.get("model") instanceof String text ? Pattern.compile(anyLetters(text)) : null;
        matches = when.get("matches") instanceof String text ? regex(text) : null;
    }

    private static String anyLetters(String text) {
        return Pattern.quote(text).replace("*", "\\E.*\\Q");
    }

    private Pattern regex(String text) {
        try {
            return Pattern.compile(text, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw wrong("'matches' is no regular expression: " + e.getDescription());
        }
    }

    private void known(JsonObject json, Set<String> fields) {
        for (String field : json.keySet()) {
            if (!fields.contains(field)) {
                throw wrong("it has no field '" + field + "'; known are "
                        + String.join(", ", fields.stream().sorted().toList()));
            }
        }
    }

    private static List<String> texts(JsonObject json) {
        if (json.get("json") != null) {
            return List.of(Json.write(json.get("json")));
        }
        if (json.get("text") instanceof JsonArray pieces) {
            return pieces.stream().map(Json::toText).toList();
        }
        return json.get("text") == null ? List.of() : List.of(Json.toText(json.get("text")));
    }

    private StopReason stop(String text) {
        for (StopReason each : StopReason.values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        throw wrong("'" + text + "' is no reason to stop; write one such as end or max-tokens");
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read rule " + (place + 1) + " of the script of a model: " + why);
    }

    // ---------------------------------------------------------------- when

    boolean fits(ModelRequest request) {
        String said = ScriptedProvider.said(request);
        String instructions = request.instructions() == null ? "" : request.instructions();
        return (model == null || model.matcher(request.model()).matches())
                && (!(when.get("says") instanceof String text) || said.contains(text))
                && (matches == null || matches.matcher(said).find())
                && (!(when.get("instructions") instanceof String text) || instructions.contains(text))
                && (!(when.get("afterTool") instanceof String tool) || isAfter(tool, request))
                && (!(when.get("turn") instanceof Long turn) || ScriptedProvider.turn(request) == turn);
    }

    private static boolean isAfter(String tool, ModelRequest request) {
        return !request.messages().isEmpty()
                && request.messages().get(request.messages().size() - 1).parts().stream()
                        .anyMatch(part -> part instanceof Part.ToolResult result
                                && result.name().equals(tool));
    }

    /** Whether it counts once more. */
    boolean takes() {
        return left.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
    }

    // ---------------------------------------------------------------- what

    List<String> texts() {
        return texts;
    }

    Duration delay() {
        return delay;
    }

    List<Part.ToolCall> toolCalls(int turn) {
        List<Part.ToolCall> calls = new ArrayList<>();
        for (Object each : toolCalls) {
            JsonObject call = Json.object(each);
            calls.add(new Part.ToolCall(
                    "script-" + turn + "-" + calls.size(),
                    Json.toText(call.get("name")),
                    call.get("arguments") instanceof JsonObject arguments ? arguments : JsonObject.EMPTY,
                    call.get("arguments") instanceof String unread ? unread : null));
        }
        return calls;
    }

    StopReason stop(Message message) {
        return stop != null ? stop : message.toolCalls().isEmpty() ? StopReason.END : StopReason.TOOL_CALLS;
    }

    /** Fails, if it is to. */
    void fail(ProviderCall call) {
        if (error == null) {
            return;
        }
        String kind = error.get("kind") == null ? ExecutionError.KIND_ERROR : Json.toText(error.get("kind"));
        String message = "A scripted failure for " + call.label()
                + (error.get("message") == null ? "" : ": " + Json.toText(error.get("message")));
        if (Boolean.FALSE.equals(error.get("again"))) {
            throw new NonRetriableException(kind, message, null);
        }
        Object wait = error.get("retryAfter");
        throw new RetriableException(kind, message, wait == null ? null : DurationText.parse(wait), null);
    }
}
