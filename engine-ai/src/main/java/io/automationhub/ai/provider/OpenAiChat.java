package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelTraits;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://platform.openai.com/docs/api-reference/chat">Chat Completions</a>, for servers that are compatible with it: vLLM,
 * Ollama, gateways, Azure.
 */
final class OpenAiChat implements Protocol {

    /** What of a message goes back; some servers refuse what they wrote beside it themselves. */
    private static final Set<String> REPLAYED =
            Set.of("role", "content", "tool_calls", "refusal", "reasoning_details", "extra_content");

    private static final JsonObject.Shape SAID = JsonObject.Shape.of(List.of("role", "content"));

    private final ChatQuirks quirks;

    OpenAiChat(ChatQuirks quirks) {
        this.quirks = quirks;
    }

    @Override
    public String id() {
        return "openai.chat";
    }

    @Override
    public String path(ModelRequest request, boolean stream) {
        return "/chat/completions";
    }

    @Override
    public boolean isLimit(String header) {
        return header.startsWith("x-ratelimit-");
    }

    // ---------------------------------------------------------------- the request

    @Override
    public JsonObject body(ModelRequest request, ModelTraits traits, boolean stream, List<String> notes) {
        JsonObject.Builder body =
                JsonObject.builder().put("model", request.model()).put("messages", messages(request));
        if (!request.tools().isEmpty()) {
            body.put("tools", JsonArray.of(request.tools(), OpenAiChat::tool));
            body.put("tool_choice", choice(Requests.choice(request, traits, notes)));
        }
        if (request.maxTokens() != null) {
            body.put(quirks.maxTokens(), request.maxTokens());
        }
        Requests.temperature(request, traits, notes).ifPresent(value -> body.put("temperature", value));
        if (!request.stop().isEmpty()) {
            body.put("stop", request.stop());
        }
        Requests.effort(request, traits, notes).ifPresent(value -> body.put("reasoning_effort", value));
        if (request.answer() != null) {
            body.put("response_format", format(request.answer(), traits));
        }
        if (stream) {
            body.put("stream", true);
            if (quirks.streamUsage()) {
                body.put("stream_options", JsonObject.of("include_usage", true));
            }
        }
        return body.build();
    }

    private JsonObject format(AnswerSchema answer, ModelTraits traits) {
        if (!quirks.schema() || !traits.schema()) {
            return JsonObject.of("type", "json_object");
        }
        return JsonObject.builder()
                .put("type", "json_schema")
                .put(
                        "json_schema",
                        JsonObject.builder()
                                .put("name", answer.name())
                                .put("schema", answer.schema())
                                .put("strict", StrictSchema.is(answer.schema()))
                                .build())
                .build();
    }

    private static JsonObject tool(ModelTool tool) {
        return JsonObject.builder()
                .put("type", "function")
                .put(
                        "function",
                        JsonObject.builder()
                                .put("name", tool.name())
                                .put("description", tool.description())
                                .put("parameters", tool.parameters())
                                .build())
                .build();
    }

