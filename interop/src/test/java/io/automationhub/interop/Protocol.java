package io.automationhub.interop;

/** The protocols in which providers of models are spoken to, and what a server of the provider's form has in its URLs. */
enum Protocol {
    RESPONSES("openai", "gpt-4o", "/v1"),
    CHAT("openai-compatible", "gpt-4o", "/v1"),
    ANTHROPIC("anthropic", "claude-sonnet-4-5", ""),
    GEMINI("gemini", "gemini-2.5-flash", "/v1beta");

    final String connector;
    final String model;
    final String path;

    Protocol(String connector, String model, String path) {
        this.connector = connector;
        this.model = model;
        this.path = path;
    }
}
