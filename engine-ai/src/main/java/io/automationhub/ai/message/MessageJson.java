package io.automationhub.ai.message;

import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages as plain JSON and back: {@code {role, parts, origin}}, each part an object whose {@code type} says what it is. A text
 * stands for the message of a person who says that.
 */
public final class MessageJson {

    private static final JsonObject.Shape MESSAGE = JsonObject.Shape.of(List.of("role", "parts"));
    private static final JsonObject.Shape ORIGIN = JsonObject.Shape.of(List.of("protocol", "model", "items"));

    private MessageJson() {}

    /** A message as a value. */
    public static JsonObject write(Message message) {
        JsonObject json = MESSAGE.object(message.role().text(), JsonArray.of(message.parts(), MessageJson::part));
        Origin origin = message.origin();
        return origin == null
                ? json
                : json.with("origin", ORIGIN.object(origin.protocol(), origin.model(), origin.items()));
    }

    private static JsonObject part(Part part) {
        JsonObject.Builder json = JsonObject.builder();
        if (part instanceof Part.Text text) {
            json.put("type", "text").put("text", text.text());
        } else if (part instanceof Part.Refusal refusal) {
            json.put("type", "refusal").put("text", refusal.text());
        } else if (part instanceof Part.Media media) {
            json.put("type", "media").put("mediaType", media.mediaType());
            if (media.name() != null) {
                json.put("name", media.name());
            }
            source(media.source(), json);
        } else if (part instanceof Part.ToolCall call) {
            json.put("type", "toolCall")
                    .put("id", call.id())
                    .put("name", call.name())
                    .put("arguments", call.arguments());
            if (call.unread() != null) {
                json.put("unread", call.unread());
            }
        } else if (part instanceof Part.ToolResult result) {
            json.put("type", "toolResult")
                    .put("callId", result.callId())
                    .put("name", result.name())
                    .put("content", JsonArray.of(result.content(), MessageJson::part))
                    .put("failed", result.failed());
        }
        return json.build();
    }

    private static void source(MediaSource source, JsonObject.Builder json) {
        if (source instanceof MediaSource.Url url) {
            json.put("url", url.url());
        } else if (source instanceof MediaSource.Base64 base64) {
            json.put("base64", base64.data());
        } else if (source instanceof MediaSource.File file) {
            json.put("file", file.file().toJson());
        }
    }

    // ---------------------------------------------------------------- reading

    /**
     * A message of a value.
     *
     * @param value an object as {@link #write} makes it, or a text
     * @throws IllegalArgumentException if it is none, saying where and why
     */
    public static Message read(@Nullable Object value) {
        if (value instanceof String text) {
            return Message.user(text);
        }
        if (!(value instanceof JsonObject json)) {
            throw wrong("a message is a text or an object with 'role' and 'parts', found " + Json.typeName(value));
        }
        return new Message(role(json.get("role")), parts(json), origin(json.get("origin")));
    }

    /** The messages of a list. */
    public static List<Message> readAll(@Nullable Object value) {
        if (!(value instanceof JsonArray list)) {
            throw wrong("messages are a list, found " + Json.typeName(value));
        }
        return list.stream().map(MessageJson::read).toList();
    }

    private static Role role(@Nullable Object value) {
        for (Role role : Role.values()) {
            if (role.text().equals(value)) {
                return role;
            }
        }
        throw wrong("the role of a message is user or assistant, found " + Json.write(value)
                + "; what a system says stands in the instructions");
    }

    private static List<Part> parts(JsonObject json) {
        if (json.get("text") instanceof String text) {
            return List.of(new Part.Text(text));
        }
        return list(json, "parts");
    }

    private static List<Part> list(JsonObject json, String field) {
        if (json.get(field) instanceof String text) {
            return List.of(new Part.Text(text));
        }
        if (!(json.get(field) instanceof JsonArray list)) {
            throw wrong("'" + field + "' is a list of parts, found " + Json.typeName(json.get(field)));
        }
        List<Part> parts = new ArrayList<>();
        for (Object each : list) {
            parts.add(part(each));
        }
        return parts;
    }

    private static Part part(@Nullable Object value) {
        if (!(value instanceof JsonObject json)) {
            throw wrong("a part is an object with 'type', found " + Json.typeName(value));
        }
        return switch (Json.toText(json.get("type"))) {
            case "text" -> new Part.Text(text(json, "text"));
            case "refusal" -> new Part.Refusal(text(json, "text"));
            case "media" -> new Part.Media(text(json, "mediaType"), textOrNull(json, "name"), source(json));
            case "toolCall" ->
                new Part.ToolCall(
                        text(json, "id"), text(json, "name"), object(json, "arguments"), textOrNull(json, "unread"));
            case "toolResult" ->
                new Part.ToolResult(
                        text(json, "callId"),
                        text(json, "name"),
                        list(json, "content"),
                        Boolean.TRUE.equals(json.get("failed")));
            default ->
                throw wrong("the type of a part is text, media, toolCall, toolResult or refusal, found "
                        + Json.write(json.get("type")));
        };
    }

    private static MediaSource source(JsonObject json) {
        if (json.get("url") instanceof String url) {
            return new MediaSource.Url(url);
        }
        if (json.get("base64") instanceof String data) {
            return new MediaSource.Base64(data);
        }
        Optional<BinaryRef> file = BinaryRef.of(json.get("file"));
        if (file.isPresent()) {
            return new MediaSource.File(file.get());
        }
        throw wrong("media have 'url', 'base64' or 'file', the reference of a file");
    }

    private static @Nullable Origin origin(@Nullable Object value) {
        return value instanceof JsonObject json && json.get("items") instanceof JsonArray items
                ? new Origin(text(json, "protocol"), text(json, "model"), items)
                : null;
    }

    private static String text(JsonObject json, String field) {
        if (json.get(field) instanceof String text) {
            return text;
        }
        throw wrong("'" + field + "' of a part is a text, found " + Json.typeName(json.get(field)));
    }

    private static @Nullable String textOrNull(JsonObject json, String field) {
        return json.get(field) == null ? null : text(json, field);
    }

    private static JsonObject object(JsonObject json, String field) {
        if (json.get(field) instanceof JsonObject object) {
            return object;
        }
        throw wrong("'" + field + "' of a part is an object, found " + Json.typeName(json.get(field)));
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read a message: " + why);
    }
}
