package io.automationhub.ai.mcp;

import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of MCP servers, for agents: {@code mcp.tools().forEach(builder::tool)}. They are those that a server had when it was opened;
 * agents call those that they name, and what a server says of its tools later changes nothing. Servers are reached by streamable HTTP
 * through the door, or are processes whose exact command the host allows. Safe for use by several threads; who opens them closes them.
 */
public final class McpTools implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(McpTools.class);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Set<String> FIELDS =
            Set.of("name", "url", "connection", "tenant", "command", "environment", "timeout", "tools");

    private final List<Server> servers = new ArrayList<>();
    private final List<AgentTool> tools = new ArrayList<>();

    private McpTools(Builder builder) {
        try {
            builder.servers.forEach(given -> open(builder, given));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Servers to be opened.
     *
     * @param connectors through which those are reached that have a URL
     * @throws IllegalStateException if the protocol's SDK is not there; the message says what to add
     */
    public static Builder builder(ConnectorsModule connectors) {
        McpSdk.require("use the tools of MCP servers");
        return new Builder(connectors.client());
    }

    /** All tools, those of a server under its name and {@code _}. */
    public List<AgentTool> tools() {
        return List.copyOf(tools);
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
        servers.clear();
    }

    private void open(Builder builder, JsonObject given) {
        Server server = new Server(builder, given);
        servers.add(server);
        for (McpSchema.Tool tool : server.list()) {
            if (server.wants(tool.name())) {
                tools.add(new RemoteTool(server, tool));
            }
        }
    }

    /** Which servers are opened, and how. */
    public static final class Builder {

        private final ConnectionClient client;
        private final List<JsonObject> servers = new ArrayList<>();
        private final Set<List<String>> allowed = new LinkedHashSet<>();

        private Builder(ConnectionClient client) {
            this.client = client;
        }

        /**
         * Adds a server: {@code {name, url, connection, tenant, timeout, tools}} for one that is reached by HTTP, with a connection if it
         * wants credentials; or {@code {name, command, environment, timeout, tools}} for a process, whose command is a list. {@code
         * tools} names those that are wanted; all, if absent.
         */
        public Builder server(JsonObject server) {
            servers.add(server);
            return this;
        }

        /** Allows servers to be this process, word by word; none is otherwise. */
        public Builder allowCommand(String... command) {
            allowed.add(List.of(command));
            return this;
        }

        /**
         * Opens all.
         *
         * @throws IllegalArgumentException if the description of a server is none, or its command is not allowed
         * @throws EngineException if one does not answer
         */
        public McpTools open() {
            return new McpTools(this);
        }
    }

    /** One server, and the client that is connected to it. */
    private static final class Server {

        private final String name;
        private final Duration timeout;
        private final Set<String> wanted;
        private final Builder builder;
        private final JsonObject given;
        private @Nullable McpSyncClient client;

        Server(Builder builder, JsonObject given) {
            this.builder = builder;
            this.given = given;
            name = given.get("name") == null ? "" : Json.toText(given.get("name"));
            timeout = given.get("timeout") == null ? TIMEOUT : DurationText.parse(given.get("timeout"));
            wanted = new LinkedHashSet<>(texts(given.get("tools")));
            if (!name.matches("[A-Za-z0-9-]{1,30}")) {
                throw wrong("its name has 1 to 30 letters, digits and '-'");
            }
            Set<String> unknown = new LinkedHashSet<>(given.keySet());
            unknown.removeAll(FIELDS);
            if (!unknown.isEmpty()) {
                throw wrong("it has no field '" + String.join("', '", unknown) + "'");
            }
            if (given.containsKey("url") == given.containsKey("command")) {
                throw wrong("it has either a url or a command");
            }
        }

        private static List<String> texts(@Nullable Object list) {
            return list instanceof JsonArray array
                    ? array.stream().map(Json::toText).toList()
                    : List.of();
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException("The MCP server '" + name + "' is not described rightly: " + why);
        }

        boolean wants(String tool) {
            return wanted.isEmpty() || wanted.contains(tool);
        }

        List<McpSchema.Tool> list() {
            try {
                List<McpSchema.Tool> found = client().listTools().tools();
                Set<String> missing = new LinkedHashSet<>(wanted);
                found.forEach(tool -> missing.remove(tool.name()));
                if (!missing.isEmpty()) {
                    throw wrong("it does not have the tools " + String.join(", ", missing) + "; it has "
                            + String.join(
                                    ", ",
                                    found.stream().map(McpSchema.Tool::name).toList()));
                }
                return found;
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new EngineException("Cannot open the MCP server '" + name + "': " + said(e), e);
            }
        }

        McpSchema.CallToolResult call(String tool, JsonObject arguments) {
            McpSyncClient used = client();
            try {
                return used.callTool(McpSchema.CallToolRequest.builder(tool)
                        .arguments(arguments)
                        .build());
            } catch (RuntimeException e) {
                if (given.containsKey("command")) {
                    // Its process may be gone; the next call starts another.
                    forget(used);
                }
                throw new IllegalStateException("the MCP server '" + name + "' does not answer: " + said(e), e);
            }
        }

        private static String said(Throwable failure) {
            Throwable last = failure;
            while (last.getCause() != null && last.getCause() != last) {
                last = last.getCause();
            }
            return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
        }

        private synchronized McpSyncClient client() {
            McpSyncClient open = client;
            if (open == null) {
                open = McpClient.sync(transport())
                        .requestTimeout(timeout)
                        .initializationTimeout(timeout)
                        .clientInfo(McpSchema.Implementation.builder("automation-hub-engine", McpSdk.version())
                                .build())
                        .build();
                McpSchema.InitializeResult unused = open.initialize();
                client = open;
            }
            return open;
        }

        private McpClientTransport transport() {
            if (given.containsKey("url")) {
                String tenant =
                        given.get("tenant") == null ? WorkflowEngine.DEFAULT_TENANT : Json.toText(given.get("tenant"));
                String used = given.get("connection") == null ? null : Json.toText(given.get("connection"));
                Optional<Connection> connection = builder.client.connections().named(tenant, used);
                return new DoorTransport(
                        builder.client,
                        connection,
                        tenant,
                        "the MCP server '" + name + "'",
                        Json.toText(given.get("url")),
                        timeout,
                        McpJsonDefaults.getMapper());
            }
            List<String> command = texts(given.get("command"));
            if (!builder.allowed.contains(command)) {
                throw wrong("the host does not allow its command " + command
                        + "; a process can do anything, so each is allowed by itself, by allowCommand");
            }
            StdioClientTransport transport = new StdioClientTransport(
                    ServerParameters.builder(command.get(0))
                            .args(command.subList(1, command.size()))
                            .env(environment())
                            .build(),
                    McpJsonDefaults.getMapper());
            transport.setStdErrorHandler(line -> LOG.debug("MCP server '{}': {}", name, line));
            return transport;
        }

        private Map<String, String> environment() {
            Map<String, String> all = new LinkedHashMap<>();
            Json.object(given.get("environment")).forEach((key, value) -> all.put(key, Json.toText(value)));
            return all;
        }

        private synchronized void forget(McpSyncClient gone) {
            if (client == gone) {
                client = null;
                close(gone);
            }
        }

        synchronized void close() {
            McpSyncClient open = client;
            client = null;
            if (open != null) {
                close(open);
            }
        }

        private static void close(McpSyncClient open) {
            try {
                boolean unused = open.closeGracefully();
            } catch (RuntimeException e) {
                LOG.debug("A MCP server was not left properly", e);
            }
        }
    }

    /** A tool of a server. */
    private static final class RemoteTool implements AgentTool {

        private static final int MOST_NAME = 64;

        private final Server server;
        private final String name;
        private final ModelTool declaration;

        RemoteTool(Server server, McpSchema.Tool tool) {
            this.server = server;
            name = tool.name();
            String full = server.name + "_" + tool.name().replaceAll("[^A-Za-z0-9_-]", "_");
            declaration = new ModelTool(
                    full.substring(0, Math.min(full.length(), MOST_NAME)),
                    tool.description() == null ? "" : tool.description(),
                    Json.object(tool.inputSchema()).with("type", "object"));
        }

        @Override
        public ModelTool declaration() {
            return declaration;
        }

        @Override
        public Duration timeout() {
            return server.timeout;
        }

        @Override
        public Object call(JsonObject arguments, ToolInvocation invocation) {
            McpSchema.CallToolResult result = server.call(name, arguments);
            Object value = result.structuredContent() == null ? text(result) : result.structuredContent();
            if (Boolean.TRUE.equals(result.isError())) {
                throw new IllegalStateException(text(result));
            }
            return value;
        }

        private static String text(McpSchema.CallToolResult result) {
            StringBuilder text = new StringBuilder();
            for (McpSchema.Content content : result.content()) {
                text.append(text.isEmpty() ? "" : "\n");
                text.append(content instanceof McpSchema.TextContent said ? said.text() : "[" + content.type() + "]");
            }
            return text.toString();
        }
    }
}
