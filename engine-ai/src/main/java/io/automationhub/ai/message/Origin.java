package io.automationhub.ai.message;

import io.automationhub.engine.value.JsonArray;

/**
 * A message as its provider wrote it: reasoning, signatures and whatever else only that provider understands are among its items.
 * When the message goes back to the same model, these go back unchanged, in the place of its parts; servers refuse a message
 * whose reasoning was altered or left out.
 *
 * @param protocol the protocol in which they were written, such as {@code anthropic.messages}
 * @param model that wrote them; another one may not accept its signatures
 * @param items in the protocol's own form
 */
public record Origin(String protocol, String model, JsonArray items) {

    /** Whether these go back as they are to a model that is spoken to in a protocol. */
    public boolean isFor(String otherProtocol, String otherModel) {
        return protocol.equals(otherProtocol) && model.equals(otherModel);
    }

    /** Without the items. */
    @Override
    public String toString() {
        return "Origin[" + protocol + ", " + model + ", " + items.size() + " items]";
    }
}
