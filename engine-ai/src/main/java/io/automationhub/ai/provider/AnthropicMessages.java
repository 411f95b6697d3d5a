package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelTraits;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Origin;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Anthropic's <a href="https://platform.claude.com/docs/en/api/messages">Messages</a>. The version of the API is pinned: a later one
 * takes other requests.
 */
final class AnthropicMessages implements Protocol {

    private static final String VERSION = "2023-06-01";

    /** The field must be there; enough for most answers, and each model takes it. */
    private static final int USUAL_MAX_TOKENS = 4096;

    private static final Set<String> QUOTA = Set.of("enforced_spend_limit_reached");

    @Override
    public String id() {
        return "anthropic.messages";
    }

    @Override
    public String path(ModelRequest request, boolean stream) {
        return "/v1/messages";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("anthropic-version", VERSION);
    }

    @Override
    public boolean isLimit(String header) {
        return header.startsWith("anthropic-ratelimit-");
    }

    // ---------------------------------------------------------------- the request

    @Override
    public JsonObject body(ModelRequest request, ModelTraits traits, boolean stream, List<String> notes) {
        JsonObject.Builder body = JsonObject.builder()
                .put("model", request.model())
                .put("max_tokens", request.maxTokens() == null ? USUAL_MAX_TOKENS : request.maxTokens());
        if (request.instructions() != null) {
            body.put("system", request.instructions());
        }
        body.put("messages", messages(request));
        if (!request.tools().isEmpty()) {
            body.put("tools", JsonArray.of(request.tools(), AnthropicMessages::tool));
            body.put("tool_choice", choice(Requests.choice(request, traits, notes)));
        }
        Requests.temperature(request, traits, notes).ifPresent(value -> body.put("temperature", value));
        if (!request.stop().isEmpty()) {
            body.put("stop_sequences", request.stop());
        }
        JsonObject.Builder output = JsonObject.builder();
        Requests.effort(request, traits, notes).ifPresent(value -> output.put("effort", value));
        if (request.answer() != null && traits.schema()) {
            output.put(
                    "format",
                    JsonObject.builder()
                            .put("type", "json_schema")
                            .put("schema", request.answer().schema())
                            .build());
        }
        JsonObject config = output.build();
        if (!config.isEmpty()) {
            body.put("output_config", config);
        }
        if (stream) {
            body.put("stream", true);
        }
        return body.build();
    }

    private static JsonObject tool(ModelTool tool) {
        return JsonObject.builder()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("input_schema", tool.parameters())
                .build();
    }

