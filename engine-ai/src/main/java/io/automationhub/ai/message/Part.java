package io.automationhub.ai.message;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a message. */
public sealed interface Part {

    /** Text. */
    record Text(String text) implements Part {}

    /**
     * An image or a document.
     *
     * @param mediaType such as {@code image/png} or {@code application/pdf}
     * @param name of the file; null if it has none
     */
    record Media(String mediaType, @Nullable String name, MediaSource source) implements Part {

        /** Whether it is an image. */
        public boolean isImage() {
            return mediaType.startsWith("image/");
        }
    }

    /**
     * A model wants a tool to be called.
     *
     * @param id by which the result is told from others
     * @param name of the tool, as the model wrote it
     * @param arguments as the model wrote them; they need not fit the tool
     * @param unread what it wrote in the place of arguments, if that is no JSON object; null if it is
     */
    record ToolCall(
            String id,
            String name,
            JsonObject arguments,
            @Nullable String unread) implements Part {

        private static final String TOO_LONG = "[too long: ";

        /** This call without its arguments, because nobody wants to keep so many characters. */
        public ToolCall tooLong(long characters) {
            return new ToolCall(id, name, JsonObject.EMPTY, TOO_LONG + characters + " characters]");
        }

        /** Whether the arguments were too long to be kept. */
        public boolean isTooLong() {
            return unread != null && unread.startsWith(TOO_LONG);
        }

        /** A call with the JSON text that a model wrote. */
        public static ToolCall of(String id, String name, String text) {
            if (text.isBlank()) {
                return new ToolCall(id, name, JsonObject.EMPTY, null);
            }
            try {
                if (Json.parse(text) instanceof JsonObject arguments) {
                    return new ToolCall(id, name, arguments, null);
                }
            } catch (JsonException e) {
                return new ToolCall(id, name, JsonObject.EMPTY, text);
            }
            return new ToolCall(id, name, JsonObject.EMPTY, text);
        }
    }

    /**
     * What came of the call of a tool.
     *
     * @param callId the {@link ToolCall#id} that it answers
     * @param name of the tool
     * @param content text and media alone
     * @param failed whether the tool failed; the content then says how
     */
    record ToolResult(String callId, String name, List<Part> content, boolean failed) implements Part {

        public ToolResult {
            content = List.copyOf(content);
            for (Part part : content) {
                if (!(part instanceof Text || part instanceof Media)) {
                    throw new IllegalArgumentException(
                            "The result of the tool '" + name + "' has text and media alone, found a "
                                    + part.getClass().getSimpleName());
                }
            }
        }
    }

    /** A model says why it does not do what it was asked. */
    record Refusal(String text) implements Part {}
}
