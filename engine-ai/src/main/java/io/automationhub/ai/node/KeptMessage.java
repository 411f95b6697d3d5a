package io.automationhub.ai.node;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.engine.value.Json;
import java.util.List;

/** A message of a model as an agent keeps it: without arguments of calls that are so long that a run cannot carry them. */
final class KeptMessage {

    /** The most bytes of the arguments of one call. */
    private static final long MOST_ARGUMENTS = 1_000_000;

    private KeptMessage() {}

    /** The message; if something is left out, without what the provider wrote, which has it as well. */
    static Message of(Message said) {
        List<Part> parts = said.parts().stream().map(KeptMessage::part).toList();
        return parts.equals(said.parts()) ? said : new Message(said.role(), parts, null);
    }

    private static Part part(Part part) {
        if (!(part instanceof Part.ToolCall call)) {
            return part;
        }
        long size = call.unread() == null
                ? Json.encodedSize(call.arguments())
                : call.unread().length();
        return size > MOST_ARGUMENTS ? call.tooLong(size) : part;
    }
}
