package io.automationhub.ai.provider;

/**
 * In what servers differ that speak Chat Completions.
 *
 * @param maxTokens the field with the most tokens of an answer
 * @param developer whether instructions are a developer's and not a system's
 * @param schema whether it takes a JSON Schema for the answer; if not, it is asked for JSON
 * @param streamUsage whether a stream can be asked for its usage
 */
public record ChatQuirks(String maxTokens, boolean developer, boolean schema, boolean streamUsage) {

    /** OpenAI itself. */
    public static final ChatQuirks OPENAI = new ChatQuirks("max_completion_tokens", true, true, true);

    /** Those who are compatible, such as vLLM and Ollama: the older names, which all of them know. */
    public static final ChatQuirks COMPATIBLE = new ChatQuirks("max_tokens", false, true, true);
}
