/**
 * The protocols of providers, through the guarded door: OpenAI Responses, Chat Completions, Anthropic Messages and Gemini's
 * generateContent. A protocol writes a request and reads an answer, whole or as a stream; {@link
 * io.automationhub.ai.provider.HttpProvider} does what is alike for all.
 */
@NullMarked
package io.automationhub.ai.provider;

import org.jspecify.annotations.NullMarked;
