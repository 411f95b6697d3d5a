package io.automationhub.ai.provider;

import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the stream of <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Messages</a> together. Blocks of any
 * type are kept as they come; of deltas those are known that are listed there.
 */
final class AnthropicStream implements StreamAssembly {

    private final AnthropicMessages protocol;
    private final Consumer<ModelDelta> listener;
    private final Map<String, @Nullable Object> message = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    private final Map<Long, Block> blocks = new TreeMap<>();
    private int calls;
    private boolean complete;

    /** A block that grows. */
    private static final class Block {

        private final Map<String, @Nullable Object> fields;
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final StringBuilder input = new StringBuilder();
        private final List<@Nullable Object> citations = new ArrayList<>();
        private final int call;

        Block(JsonObject start, int call) {
            fields = new LinkedHashMap<>(start);
            this.call = call;
        }

        void append(String field, String more) {
            texts.computeIfAbsent(field, name -> new StringBuilder(Json.toText(fields.get(name))))
                    .append(more);
        }

        JsonObject json() {
            Map<String, @Nullable Object> json = new LinkedHashMap<>(fields);
            texts.forEach((field, text) -> json.put(field, text.toString()));
            if (!input.isEmpty()) {
                json.put("input", parsed(input.toString()));
            }
            if (!citations.isEmpty()) {
                json.put("citations", citations);
            }
            return Json.object(json);
        }

        /** What is no JSON stays text. */
        private static @Nullable Object parsed(String text) {
            try {
                return Json.parse(text);
            } catch (JsonException e) {
                return text;
            }
        }
    }

    AnthropicStream(AnthropicMessages protocol, Consumer<ModelDelta> listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    @Override
    public void accept(JsonObject event) {
        switch (Answers.text(event, "type")) {
            case "message_start" -> {
                JsonObject start = Answers.object(event.get("message"));
                message.putAll(start);
                usage.putAll(Answers.object(start.get("usage")));
            }
            case "content_block_start" -> start(event);
            case "content_block_delta" -> {
                Block block = blocks.get(Answers.count(event, "index"));
                if (block != null) {
                    delta(block, Answers.object(event.get("delta")));
                }
            }
            case "message_delta" -> {
                message.putAll(Answers.object(event.get("delta")));
                // Cumulative: what it has counts, what it leaves out stays.
                usage.putAll(Answers.object(event.get("usage")));
            }
            case "message_stop" -> complete = true;
            case "error" -> throw protocol.refusal(200, event);
            default -> {
                // A ping, the end of a block, or something that is newer than this code.
            }
        }
    }

    private void start(JsonObject event) {
        JsonObject start = Answers.object(event.get("content_block"));
        boolean call = "tool_use".equals(start.get("type"));
        blocks.put(Answers.count(event, "index"), new Block(start, call ? calls : -1));
        if (call) {
            listener.accept(new ModelDelta.ToolCall(calls++, Answers.text(start, "name"), ""));
        }
    }

    private void delta(Block block, JsonObject delta) {
        switch (Answers.text(delta, "type")) {
            case "text_delta" -> {
                block.append("text", Answers.text(delta, "text"));
                listener.accept(new ModelDelta.Text(Answers.text(delta, "text")));
            }
            case "thinking_delta" -> {
                block.append("thinking", Answers.text(delta, "thinking"));
                listener.accept(new ModelDelta.Reasoning(Answers.text(delta, "thinking")));
            }
            case "signature_delta" -> block.append("signature", Answers.text(delta, "signature"));
            case "citations_delta" -> block.citations.add(delta.get("citation"));
            case "input_json_delta" -> {
                String json = Answers.text(delta, "partial_json");
                block.input.append(json);
                if (block.call >= 0 && !json.isEmpty()) {
                    listener.accept(new ModelDelta.ToolCall(block.call, "", json));
                }
            }
            default -> {
                // Newer than this code.
            }
        }
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public JsonObject whole() {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>(message);
        whole.put("content", JsonArray.of(blocks.values(), Block::json));
        whole.put("usage", usage);
        return Json.object(Json.of(whole));
    }

    @Override
    public Usage usage() {
        Usage told = AnthropicMessages.usageOf(whole());
        long written = blocks.values().stream()
                .mapToLong(block -> TokenEstimate.of(Json.write(block.json())))
                .sum();
        return complete || told.output() >= written
                ? told
                : new Usage(told.input(), told.cacheRead(), told.cacheWrite(), written, told.reasoning(), true);
    }
}
