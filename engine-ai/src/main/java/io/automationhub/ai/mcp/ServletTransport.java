package io.automationhub.ai.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.ServerHttpHeaderValidator;
import jakarta.servlet.http.HttpServlet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What needs a servlet container, by itself: a host that serves standard input and output alone has none. */
final class ServletTransport {

    private ServletTransport() {}

    /** A servlet, and the server behind it that is still to be configured. */
    record Mounted(HttpServlet servlet, McpServer.SyncSpecification<?> server) {}

    /** @param context of a request with this authorization, which may be null */
    static Mounted mount(
            String path, ServerHttpHeaderValidator headers, Function<@Nullable String, McpTransportContext> context) {
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(McpJsonDefaults.getMapper())
                .mcpEndpoint(path)
                .httpHeaderValidator(headers)
                .contextExtractor(request -> context.apply(request.getHeader("Authorization")))
                .build();
        return new Mounted(transport, McpServer.sync(transport));
    }
}
