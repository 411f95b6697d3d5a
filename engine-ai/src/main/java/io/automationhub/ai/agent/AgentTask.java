package io.automationhub.ai.agent;

import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is asked.
 *
 * @param agent the id of the agent
 * @param message what a person says to it
 * @param parameters that fit the schema of the agent; it has defaults for others
 * @param conversation the id of the conversation that this goes on with, which need not be there yet; null for none
 * @param files for it to look at
 * @param key what the host calls this task, so that it is done once; null for none
 */
public record AgentTask(
        String agent,
        String message,
        JsonObject parameters,
        @Nullable String conversation,
        List<BinaryRef> files,
        @Nullable String key) {

    public AgentTask {
        files = List.copyOf(files);
    }

    /** A message to an agent. */
    public static AgentTask of(String agent, String message) {
        return new AgentTask(agent, message, JsonObject.EMPTY, null, List.of(), null);
    }

    /** With a parameter. */
    public AgentTask parameter(String name, @Nullable Object value) {
        return new AgentTask(agent, message, parameters.with(name, value), conversation, files, key);
    }

    /** With parameters in place of those before. */
    public AgentTask parameters(JsonObject all) {
        return new AgentTask(agent, message, all, conversation, files, key);
    }

    /** As a part of a conversation. */
    public AgentTask conversation(String id) {
        return new AgentTask(agent, message, parameters, id, files, key);
    }

    /** With a file. */
    public AgentTask file(BinaryRef file) {
        List<BinaryRef> more = new ArrayList<>(files);
        more.add(file);
        return new AgentTask(agent, message, parameters, conversation, more, key);
    }

    /** To be done once, however often it is given. */
    public AgentTask key(String name) {
        return new AgentTask(agent, message, parameters, conversation, files, name);
    }

    JsonObject input() {
        JsonObject input = JsonObject.of("message", message);
        if (conversation != null) {
            input = input.with("conversation", conversation);
        }
        if (!files.isEmpty()) {
            input = input.with("files", JsonArray.of(files, BinaryRef::toJson));
        }
        return parameters.isEmpty() ? input : input.with("parameters", parameters);
    }
}
