package io.automationhub.ai.node;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.engine.value.Json;

/** A message of a model as an agent keeps it: without arguments of calls that are so long that a run cannot carry them. */
final class KeptMessage {

    /** The most bytes of the arguments of one call. */
    private static final long MOST_ARGUMENTS = 1_000_000;

    private KeptMessage() {}

    /** The message; if something is left out, without what the provider wrote, which has it as well. */
    static Message of(Message said) {
        for (Part part : said.parts()) {
            if (size(part) > MOST_ARGUMENTS) {
                return new Message(
                        said.role(),
                        said.parts().stream().map(KeptMessage::part).toList(),
                        null);
            }
        }
        return said;
    }

    private static Part part(Part part) {
        long size = size(part);
        return size > MOST_ARGUMENTS && part instanceof Part.ToolCall call ? call.tooLong(size) : part;
    }

    /** Of the arguments; 0 of what is no call. */
    private static long size(Part part) {
        if (!(part instanceof Part.ToolCall call)) {
            return 0;
        }
        return call.unread() == null
                ? Json.encodedSize(call.arguments())
                : call.unread().length();
    }
}
