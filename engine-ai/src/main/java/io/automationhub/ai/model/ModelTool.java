package io.automationhub.ai.model;

import io.automationhub.engine.value.JsonObject;

/**
 * A tool that a model may want to be called.
 *
 * @param name of letters, digits, {@code _} and {@code -}, at most 64
 * @param description when to call it, and what it does
 * @param parameters the JSON Schema of its arguments, an object
 */
public record ModelTool(String name, String description, JsonObject parameters) {

    public ModelTool {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("The name of a tool has 1 to 64 letters, digits, '_' and '-', found '"
                    + name + "'; not every provider takes others");
        }
    }
}
