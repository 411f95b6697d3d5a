package io.automationhub.ai.provider;

/** The protocols, for tests that are alike for all of them. */
enum WireProtocol {
    RESPONSES("openai", new OpenAiResponses()),
    CHAT("openai-compatible", new OpenAiChat(ChatQuirks.COMPATIBLE)),
    ANTHROPIC("anthropic", new AnthropicMessages()),
    GEMINI("gemini", new GeminiContent());

    private final String connector;
    private final Protocol protocol;

    WireProtocol(String connector, Protocol protocol) {
        this.connector = connector;
        this.protocol = protocol;
    }

    String connector() {
        return connector;
    }

    Protocol protocol() {
        return protocol;
    }
}
