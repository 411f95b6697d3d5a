package io.automationhub.ai.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;

/** A process that is a MCP server by the SDK alone, with one tool; the call {@code die} ends it. */
public final class StdioServerProcess {

    private StdioServerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        var unused = McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper()))
                .serverInfo("shouter", "1")
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .tools(SyncToolSpecification.builder()
                        .tool(McpSchema.Tool.builder(
                                        "shout",
                                        Map.of(
                                                "type",
                                                "object",
                                                "properties",
                                                Map.of("text", Map.of("type", "string"))))
                                .description("Shouts.")
                                .build())
                        .callHandler((exchange, request) -> {
                            String text = String.valueOf(request.arguments().get("text"));
                            if (text.equals("die")) {
                                Runtime.getRuntime().halt(3);
                            }
                            return McpSchema.CallToolResult.builder()
                                    .addTextContent(text.toUpperCase(java.util.Locale.ROOT)
                                            + System.getenv().getOrDefault("SUFFIX", ""))
                                    .build();
                        })
                        .build())
                .build();
        Thread.currentThread().join();
    }
}
