package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelTraits;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Origin;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.AnswerSchema;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * OpenAI's <a href="https://platform.openai.com/docs/api-reference/responses">Responses</a>. Nothing is kept at OpenAI: each request
 * has the whole conversation, reasoning included.
 */
final class OpenAiResponses implements Protocol {

    @Override
    public String id() {
        return "openai.responses";
    }

    @Override
    public String path(ModelRequest request, boolean stream) {
        return "/responses";
    }

    @Override
    public boolean isLimit(String header) {
        return header.startsWith("x-ratelimit-");
    }

    // ---------------------------------------------------------------- the request

    @Override
    public JsonObject body(ModelRequest request, ModelTraits traits, boolean stream, List<String> notes) {
        JsonObject.Builder body = JsonObject.builder().put("model", request.model());
        if (request.instructions() != null) {
            body.put("instructions", request.instructions());
        }
        body.put(
                "input",
                request.messages().stream()
                        .flatMap(message -> items(message, request).stream())
                        .toList());
        if (!request.tools().isEmpty()) {
            body.put("tools", JsonArray.of(request.tools(), OpenAiResponses::tool));
            body.put("tool_choice", choice(Requests.choice(request, traits, notes)));
        }
        if (request.maxTokens() != null) {
            body.put("max_output_tokens", request.maxTokens());
        }
        Requests.temperature(request, traits, notes).ifPresent(value -> body.put("temperature", value));
        if (!request.stop().isEmpty()) {
            notes.add("the texts at which it stops were left out, because Responses takes none");
        }
        Requests.effort(request, traits, notes)
                .ifPresent(value -> body.put("reasoning", JsonObject.of("effort", value)));
        if (request.answer() != null && traits.schema()) {
            body.put("text", JsonObject.of("format", format(request.answer(), notes)));
        }
        body.put("store", false);
        if (stream) {
            body.put("stream", true);
        }
        return body.build();
    }

    private static JsonObject format(AnswerSchema answer, List<String> notes) {
        boolean strict = StrictSchema.is(answer.schema());
        if (!strict) {
            notes.add("the schema is not one of OpenAI's strict mode, so that the answer may not keep to it");
        }
        return JsonObject.builder()
                .put("type", "json_schema")
                .put("name", answer.name())
                .put("schema", answer.schema())
                .put("strict", strict)
                .build();
    }