    private static JsonObject choice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return JsonObject.builder()
                    .put("type", "tool")
                    .put("name", named.tool())
                    .build();
        }
        return JsonObject.of(
                "type",
                choice instanceof ToolChoice.Required ? "any" : choice instanceof ToolChoice.None ? "none" : "auto");
    }

    private List<JsonObject> messages(ModelRequest request) {
        List<JsonObject> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            List<?> content = Requests.own(message, id(), request.model())
                    .<List<?>>map(items -> items)
                    .orElseGet(() -> content(message));
            if (!content.isEmpty()) {
                messages.add(JsonObject.builder()
                        .put("role", message.role().text())
                        .put("content", content)
                        .build());
            }
        }
        return messages;
    }

    /** Results of tools must come first. */
    private static List<JsonObject> content(Message message) {
        List<JsonObject> results = new ArrayList<>();
        List<JsonObject> others = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                results.add(JsonObject.builder()
                        .put("type", "tool_result")
                        .put("tool_use_id", Requests.callId(result.callId()))
                        .put(
                                "content",
                                result.content().stream()
                                        .map(AnthropicMessages::block)
                                        .toList())
                        .put("is_error", result.failed())
                        .build());
            } else if (!(part instanceof Part.Media) || message.role() == Role.USER) {
                others.add(block(part));
            }
        }
        results.addAll(others);
        results.removeIf(JsonObject::isEmpty);
        return results;
    }

    private static JsonObject block(Part part) {
        if (part instanceof Part.Media media) {
            return media(media);
        }
        if (part instanceof Part.ToolCall call) {
            return JsonObject.builder()
                    .put("type", "tool_use")
                    .put("id", Requests.callId(call.id()))
                    .put("name", call.name())
                    .put("input", call.arguments())
                    .build();
        }
        String text =
                part instanceof Part.Text said ? said.text() : part instanceof Part.Refusal said ? said.text() : "";
        return text.isEmpty()
                ? JsonObject.EMPTY
                : JsonObject.builder().put("type", "text").put("text", text).build();
    }

    private static JsonObject media(Part.Media media) {
        JsonObject.Builder source = JsonObject.builder();
        if (media.source() instanceof MediaSource.Url url) {
            source.put("type", "url").put("url", url.url());
        } else {
            String data = ((MediaSource.Base64) media.source()).data();
            boolean text = media.mediaType().equals("text/plain");
            source.put("type", text ? "text" : "base64")
                    .put("media_type", media.mediaType())
                    .put("data", text ? new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8) : data);
        }
        JsonObject.Builder block = JsonObject.builder()
                .put("type", media.isImage() ? "image" : "document")
                .put("source", source.build());
        if (!media.isImage() && media.name() != null) {
            block.put("title", media.name());
        }
        return block.build();
    }

    // ---------------------------------------------------------------- the answer

    @Override
    public ModelAnswer answer(JsonObject body, ModelRequest request) {
        if ("error".equals(body.get("type"))) {
            throw refusal(200, body);
        }
        JsonArray content = Answers.array(body, "content");
        List<Part> parts = new ArrayList<>();
        for (Object each : content) {
            JsonObject block = Answers.object(each);
            if ("text".equals(block.get("type"))) {
                parts.add(new Part.Text(Json.toText(block.get("text"))));
            } else if ("tool_use".equals(block.get("type"))) {
                parts.add(call(block));
            }
        }
        if (Answers.at(body, "stop_details", "explanation") instanceof String why) {
            parts.add(new Part.Refusal(why));
        }
        String stop = Json.toText(body.get("stop_reason"));
        return new ModelAnswer(
                new Message(Role.ASSISTANT, parts, new Origin(id(), request.model(), replayed(content))),
                stopReason(stop),
                stop,
                usage(Answers.object(body.get("usage"))),
                answered(body, content, request),
                Answers.textOrNull(body, "usage", "service_tier"));
    }

    /** When another model of the provider's took over, a block says so. */
    private static String answered(JsonObject body, JsonArray content, ModelRequest request) {
        String model = body.get("model") instanceof String named ? named : request.model();
        for (Object block : content) {
            if (Answers.at(block, "to", "model") instanceof String other
                    && "fallback".equals(Answers.object(block).get("type"))) {
                model = other;
            }
        }
        return model;
    }

    /** Arguments that are no object are not taken back. */
    private static JsonArray replayed(JsonArray content) {
        return JsonArray.of(content.stream()
                .map(Answers::object)
                .map(block -> "tool_use".equals(block.get("type")) && !(block.get("input") instanceof JsonObject)
                        ? block.with("input", JsonObject.EMPTY)
                        : block)
                .toArray());
    }

    private static Part.ToolCall call(JsonObject block) {
        return block.get("input") instanceof JsonObject input
                ? new Part.ToolCall(Json.toText(block.get("id")), Json.toText(block.get("name")), input, null)
                : Part.ToolCall.of(
                        Json.toText(block.get("id")), Json.toText(block.get("name")), Json.toText(block.get("input")));
    }

    private static StopReason stopReason(String text) {
        return switch (text) {
            case "end_turn" -> StopReason.END;
            case "max_tokens" -> StopReason.MAX_TOKENS;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "tool_use" -> StopReason.TOOL_CALLS;
            case "pause_turn" -> StopReason.PAUSED;
            case "refusal" -> StopReason.REFUSAL;
            case "model_context_window_exceeded" -> StopReason.CONTEXT_EXCEEDED;
            default -> StopReason.OTHER;
        };
    }

    /** Caches stand beside the input here, and are a part of it elsewhere. */
    private static Usage usage(JsonObject usage) {
        long read = Answers.count(usage, "cache_read_input_tokens");
        long written = Answers.count(usage, "cache_creation_input_tokens");
        long hour = Answers.count(usage, "cache_creation", "ephemeral_1h_input_tokens");
        Map<String, Long> writes = new LinkedHashMap<>();
        if (hour > 0) {
            writes.put("1h", hour);
        }
        if (written > hour) {
            writes.put("5m", written - hour);
        }
        return new Usage(
                Answers.count(usage, "input_tokens") + read + Math.max(written, hour),
                read,
                writes,
                Answers.count(usage, "output_tokens"),
                Answers.count(usage, "output_tokens_details", "thinking_tokens"),
                false);
    }

    @Override
    public ProviderRefusal refusal(int status, JsonObject body) {
        JsonObject error = Answers.object(body.get("error"));
        String type = Answers.text(error, "type");
        String detail = Answers.text(error, "details", "error_code");
        String text = error.isEmpty() ? Answers.text(body, "text") : Answers.text(error, "message");
        return new ProviderRefusal(reason(status, type, detail, text), detail.isEmpty() ? type : detail, text, null);
    }

    private static ProviderRefusal.Reason reason(int status, String type, String detail, String text) {
        if (QUOTA.contains(detail) || type.equals("billing_error") || status == 402) {
            return ProviderRefusal.Reason.QUOTA;
        }
        if (text.contains("prompt is too long") || type.equals("request_too_large") || status == 413) {
            return ProviderRefusal.Reason.CONTEXT;
        }
        return switch (type) {
            case "rate_limit_error" -> ProviderRefusal.Reason.RATE_LIMIT;
            case "overloaded_error", "api_error", "timeout_error" -> ProviderRefusal.Reason.UNAVAILABLE;
            case "authentication_error", "permission_error" -> ProviderRefusal.Reason.AUTH;
            case "not_found_error" -> ProviderRefusal.Reason.MODEL;
            case "invalid_request_error" -> ProviderRefusal.Reason.REQUEST;
            default -> Answers.reason(status);
        };
    }

    @Override
    public StreamAssembly assembly(Consumer<ModelDelta> listener) {
        return new AnthropicStream(this, listener);
    }

    /** The usage of the message so far, for a stream that breaks. */
    static Usage usageOf(JsonObject message) {
        return usage(Answers.object(message.get("usage")));
    }
}