    private static Object choice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return JsonObject.builder()
                    .put("type", "function")
                    .put("function", JsonObject.of("name", named.tool()))
                    .build();
        }
        return choice instanceof ToolChoice.Required ? "required" : choice instanceof ToolChoice.None ? "none" : "auto";
    }

    private List<Object> messages(ModelRequest request) {
        List<Object> messages = new ArrayList<>();
        if (request.instructions() != null) {
            messages.add(said(quirks.developer() ? "developer" : "system", request.instructions()));
        }
        for (Message message : request.messages()) {
            List<?> own = Requests.own(message, id(), request.model())
                    .<List<?>>map(items -> items)
                    .orElseGet(() -> message.role() == Role.USER ? user(message) : assistant(message));
            messages.addAll(own);
        }
        return messages;
    }

    private static JsonObject said(String role, Object content) {
        return SAID.object(role, content);
    }

    /** Each result of a tool is a message of its own; they answer the message before. */
    private static List<JsonObject> user(Message message) {
        List<JsonObject> messages = new ArrayList<>();
        List<JsonObject> content = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                messages.add(JsonObject.builder()
                        .put("role", "tool")
                        .put("tool_call_id", Requests.callId(result.callId()))
                        .put("content", new Message(Role.USER, result.content(), null).text())
                        .build());
                // A tool gives text alone here; what it shows is shown by the person.
                result.content().stream()
                        .filter(Part.Media.class::isInstance)
                        .forEach(media -> content.add(content(media)));
            } else {
                content.add(content(part));
            }
        }
        boolean plain = content.size() == 1 && content.get(0).get("text") instanceof String;
        if (!content.isEmpty()) {
            messages.add(said("user", plain ? Answers.text(content.get(0), "text") : content));
        }
        return messages;
    }

    private static JsonObject content(Part part) {
        if (!(part instanceof Part.Media media)) {
            return JsonObject.builder()
                    .put("type", "text")
                    .put("text", part instanceof Part.Text text ? text.text() : "")
                    .build();
        }
        if (media.isImage()) {
            return JsonObject.builder()
                    .put("type", "image_url")
                    .put("image_url", JsonObject.of("url", Requests.url(media)))
                    .build();
        }
        return JsonObject.builder()
                .put("type", "file")
                .put(
                        "file",
                        JsonObject.builder()
                                .put("filename", media.name() == null ? "document" : media.name())
                                .put("file_data", Requests.url(media))
                                .build())
                .build();
    }

    private static List<JsonObject> assistant(Message message) {
        JsonObject.Builder said = JsonObject.builder().put("role", "assistant");
        String text = message.text() + message.refusal();
        JsonArray calls = JsonArray.of(message.toolCalls(), OpenAiChat::call);
        said.put("content", text.isEmpty() && !calls.isEmpty() ? null : text);
        if (!calls.isEmpty()) {
            said.put("tool_calls", calls);
        }
        return text.isEmpty() && calls.isEmpty() ? List.of() : List.of(said.build());
    }

    private static JsonObject call(Part.ToolCall call) {
        return JsonObject.builder()
                .put("id", Requests.callId(call.id()))
                .put("type", "function")
                .put(
                        "function",
                        JsonObject.builder()
                                .put("name", call.name())
                                .put("arguments", call.unread() == null ? Json.write(call.arguments()) : call.unread())
                                .build())
                .build();
    }

    // ---------------------------------------------------------------- the answer

    @Override
    public ModelAnswer answer(JsonObject body, ModelRequest request) {
        if (body.get("error") != null) {
            throw refusal(200, body);
        }
        JsonObject choice = Answers.object(Answers.at(body, "choices", "0"));
        JsonObject message = Answers.object(choice.get("message"));
        List<Part> parts = new ArrayList<>();
        add(Answers.text(message, "content"), Part.Text::new, parts);
        add(Answers.text(message, "refusal"), Part.Refusal::new, parts);
        for (Object each : Answers.array(message, "tool_calls")) {
            JsonObject call = Answers.object(each);
            parts.add(Part.ToolCall.of(
                    Answers.text(call, "id"),
                    Answers.text(call, "function", "name"),
                    arguments(Answers.at(call, "function", "arguments"))));
        }
        String stop = Answers.text(choice, "finish_reason");
        return new ModelAnswer(
                new Message(Role.ASSISTANT, parts, new Origin(id(), request.model(), JsonArray.of(replayed(message)))),
                stopReason(stop, parts),
                stop,
                usage(body),
                body.get("model") instanceof String model && !model.isEmpty() ? model : request.model(),
                Answers.textOrNull(body, "service_tier"));
    }

    private static void add(String text, Function<String, Part> kind, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(kind.apply(text));
        }
    }

    /** Some servers write them as an object. */
    private static String arguments(@Nullable Object value) {
        return value instanceof String text ? text : value == null ? "" : Json.write(value);
    }

    private static JsonObject replayed(JsonObject message) {
        JsonObject.Builder kept = JsonObject.builder().put("role", "assistant");
        message.forEach((field, value) -> {
            if (REPLAYED.contains(field) && !field.equals("role") && (value != null || field.equals("content"))) {
                kept.put(field, value);
            }
        });
        return kept.build();
    }

    private static StopReason stopReason(String text, List<Part> parts) {
        return switch (text) {
            case "stop" ->
                // Some servers say so although they call tools.
                hasAny(Part.ToolCall.class, parts)
                        ? StopReason.TOOL_CALLS
                        : hasAny(Part.Refusal.class, parts) ? StopReason.REFUSAL : StopReason.END;
            case "length" -> StopReason.MAX_TOKENS;
            case "tool_calls", "function_call" -> StopReason.TOOL_CALLS;
            case "content_filter" -> StopReason.SAFETY;
            default -> StopReason.OTHER;
        };
    }

    private static boolean hasAny(Class<? extends Part> kind, List<Part> parts) {
        for (Part part : parts) {
            if (kind.isInstance(part)) {
                return true;
            }
        }
        return false;
    }

    static Usage usage(JsonObject body) {
        return new Usage(
                Answers.count(body, "usage", "prompt_tokens"),
                Answers.count(body, "usage", "prompt_tokens_details", "cached_tokens"),
                Map.of(),
                Answers.count(body, "usage", "completion_tokens"),
                Answers.count(body, "usage", "completion_tokens_details", "reasoning_tokens"),
                false);
    }

    @Override
    public ProviderRefusal refusal(int status, JsonObject body) {
        return OpenAiErrors.of(status, body);
    }

    @Override
    public StreamAssembly assembly(Consumer<ModelDelta> listener) {
        return new OpenAiChatStream(this, listener);
    }
}
