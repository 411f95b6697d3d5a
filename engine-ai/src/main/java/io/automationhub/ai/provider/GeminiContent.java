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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gemini's <a href="https://ai.google.dev/api/generate-content">generateContent</a>. */
final class GeminiContent implements Protocol {

    /** What stands in the place of a signature that another model did not give (ai.google.dev, "thought signatures"). */
    private static final String FOREIGN = "skip_thought_signature_validator";

    /** The ids of calls to which Gemini gave none; they do not go back. */
    private static final String OWN_ID = "call-";

    private static final Pattern RETRY_IN = Pattern.compile("retry in ([0-9.]{1,12})s");
    private static final Set<String> BLOCKED =
            Set.of("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY");

    @Override
    public String id() {
        return "gemini.content";
    }

    @Override
    public String path(ModelRequest request, boolean stream) {
        return "/models/" + URLEncoder.encode(request.model(), StandardCharsets.UTF_8)
                + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    @Override
    public boolean isLimit(String header) {
        return header.startsWith("x-ratelimit-");
    }

    // ---------------------------------------------------------------- the request

    @Override
    public JsonObject body(ModelRequest request, ModelTraits traits, boolean stream, List<String> notes) {
        JsonObject.Builder body = JsonObject.builder().put("contents", contents(request));
        if (request.instructions() != null) {
            body.put("systemInstruction", JsonObject.of("parts", List.of(text(request.instructions()))));
        }
        if (!request.tools().isEmpty()) {
            body.put(
                    "tools",
                    List.of(JsonObject.of("functionDeclarations", JsonArray.of(request.tools(), GeminiContent::tool))));
            body.put(
                    "toolConfig",
                    JsonObject.of("functionCallingConfig", choice(Requests.choice(request, traits, notes))));
        }
        JsonObject config = config(request, traits, notes);
        if (!config.isEmpty()) {
            body.put("generationConfig", config);
        }
        return body.build();
    }

    private static JsonObject config(ModelRequest request, ModelTraits traits, List<String> notes) {
        JsonObject.Builder config = JsonObject.builder();
        if (request.maxTokens() != null) {
            config.put("maxOutputTokens", request.maxTokens());
        }
        Requests.temperature(request, traits, notes).ifPresent(value -> config.put("temperature", value));
        if (!request.stop().isEmpty()) {
            config.put("stopSequences", request.stop());
        }
        Requests.effort(request, traits, notes)
                .ifPresent(value ->
                        config.put("thinkingConfig", JsonObject.of("thinkingLevel", value.toUpperCase(Locale.ROOT))));
        if (request.answer() != null) {
            config.put("responseMimeType", "application/json");
            if (traits.schema()) {
                config.put("responseJsonSchema", request.answer().schema());
            }
        }
        return config.build();
    }

    private static JsonObject tool(ModelTool tool) {
        return JsonObject.builder()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parametersJsonSchema", tool.parameters())
                .build();
    }

    private static JsonObject choice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            return JsonObject.builder()
                    .put("mode", "ANY")
                    .put("allowedFunctionNames", List.of(named.tool()))
                    .build();
        }
        return JsonObject.of(
                "mode",
                choice instanceof ToolChoice.Required ? "ANY" : choice instanceof ToolChoice.None ? "NONE" : "AUTO");
    }

    private List<JsonObject> contents(ModelRequest request) {
        List<JsonObject> contents = new ArrayList<>();
        for (Message message : request.messages()) {
            List<?> parts = Requests.own(message, id(), request.model())
                    .<List<?>>map(GeminiContent::replayed)
                    .orElseGet(() -> message.parts().stream()
                            .filter(part -> !(part instanceof Part.Media) || message.role() == Role.USER)
                            .map(GeminiContent::part)
                            .toList());
            if (!parts.isEmpty()) {
                contents.add(JsonObject.builder()
                        .put("role", message.role() == Role.USER ? "user" : "model")
                        .put("parts", parts)
                        .build());
            }
        }
        return contents;
    }

    /** What a model wrote, but for arguments that are no object: the provider does not take its own mistake back. */
    private static List<?> replayed(List<?> items) {
        return items.stream()
                .map(item -> item instanceof JsonObject part
                                && part.get("functionCall") instanceof JsonObject call
                                && call.containsKey("args")
                                && !(call.get("args") instanceof JsonObject)
                        ? part.with("functionCall", call.with("args", JsonObject.EMPTY))
                        : item)
                .toList();
    }

    private static JsonObject text(String text) {
        return JsonObject.of("text", text);
    }

    private static JsonObject part(Part part) {
        if (part instanceof Part.Text said) {
            return text(said.text());
        }
        if (part instanceof Part.Refusal refusal) {
            return text(refusal.text());
        }
        if (part instanceof Part.Media media) {
            return media(media);
        }
        if (part instanceof Part.ToolCall call) {
            return JsonObject.builder()
                    .put(
                            "functionCall",
                            named(call.id(), call.name())
                                    .put("args", call.arguments())
                                    .build())
                    .put("thoughtSignature", FOREIGN)
                    .build();
        }
        Part.ToolResult result = (Part.ToolResult) part;
        JsonObject response = JsonObject.of(
                result.failed() ? "error" : "result", new Message(Role.USER, result.content(), null).text());
        JsonObject.Builder answer = named(result.callId(), result.name()).put("response", response);
        List<JsonObject> media = result.content().stream()
                .filter(Part.Media.class::isInstance)
                .map(each -> media((Part.Media) each))
                .toList();
        if (!media.isEmpty()) {
            answer.put("parts", media);
        }
        return JsonObject.of("functionResponse", answer.build());
    }

    private static JsonObject.Builder named(String id, String name) {
        JsonObject.Builder named = JsonObject.builder();
        if (!id.startsWith(OWN_ID)) {
            named.put("id", id);
        }
        return named.put("name", name);
    }

    private static JsonObject media(Part.Media media) {
        return media.source() instanceof MediaSource.Url url
                ? JsonObject.of(
                        "fileData",
                        JsonObject.builder()
                                .put("mimeType", media.mediaType())
                                .put("fileUri", url.url())
                                .build())
                : JsonObject.of(
                        "inlineData",
                        JsonObject.builder()
                                .put("mimeType", media.mediaType())
                                .put("data", ((MediaSource.Base64) media.source()).data())
                                .build());
    }

    // ---------------------------------------------------------------- the answer

    @Override
    public ModelAnswer answer(JsonObject body, ModelRequest request) {
        if (body.get("error") != null) {
            throw refusal(200, body);
        }
        JsonObject candidate = Answers.object(Answers.at(body, "candidates", "0"));
        JsonArray items = Answers.array(Answers.object(candidate.get("content")), "parts");
        List<Part> parts = new ArrayList<>();
        for (Object each : items) {
            JsonObject item = Answers.object(each);
            if (item.get("functionCall") instanceof JsonObject call) {
                parts.add(call(call));
            } else if (item.get("text") instanceof String text && !Boolean.TRUE.equals(item.get("thought"))) {
                parts.add(new Part.Text(text));
            }
        }
        String blocked = Answers.text(body, "promptFeedback", "blockReason");
        String stop = blocked.isEmpty() ? Answers.text(candidate, "finishReason") : blocked;
        return new ModelAnswer(
                new Message(Role.ASSISTANT, parts, new Origin(id(), request.model(), items)),
                blocked.isEmpty() ? stopReason(stop, parts) : StopReason.SAFETY,
                stop,
                usage(body),
                body.get("modelVersion") instanceof String model ? model : request.model(),
                null);
    }

    private static Part.ToolCall call(JsonObject call) {
        String id = call.get("id") instanceof String given && !given.isEmpty() ? given : OWN_ID + UUID.randomUUID();
        Object arguments = call.get("args");
        return arguments == null || arguments instanceof JsonObject
                ? new Part.ToolCall(id, Answers.text(call, "name"), Answers.object(arguments), null)
                : Part.ToolCall.of(id, Answers.text(call, "name"), Json.toText(arguments));
    }

    private static StopReason stopReason(String text, List<Part> parts) {
        if (BLOCKED.contains(text)) {
            return StopReason.SAFETY;
        }
        return switch (text) {
            // The second is what servers say that speak as Gemini does, and Gemini does not.
            case "STOP", "FUNCTION_CALL" ->
                parts.stream().anyMatch(Part.ToolCall.class::isInstance) ? StopReason.TOOL_CALLS : StopReason.END;
            case "MAX_TOKENS" -> StopReason.MAX_TOKENS;
            default -> StopReason.OTHER;
        };
    }

    /** What it thinks stands beside the output here, and is a part of it elsewhere. */
    static Usage usage(JsonObject body) {
        long thoughts = Answers.count(body, "usageMetadata", "thoughtsTokenCount");
        return new Usage(
                Answers.count(body, "usageMetadata", "promptTokenCount")
                        + Answers.count(body, "usageMetadata", "toolUsePromptTokenCount"),
                Answers.count(body, "usageMetadata", "cachedContentTokenCount"),
                Map.of(),
                Answers.count(body, "usageMetadata", "candidatesTokenCount") + thoughts,
                thoughts,
                false);
    }

    @Override
    public ProviderRefusal refusal(int status, JsonObject body) {
        JsonObject error = Answers.object(body.get("error"));
        String code = Answers.text(error, "status");
        String text = error.isEmpty() ? Answers.text(body, "text") : Answers.text(error, "message");
        int meant = error.get("code") instanceof Long number ? (int) Math.min(number, 999) : status;
        return new ProviderRefusal(reason(meant, code, text, error), code, text, retryAfter(error, text));
    }

    private static ProviderRefusal.Reason reason(int status, String code, String text, JsonObject error) {
        if (status == 429 || code.equals("RESOURCE_EXHAUSTED")) {
            String all = text + error.get("details");
            return all.contains("PerDay") || text.contains("limit: 0")
                    ? ProviderRefusal.Reason.QUOTA
                    : ProviderRefusal.Reason.RATE_LIMIT;
        }
        if (text.contains("exceeds the maximum number of tokens")) {
            return ProviderRefusal.Reason.CONTEXT;
        }
        if (text.contains("API key not valid") || code.equals("UNAUTHENTICATED") || code.equals("PERMISSION_DENIED")) {
            return ProviderRefusal.Reason.AUTH;
        }
        return Answers.reason(status);
    }

    private static @Nullable Duration retryAfter(JsonObject error, String text) {
        for (Object detail : Answers.array(error, "details")) {
            String delay = Answers.text(Answers.object(detail), "retryDelay");
            if (delay.matches("[0-9.]{1,12}s")) {
                return seconds(delay.substring(0, delay.length() - 1));
            }
        }
        Matcher said = RETRY_IN.matcher(text);
        return said.find() ? seconds(said.group(1)) : null;
    }

    private static @Nullable Duration seconds(String text) {
        try {
            return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public StreamAssembly assembly(Consumer<ModelDelta> listener) {
        return new GeminiStream(this, listener);
    }
}