    private static JsonObject tool(ModelTool tool) {
        return JsonObject.builder()
                .put("type", "function")
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.parameters())
                .put("strict", StrictSchema.is(tool.parameters()))
                .build();
    }

    private static Object choice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return JsonObject.builder()
                    .put("type", "function")
                    .put("name", named.tool())
                    .build();
        }
        return choice instanceof ToolChoice.Required ? "required" : choice instanceof ToolChoice.None ? "none" : "auto";
    }

    private List<?> items(Message message, ModelRequest request) {
        return Requests.own(message, id(), request.model())
                .<List<?>>map(items -> items)
                .orElseGet(() -> items(message));
    }

    private static List<JsonObject> items(Message message) {
        List<JsonObject> items = new ArrayList<>();
        List<JsonObject> content = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolCall call) {
                items.add(JsonObject.builder()
                        .put("type", "function_call")
                        .put("call_id", Requests.callId(call.id()))
                        .put("name", call.name())
                        .put("arguments", call.unread() == null ? Json.write(call.arguments()) : call.unread())
                        .build());
            } else if (part instanceof Part.ToolResult result) {
                items.add(JsonObject.builder()
                        .put("type", "function_call_output")
                        .put("call_id", Requests.callId(result.callId()))
                        .put("output", output(result))
                        .build());
            } else if (!(part instanceof Part.Media) || message.role() == Role.USER) {
                content.add(content(part, message.role()));
            }
        }
        if (!content.isEmpty()) {
            JsonObject said = JsonObject.builder()
                    .put("type", "message")
                    .put("role", message.role().text())
                    .put("content", content)
                    .build();
            // Before the calls of the one who says it, and behind the results that answer the other.
            items.add(message.role() == Role.ASSISTANT ? 0 : items.size(), said);
        }
        return items;
    }

    private static Object output(Part.ToolResult result) {
        boolean text = result.content().stream().allMatch(Part.Text.class::isInstance);
        return text
                ? new Message(Role.USER, result.content(), null).text()
                : result.content().stream()
                        .map(part -> content(part, Role.USER))
                        .toList();
    }

    /** What a person says is input here, and what a model says output. */
    private static JsonObject content(Part part, Role role) {
        if (part instanceof Part.Media media) {
            return media(media);
        }
        if (part instanceof Part.Refusal refusal) {
            return JsonObject.builder()
                    .put("type", "refusal")
                    .put("refusal", refusal.text())
                    .build();
        }
        return JsonObject.builder()
                .put("type", role == Role.USER ? "input_text" : "output_text")
                .put("text", part instanceof Part.Text text ? text.text() : "")
                .build();
    }

    private static JsonObject media(Part.Media media) {
        if (media.isImage()) {
            return JsonObject.builder()
                    .put("type", "input_image")
                    .put("image_url", Requests.url(media))
                    .build();
        }
        JsonObject.Builder file = JsonObject.builder().put("type", "input_file");
        if (media.source() instanceof MediaSource.Url url) {
            return file.put("file_url", url.url()).build();
        }
        return file.put("filename", media.name() == null ? "document" : media.name())
                .put("file_data", Requests.url(media))
                .build();
    }

    // ---------------------------------------------------------------- the answer

    @Override
    public ModelAnswer answer(JsonObject body, ModelRequest request) {
        if ("failed".equals(body.get("status")) || body.get("error") instanceof JsonObject) {
            throw refusal(200, body);
        }
        JsonArray output = Answers.array(body, "output");
        List<Part> parts = new ArrayList<>();
        for (Object each : output) {
            JsonObject item = Answers.object(each);
            if ("function_call".equals(item.get("type"))) {
                parts.add(Part.ToolCall.of(
                        Answers.text(item, "call_id"), Answers.text(item, "name"), Answers.text(item, "arguments")));
            } else if ("message".equals(item.get("type"))) {
                Answers.array(item, "content").forEach(content -> said(Answers.object(content), parts));
            }
        }
        String why = Answers.text(body, "incomplete_details", "reason");
        // Not every server says why.
        String stop = why.isEmpty() && "incomplete".equals(body.get("status")) ? "incomplete" : why;
        return new ModelAnswer(
                new Message(Role.ASSISTANT, parts, new Origin(id(), request.model(), output)),
                stopReason(stop, parts),
                stop.isEmpty() ? Answers.text(body, "status") : stop,
                usage(body),
                body.get("model") instanceof String model && !model.isEmpty() ? model : request.model(),
                Answers.textOrNull(body, "service_tier"));
    }

    private static void said(JsonObject content, List<Part> parts) {
        if ("output_text".equals(content.get("type"))) {
            parts.add(new Part.Text(Answers.text(content, "text")));
        } else if ("refusal".equals(content.get("type"))) {
            parts.add(new Part.Refusal(Answers.text(content, "refusal")));
        }
    }

    private static StopReason stopReason(String incomplete, List<Part> parts) {
        return switch (incomplete) {
            case "max_output_tokens" -> StopReason.MAX_TOKENS;
            case "content_filter" -> StopReason.SAFETY;
            case "" ->
                parts.stream().anyMatch(Part.ToolCall.class::isInstance)
                        ? StopReason.TOOL_CALLS
                        : parts.stream().anyMatch(Part.Refusal.class::isInstance) ? StopReason.REFUSAL : StopReason.END;
            default -> StopReason.OTHER;
        };
    }

    static Usage usage(JsonObject body) {
        long written = Answers.count(body, "usage", "input_tokens_details", "cache_write_tokens");
        return new Usage(
                Answers.count(body, "usage", "input_tokens"),
                Answers.count(body, "usage", "input_tokens_details", "cached_tokens"),
                written == 0 ? Map.of() : Map.of("", written),
                Answers.count(body, "usage", "output_tokens"),
                Answers.count(body, "usage", "output_tokens_details", "reasoning_tokens"),
                false);
    }

    @Override
    public ProviderRefusal refusal(int status, JsonObject body) {
        return OpenAiErrors.of(status, body);
    }

    @Override
    public StreamAssembly assembly(Consumer<ModelDelta> listener) {
        return new OpenAiResponsesStream(this, listener);
    }
}
