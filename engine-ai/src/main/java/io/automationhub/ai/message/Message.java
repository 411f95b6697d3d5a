package io.automationhub.ai.message;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one side says at a time.
 *
 * @param parts in their order
 * @param origin the same as the provider wrote it; null of a message that none wrote
 */
public record Message(Role role, List<Part> parts, @Nullable Origin origin) {

    public Message {
        parts = List.copyOf(parts);
    }

    /** What a person says. */
    public static Message user(String text) {
        return of(Role.USER, new Part.Text(text));
    }

    /** What a model says, as a part of an example. */
    public static Message assistant(String text) {
        return of(Role.ASSISTANT, new Part.Text(text));
    }

    public static Message of(Role role, Part... parts) {
        return new Message(role, List.of(parts), null);
    }

    /** The text of all its parts, one behind the other. */
    public String text() {
        return parts(Part.Text.class).stream().map(Part.Text::text).collect(Collectors.joining());
    }

    /** Why a model does not do what it was asked; empty if it does. */
    public String refusal() {
        return parts(Part.Refusal.class).stream().map(Part.Refusal::text).collect(Collectors.joining());
    }

    /** The tools that a model wants to be called, in its order. */
    public List<Part.ToolCall> toolCalls() {
        return parts(Part.ToolCall.class);
    }

    private <T extends Part> List<T> parts(Class<T> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
