package io.automationhub.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.automationhub.ai.model.AnswerSchema;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests in LangChain4j's form. */
final class ChatRequests {

    private ChatRequests() {}

    /**
     * @param schema whether the model keeps to a JSON Schema by itself; if not, its instructions have to do
     * @param label whose request it is, for errors
     * @param notes gets what was left out or changed
     */
    static ChatRequest of(ModelRequest request, boolean schema, String label, List<String> notes) {
        ChatRequest.Builder chat = ChatRequest.builder()
                .modelName(request.model())
                .messages(ChatMessages.of(request, label))
                .maxOutputTokens(request.maxTokens());
        if (request.temperature() != null) {
            chat.temperature(request.temperature().doubleValue());
        }
        if (!request.stop().isEmpty()) {
            chat.stopSequences(request.stop());
        }
        tools(chat, request);
        if (request.answer() != null && schema) {
            chat.responseFormat(format(request.answer()));
        }
        if (request.effort() != null) {
            notes.add(
                    "the effort was left out, because LangChain4j has no common form of it; set it where the model is made");
        }
        if (!request.options().isEmpty()) {
            notes.add(
                    "the options " + request.options().keySet()
                            + " were left out, because LangChain4j has no common form of them; set them where the model is made");
        }
        return chat.build();
    }

    /** LangChain4j cannot name the tool to be called: it is then the only one. */
    private static void tools(ChatRequest.Builder chat, ModelRequest request) {
        List<ModelTool> tools = request.choice() instanceof ToolChoice.Named named
                ? request.tools().stream()
                        .filter(tool -> tool.name().equals(named.tool()))
                        .toList()
                : request.tools();
        if (tools.isEmpty()) {
            return;
        }
        chat.toolSpecifications(tools.stream().map(ChatRequests::tool).toList());
        if (request.choice() instanceof ToolChoice.Auto) {
            return;
        }
        chat.toolChoice(
                request.choice() instanceof ToolChoice.None
                        ? dev.langchain4j.model.chat.request.ToolChoice.NONE
                        : dev.langchain4j.model.chat.request.ToolChoice.REQUIRED);
    }

    private static ToolSpecification tool(ModelTool tool) {
        JsonObject schema = tool.parameters();
        JsonObjectSchema.Builder parameters = JsonObjectSchema.builder()
                .addProperties(elements(schema.get("properties")))
                .required(texts(schema.get("required")));
        if (schema.get("additionalProperties") instanceof Boolean more) {
            parameters.additionalProperties(more);
        }
        Map<String, JsonSchemaElement> definitions = elements(schema.get("$defs"));
        if (!definitions.isEmpty()) {
            parameters.definitions(definitions);
        }
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.build())
                .build();
    }

    private static Map<String, JsonSchemaElement> elements(@Nullable Object schemas) {
        Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
        if (schemas instanceof JsonObject named) {
            named.forEach((name, schema) -> elements.put(name, JsonRawSchema.from(Json.write(schema))));
        }
        return elements;
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof JsonArray names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static ResponseFormat format(AnswerSchema answer) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(answer.name())
                        .rootElement(JsonRawSchema.from(Json.write(answer.schema())))
                        .build())
                .build();
    }
}
