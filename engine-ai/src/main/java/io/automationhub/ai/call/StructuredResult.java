package io.automationhub.ai.call;

import org.jspecify.annotations.Nullable;

/**
 * What came of a call for JSON.
 *
 * @param value that fits its schema
 * @param result of the answer that fits, with the attempts of those before
 */
public record StructuredResult(@Nullable Object value, ModelResult result) {}
