package io.automationhub.ai.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
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
        return joined(Part.Text.class, Part.Text::text);
    }

    /** Why a model does not do what it was asked; empty if it does. */
    public String refusal() {
        return joined(Part.Refusal.class, Part.Refusal::text);
    }

    private <T extends Part> String joined(Class<T> kind, Function<T, String> text) {
        StringBuilder all = new StringBuilder();
        for (Part part : parts) {
            if (kind.isInstance(part)) {
                all.append(text.apply(kind.cast(part)));
            }
        }
        return all.toString();
    }

    /** The tools that a model wants to be called, in its order. */
    public List<Part.ToolCall> toolCalls() {
        List<Part.ToolCall> calls = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call);
            }
        }
        return Collections.unmodifiableList(calls);
    }
}
