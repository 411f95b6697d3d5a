package io.automationhub.ai.model;

import io.automationhub.engine.value.JsonObject;

/**
 * The shape of an answer that is to be JSON.
 *
 * @param name of letters, digits, {@code _} and {@code -}, at most 64
 * @param schema a JSON Schema 2020-12, an object at the top
 */
public record AnswerSchema(String name, JsonObject schema) {}
