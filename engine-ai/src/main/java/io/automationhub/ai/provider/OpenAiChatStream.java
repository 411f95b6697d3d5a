package io.automationhub.ai.provider;

import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a <a href="https://platform.openai.com/docs/api-reference/chat-streaming">stream of Chat Completions</a> together. Calls of
 * tools count by their index: their ids and names come once, or are empty.
 */
final class OpenAiChatStream implements StreamAssembly {

    private final OpenAiChat protocol;
    private final Consumer<ModelDelta> listener;
    private final Map<Long, Call> calls = new TreeMap<>();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<String, @Nullable Object> head = new LinkedHashMap<>();
    private JsonObject told = JsonObject.EMPTY;
    private @Nullable Object finish;

    /** A call that grows. */
    private static final class Call {

        private JsonObject first = JsonObject.EMPTY;
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();

        JsonObject json() {
            return first.toBuilder()
                    .put("id", id)
                    .put("type", "function")
                    .put(
                            "function",
                            JsonObject.builder()
                                    .put("name", name)
                                    .put("arguments", arguments.toString())
                                    .build())
                    .build();
        }
    }

    OpenAiChatStream(OpenAiChat protocol, Consumer<ModelDelta> listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    @Override
    public void accept(JsonObject event) {
        if (event.get("error") != null) {
            throw protocol.refusal(200, event);
        }
        for (String field : new String[] {"id", "model", "service_tier"}) {
            if (event.get(field) instanceof String text && !text.isEmpty()) {
                head.put(field, text);
            }
        }
        if (event.get("usage") instanceof JsonObject usage) {
            told = usage;
        }
        JsonObject choice = Answers.object(Answers.at(event, "choices", "0"));
        if (choice.get("finish_reason") != null) {
            finish = choice.get("finish_reason");
        }
        JsonObject delta = Answers.object(choice.get("delta"));
        text(Answers.text(delta, "content"), content, ModelDelta.Text::new);
        text(Answers.text(delta, "refusal"), refusal, ModelDelta.Refusal::new);
        for (String field : new String[] {"reasoning_content", "reasoning"}) {
            text(Answers.text(delta, field), new StringBuilder(), ModelDelta.Reasoning::new);
        }
        Answers.array(delta, "tool_calls").forEach(each -> call(Answers.object(each)));
    }

    private void text(String more, StringBuilder all, Function<String, ModelDelta> kind) {
        if (!more.isEmpty()) {
            all.append(more);
            listener.accept(kind.apply(more));
        }
    }

    private void call(JsonObject delta) {
        long index = delta.get("index") instanceof Long given ? given : calls.size();
        Call call = calls.get(index);
        String name = Answers.text(delta, "function", "name");
        if (call == null) {
            call = new Call();
            call.first = beside(delta);
            calls.put(index, call);
        }
        call.id = Answers.text(delta, "id").isEmpty() ? call.id : Answers.text(delta, "id");
        call.name = call.name + (call.name.equals(name) ? "" : name);
        String arguments = Answers.text(delta, "function", "arguments");
        call.arguments.append(arguments);
        listener.accept(new ModelDelta.ToolCall((int) index, name, arguments));
    }

    /** What a server adds to a call, such as a signature. */
    private static JsonObject beside(JsonObject delta) {
        JsonObject.Builder kept = JsonObject.builder();
        delta.forEach((field, value) -> {
            if (!field.equals("index") && !field.equals("function")) {
                kept.put(field, value);
            }
        });
        return kept.build();
    }

    /** The usage may follow, or be missing. */
    @Override
    public boolean isComplete() {
        return finish != null;
    }

    @Override
    public JsonObject whole() {
        JsonObject.Builder message =
                JsonObject.builder().put("role", "assistant").put("content", content.toString());
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", JsonArray.of(calls.values(), Call::json));
        }
        JsonObject.Builder whole = JsonObject.builder();
        head.forEach(whole::put);
        return whole.put(
                        "choices",
                        JsonArray.of(JsonObject.builder()
                                .put("message", message.build())
                                .put("finish_reason", finish)
                                .build()))
                .put("usage", told)
                .build();
    }

    @Override
    public Usage usage() {
        Usage known = OpenAiChat.usage(JsonObject.of("usage", told));
        StringBuilder written = new StringBuilder(content).append(refusal);
        calls.values().forEach(call -> written.append(call.name).append(call.arguments));
        return known.total() > 0 || written.isEmpty()
                ? known
                : new Usage(0, 0, Map.of(), TokenEstimate.of(written.toString()), 0, true);
    }
}
