package io.automationhub.ai.mcp;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.ai.tool.ToolSet;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.ExecutionWaitException;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HeaderAccessor;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServlet;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Offers tools and published workflows of a host to MCP clients, to each those that its allow-list names. A host mounts {@link
 * #servlet}, or serves one client by {@link #stdio}. Safe for use by several threads; who makes it closes it.
 */
public final class McpToolServer implements AutoCloseable {

    private static final String CLIENT = "client";
    private static final String BEARER = "Bearer ";
    private static final int UNAUTHORIZED = 401;
    private static final int MOST_CHARS = 100_000;

    private final WorkflowEngine engine;
    private final ToolSet tools;
    private final Duration timeout;
    private final Map<String, Offered> offered = new LinkedHashMap<>();
    private final Map<String, Client> clients;
    private final List<McpSyncServer> servers = new CopyOnWriteArrayList<>();

    /**
     * Something that is offered.
     *
     * @param workflow the id of a workflow; null for a tool of the host
     */
    private record Offered(CheckedTool checked, @Nullable String workflow) {}

    /**
     * A client.
     *
     * @param digest of its token
     * @param tenant whose workflows it runs
     * @param allowed the names of what it may call
     */
    private record Client(String digest, String tenant, Set<String> allowed) {}

    private McpToolServer(Builder builder) {
        engine = builder.engine;
        tools = builder.tools;
        timeout = builder.timeout;
        clients = Map.copyOf(builder.clients);
        for (String name : builder.toolNames) {
            CheckedTool tool = tools.find(name)
                    .orElseThrow(() -> new IllegalArgumentException("Cannot offer the tool '" + name
                            + "': there is none; there are " + String.join(", ", tools.names())));
            add(new Offered(tool, null));
        }
        builder.workflows.forEach((id, description) -> add(workflow(id, description)));
        clients.forEach((name, client) -> client.allowed().stream()
                .filter(tool -> !offered.containsKey(tool))
                .findFirst()
                .ifPresent(tool -> {
                    throw new IllegalArgumentException("The client '" + name + "' may call '" + tool
                            + "', which is not offered; offered are " + String.join(", ", offered.keySet()));
                }));
    }

    private void add(Offered one) {
        String name = one.checked().declaration().name();
        if (offered.put(name, one) != null) {
            throw new IllegalArgumentException("Two things are offered under the name '" + name + "'");
        }
    }

    private Offered workflow(String id, String description) {
        Workflow workflow = engine.workflows()
                .latest(id)
                .map(WorkflowVersion::workflow)
                .orElseThrow(() -> new IllegalArgumentException(
                        "Cannot offer the workflow '" + id + "': it is not published; publish it first"));
        JsonObject schema = workflow.inputSchema().orElse(JsonObject.EMPTY);
        if (schema.get("type") != null && !"object".equals(schema.get("type"))) {
            throw new IllegalArgumentException("Cannot offer the workflow '" + id + "': its input is no object, and"
                    + " arguments of tools are one; call it by a workflow whose input is");
        }
        return new Offered(
                CheckedTool.of(new ModelTool(
                        id.replaceAll("[^A-Za-z0-9_-]", "_"),
                        description.isEmpty() ? workflow.name() : description,
                        schema.with("type", "object"))),
                id);
    }

    /**
     * A server of an engine.
     *
     * @param tools those of the host: {@code AiModule.toolSet()}
     * @throws IllegalStateException if the protocol's SDK is not there; the message says what to add
     */
    public static Builder builder(WorkflowEngine engine, ToolSet tools) {
        McpSdk.require("be a MCP server");
        return new Builder(engine, tools);
    }

    /** What is offered, and to whom. */
    public static final class Builder {

        private final WorkflowEngine engine;
        private final ToolSet tools;
        private final List<String> toolNames = new ArrayList<>();
        private final Map<String, String> workflows = new LinkedHashMap<>();
        private final Map<String, Client> clients = new LinkedHashMap<>();
        private Duration timeout = Duration.ofMinutes(1);

        private Builder(WorkflowEngine engine, ToolSet tools) {
            this.engine = engine;
            this.tools = tools;
        }

        /** Offers a tool of the host. */
        public Builder tool(String name) {
            toolNames.add(name);
            return this;
        }

        /**
         * Offers a published workflow, or an agent as {@code agent.<id>}: its input are the arguments, its latest version runs.
         *
         * @param description when to call it, and what it does; the name of the workflow if empty
         */
        public Builder workflow(String id, String description) {
            workflows.put(id, description);
            return this;
        }

        /**
         * Lets a client call some of what is offered. One that is not named here is refused.
         *
         * @param name of the client
         * @param token with which it comes, as {@code Authorization: Bearer}; at least 16 characters
         * @param allowed the names of tools
         */
        public Builder client(String name, String token, Set<String> allowed) {
            return client(name, token, WorkflowEngine.DEFAULT_TENANT, allowed);
        }

        /** The same for a client of a tenant: it runs that one's workflows. */
        public Builder client(String name, String token, String tenant, Set<String> allowed) {
            if (token.length() < 16) {
                throw new IllegalArgumentException(
                        "The token of the client '" + name + "' has at least 16 characters; make it a random one");
            }
            clients.put(name, new Client(digest(token), tenant, Set.copyOf(allowed)));
            return this;
        }

        /** How long a call is waited for; a run goes on, and the client is told its id. A minute by default. */
        public Builder timeout(Duration most) {
            timeout = most;
            return this;
        }

        /** @throws IllegalArgumentException if something is offered that is not there */
        public McpToolServer build() {
            return new McpToolServer(this);
        }
    }

    // ---------------------------------------------------------------- transports

    /**
     * A servlet that speaks streamable HTTP, to be mounted with asynchronous support. Each request is that of the client whose token it
     * has; one without is answered by 401.
     *
     * @param path at which it is mounted, as {@code /mcp}
     */
    public HttpServlet servlet(String path) {
        ServletTransport.Mounted mounted =
                ServletTransport.mount(path, this::checkToken, authorization -> context(named(authorization)));
        servers.add(configured(mounted.server(), null));
        return mounted.servlet();
    }

    /**
     * Serves one client by two streams, until the first of them ends.
     *
     * @param client as whom it may call
     * @throws IllegalArgumentException if there is no such client
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    public void stdio(String client, InputStream in, OutputStream out) throws InterruptedException {
        if (!clients.containsKey(client)) {
            throw new IllegalArgumentException(
                    "There is no client '" + client + "'; there are " + String.join(", ", clients.keySet()));
        }
        UntilEnd until = new UntilEnd(in);
        servers.add(configured(
                McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper(), until, out)), client));
        until.ended.await();
    }

    /** Tells when a stream is at its end. */
    private static final class UntilEnd extends FilterInputStream {

        private final CountDownLatch ended = new CountDownLatch(1);

        UntilEnd(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return told(super.read());
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return told(super.read(bytes, from, length));
        }

        private int told(int read) {
            if (read < 0) {
                ended.countDown();
            }
            return read;
        }
    }

    /** @param only the client of all requests; null if each says whose it is */
    private McpSyncServer configured(McpServer.SyncSpecification<?> server, @Nullable String only) {
        List<SyncToolSpecification> all = new ArrayList<>();
        offered.forEach((name, one) -> all.add(SyncToolSpecification.builder()
                .tool(McpSchema.Tool.builder(name, one.checked().declaration().parameters())
                        .description(one.checked().declaration().description())
                        .build())
                .callHandler((exchange, request) -> call(client(exchange.transportContext(), only), one, request))
                .build()));
        return server.serverInfo("automation-hub-engine", McpSdk.version())
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                // A call that does not fit is told to the model, as its own mistake.
                .validateToolInputs(false)
                .addToolFilter((context, tool) -> allows(client(context, only), tool.name()))
                .tools(all)
                .build();
    }

    // ---------------------------------------------------------------- clients

    private void checkToken(HeaderAccessor headers) throws ServerTransportSecurityException {
        List<String> given = headers.getHeader("Authorization");
        if (given != null && given.stream().anyMatch(value -> named(value).isPresent())) {
            return;
        }
        throw new ServerTransportSecurityException(
                UNAUTHORIZED, "Send Authorization: Bearer with the token of a client that is known here");
    }

    /** The client that an authorization is of. */
    private Optional<String> named(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return Optional.empty();
        }
        byte[] given = digest(authorization.substring(BEARER.length()).strip()).getBytes(StandardCharsets.US_ASCII);
        return clients.entrySet().stream()
                .filter(client ->
                        MessageDigest.isEqual(client.getValue().digest().getBytes(StandardCharsets.US_ASCII), given))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static McpTransportContext context(Optional<String> client) {
        return client.map(name -> McpTransportContext.create(Map.of(CLIENT, name)))
                .orElse(McpTransportContext.EMPTY);
    }

    private @Nullable Client client(@Nullable McpTransportContext context, @Nullable String only) {
        Object name = only != null ? only : context == null ? null : context.get(CLIENT);
        return name == null ? null : clients.get(name.toString());
    }

    private static boolean allows(@Nullable Client client, String tool) {
        return client != null && client.allowed().contains(tool);
    }

    // ---------------------------------------------------------------- calls

    private McpSchema.CallToolResult call(@Nullable Client client, Offered one, McpSchema.CallToolRequest request) {
        String name = one.checked().declaration().name();
        if (client == null || !allows(client, name)) {
            return result(ToolOutcome.refused("There is no tool '" + name + "'"), null);
        }
        String key = "mcp/" + UUID.randomUUID();
        Part.ToolCall call = new Part.ToolCall(
                key, name, request.arguments() == null ? JsonObject.EMPTY : Json.object(request.arguments()), null);
        if (one.workflow() != null) {
            return run(one, one.workflow(), client.tenant(), call);
        }
        ToolInvocation invocation = new ToolInvocation(client.tenant(), "", "", key, action -> () -> {}, Instant::now);
        return result(tools.call(call, MOST_CHARS, invocation), null);
    }

    private McpSchema.CallToolResult run(Offered one, String workflow, String tenant, Part.ToolCall call) {
        Optional<String> problem = one.checked().problem(call);
        if (problem.isPresent()) {
            return result(ToolOutcome.refused(problem.get()), null);
        }
        WorkflowEngine own = engine.forTenant(tenant);
        Workflow latest =
                own.workflows().latest(workflow).map(WorkflowVersion::workflow).orElse(null);
        if (latest == null) {
            return result(ToolOutcome.refused("The workflow '" + workflow + "' is not published any more"), null);
        }
        try {
            WorkflowExecution ended = own.run(ExecutionRequest.of(latest).input(call.arguments()), timeout);
            if (ended.isSucceeded()) {
                return result(
                        new ToolOutcome(
                                ToolOutcome.Status.ENDED,
                                ToolOutcome.shortened(ToolOutcome.text(ended.output()), MOST_CHARS),
                                0),
                        ended.output());
            }
            String why = ended.error().map(ExecutionError::message).orElse("it was cancelled");
            return result(new ToolOutcome(ToolOutcome.Status.FAILED, "The workflow failed: " + why, 0), null);
        } catch (ExecutionWaitException e) {
            return result(new ToolOutcome(ToolOutcome.Status.ENDED, "It goes on: " + e.getMessage(), 0), null);
        } catch (EngineException e) {
            return result(ToolOutcome.refused("The workflow cannot begin: " + e.getMessage()), null);
        }
    }

    private static McpSchema.CallToolResult result(ToolOutcome outcome, @Nullable Object structured) {
        McpSchema.CallToolResult.Builder result = McpSchema.CallToolResult.builder()
                .addTextContent(outcome.text())
                .isError(outcome.status() != ToolOutcome.Status.ENDED);
        return (structured instanceof JsonObject object ? result.structuredContent(object) : result).build();
    }

    @Override
    public void close() {
        servers.forEach(McpSyncServer::closeGracefully);
        servers.clear();
    }
}
