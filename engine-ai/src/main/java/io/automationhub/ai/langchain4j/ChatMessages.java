package io.automationhub.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Origin;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages in LangChain4j's form, and back. */
final class ChatMessages {

    static final String PROTOCOL = "langchain4j";

    private ChatMessages() {}

    static List<ChatMessage> of(ModelRequest request, String label) {
        List<ChatMessage> messages = new ArrayList<>();
        if (request.instructions() != null) {
            messages.add(SystemMessage.from(request.instructions()));
        }
        for (Message message : request.messages()) {
            if (message.role() == Role.ASSISTANT) {
                messages.add(assistant(message, request.model()));
            } else {
                addUser(messages, message, label);
            }
        }
        return messages;
    }

    /** Results of tools are messages of their own, and come before what the user says. */
    private static void addUser(List<ChatMessage> messages, Message message, String label) {
        List<Content> contents = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                messages.add(ToolExecutionResultMessage.builder()
                        .id(result.callId())
                        .toolName(result.name())
                        .contents(contents(result.content(), label))
                        .isError(result.failed())
                        .build());
            } else {
                contents.add(content(part, label));
            }
        }
        if (!contents.isEmpty()) {
            messages.add(UserMessage.from(contents));
        }
    }

    /** An empty result would be refused by the library. */
    private static List<Content> contents(List<Part> parts, String label) {
        List<Content> contents = new ArrayList<>();
        parts.forEach(part -> contents.add(content(part, label)));
        return contents.isEmpty() ? List.of(TextContent.from("(nothing)")) : contents;
    }

    private static Content content(Part part, String label) {
        if (part instanceof Part.Text text) {
            return TextContent.from(text.text());
        }
        if (part instanceof Part.Media media && media.isImage()) {
            return media.source() instanceof MediaSource.Url url
                    ? ImageContent.from(URI.create(url.url()))
                    : ImageContent.from(((MediaSource.Base64) media.source()).data(), media.mediaType());
        }
        if (part instanceof Part.Media media && media.mediaType().equals("application/pdf")) {
            return media.source() instanceof MediaSource.Url url
                    ? PdfFileContent.from(URI.create(url.url()))
                    : PdfFileContent.from(((MediaSource.Base64) media.source()).data(), media.mediaType());
        }
        throw new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "Cannot send a message for " + label + ": it has a part of the type "
                        + (part instanceof Part.Media media
                                ? media.mediaType()
                                : part.getClass().getSimpleName())
                        + ", and LangChain4j takes texts, images and application/pdf of a user",
                null);
    }

    private static ChatMessage assistant(Message message, String model) {
        Origin origin = message.origin();
        if (origin != null && origin.isFor(PROTOCOL, model) && !origin.items().isEmpty()) {
            return ChatMessageDeserializer.messageFromJson(
                    Json.write(origin.items().get(0)));
        }
        List<ToolExecutionRequest> calls = message.toolCalls().stream()
                .map(call -> ToolExecutionRequest.builder()
                        .id(call.id())
                        .name(call.name())
                        .arguments(call.unread() == null ? Json.write(call.arguments()) : call.unread())
                        .build())
                .toList();
        String text = message.text() + message.refusal();
        AiMessage.Builder built = AiMessage.builder().toolExecutionRequests(calls);
        return (text.isEmpty() && !calls.isEmpty() ? built : built.text(text)).build();
    }

    /**
     * What a model said.
     *
     * @param model that was asked
     */
    static Message of(AiMessage said, String model) {
        List<Part> parts = new ArrayList<>();
        if (isText(said.text())) {
            parts.add(new Part.Text(said.text()));
        }
        int index = 0;
        for (ToolExecutionRequest call : said.toolExecutionRequests()) {
            // Not every provider tells calls apart.
            String id = isText(call.id()) ? call.id() : "call-" + index;
            parts.add(Part.ToolCall.of(id, call.name(), call.arguments() == null ? "" : call.arguments()));
            index++;
        }
        Object item = Json.parse(ChatMessageSerializer.messageToJson(said));
        return new Message(Role.ASSISTANT, parts, new Origin(PROTOCOL, model, JsonArray.of(item)));
    }

    private static boolean isText(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
