package io.automationhub.ai.mcp;

/** Whether the SDK of the protocol is there. */
final class McpSdk {

    private static final String CLASS = "io.modelcontextprotocol.json.McpJsonMapper";
    private static final String JSON = "io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper";

    private McpSdk() {}

    /** What this side says of its version. */
    static String version() {
        String version = McpSdk.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** @throws IllegalStateException if it is not; the message says what to add */
    static void require(String what) {
        for (String name : new String[] {CLASS, JSON}) {
            try {
                Class<?> unused = Class.forName(name, false, McpSdk.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "Cannot " + what + ": the Java SDK of MCP is not there; add the dependencies"
                                + " io.modelcontextprotocol.sdk:mcp-core:2.1.0 and"
                                + " io.modelcontextprotocol.sdk:mcp-json-jackson3:2.1.0",
                        e);
            }
        }
    }
}
