package io.automationhub.ai.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.Tool;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.ai.tool.ToolSet;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** MCP against the SDK's own client and server, over real HTTP and in processes of their own. */
@Tag("campaign")
@Timeout(120)
class McpTest {

    private static final String ANN = "ann-0123456789abcdef";
    private static final String BOB = "bob-0123456789abcdef";

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final ConnectorsModule connectors = ConnectorsModule.builder()
            .door(door)
            .connections(connections)
            .secrets(new InMemorySecrets().put("default", "token", ANN))
            .build();

    @AfterEach
    void close() {
        door.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    /** One declaration: a tool of agents, a node type, and a tool of MCP. */
    final class Shop {

        @Tool("Says what is in stock.")
        String stock(String article, @Nullable Integer most) {
            done.add("stock " + article);
            if (article.equals("bomb")) {
                throw new IllegalStateException("no such article");
            }
            return article + ": " + (most == null ? 3 : most);
        }
    }

    private AiModule.Builder ai(String rules) {
        return AiModule.builder(connectors).inPlaceOfAll(ScriptedProvider.of(json("{'rules': " + rules + "}")));
    }

    private static Workflow greeting() {
        return Workflow.builder("greet.people")
                .name("Greets somebody")
                .input(json("{'type': 'object', 'required': ['name'], 'properties': {'name': {'type': 'string'}}}"))
                .start(NodeSpec.of("greet", "action.format").with("template", "Hello {{input.name}}"))
                .output(Map.of("greeting", "{{nodes.greet.output}}"))
                .build();
    }

    private static Workflow waiting() {
        return Workflow.builder("ask")
                .start(NodeSpec.of("ok", "approval").with("title", "Ok?"))
                .build();
    }

    private WorkflowEngine engine(AiModule module) {
        WorkflowEngine engine = WorkflowEngine.builder().install(module).build();
        var unused = engine.workflows().publish(greeting());
        var also = engine.workflows().publish(waiting());
        return engine;
    }

    private static McpToolServer server(WorkflowEngine engine, AiModule module) {
        return McpToolServer.builder(engine, module.toolSet())
                .tool("stock")
                .tool("current_time")
                .workflow("greet.people", "")
                .workflow("ask", "Asks.")
                .client("ann", ANN, Set.of("stock", "greet_people", "ask"))
                .client("bob", BOB, Set.of("current_time"))
                .timeout(Duration.ofMillis(500))
                .build();
    }

    private static McpSyncClient sdkClient(String base, String token) {
        McpSyncClient client = McpClient.sync(HttpClientStreamableHttpTransport.builder(base)
                        .endpoint("/mcp")
                        .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + token))
                        .build())
                .build();
        var unused = client.initialize();
        return client;
    }

    private static String said(McpSchema.CallToolResult result) {
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }

    private static McpSchema.CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    }

    // ---------------------------------------------------------------- our server, the SDK's client

    @Test
    void toolsAndWorkflowsAreOffered_toEachClientItsOwn() throws Exception {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module);
                McpToolServer server = server(engine, module);
                ServletServer http = new ServletServer(server.servlet("/mcp"), "/mcp/*");
                McpSyncClient ann = sdkClient(http.url(""), ANN);
                McpSyncClient bob = sdkClient(http.url(""), BOB)) {
            assertThat(ann.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactlyInAnyOrder("stock", "greet_people", "ask");
            assertThat(bob.listTools().tools()).extracting(McpSchema.Tool::name).containsExactly("current_time");
            McpSchema.Tool greet = ann.listTools().tools().stream()
                    .filter(tool -> tool.name().equals("greet_people"))
                    .findFirst()
                    .orElseThrow();
            assertThat(greet.description()).isEqualTo("Greets somebody");
            assertThat(greet.inputSchema()).containsEntry("required", List.of("name"));

            assertThat(said(call(ann, "stock", Map.of("article", "pen")))).isEqualTo("pen: 3");
            McpSchema.CallToolResult greeted = call(ann, "greet_people", Map.of("name", "Zoë"));
            assertThat(said(greeted)).isEqualTo("{\"greeting\":\"Hello Zoë\"}");
            assertThat(greeted.structuredContent()).isEqualTo(Map.of("greeting", "Hello Zoë"));
            assertThat(said(call(bob, "current_time", Map.of()))).contains("\"weekday\"");

            McpSchema.CallToolResult wrong = call(ann, "stock", Map.of("articel", "pen"));
            assertThat(wrong.isError()).isTrue();
            assertThat(said(wrong)).contains("do not fit the schema");
            assertThat(said(call(ann, "greet_people", Map.of("name", 7)))).contains("do not fit the schema");
            McpSchema.CallToolResult failed = call(ann, "stock", Map.of("article", "bomb"));
            assertThat(failed.isError()).isTrue();
            assertThat(said(failed)).isEqualTo("The tool failed: no such article");
            assertThat(said(call(ann, "ask", Map.of()))).contains("It goes on");

            done.clear();
            assertThatThrownBy(() -> {
                        McpSchema.CallToolResult refused = call(bob, "stock", Map.of("article", "pen"));
                        if (Boolean.TRUE.equals(refused.isError())) {
                            throw new IllegalStateException(said(refused));
                        }
                    })
                    .isInstanceOf(RuntimeException.class);
            assertThat(done).isEmpty();
        }
    }

    @Test
    void whoHasNoTokenIsRefused() throws Exception {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module);
                McpToolServer server = server(engine, module);
                ServletServer http = new ServletServer(server.servlet("/mcp"), "/mcp/*")) {
            assertThatThrownBy(() ->
                            sdkClient(http.url(""), "cat-0123456789abcdef").close())
                    .isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> McpTools.builder(connectors)
                            .server(json("{'name': 'hub', 'url': '" + http.url("/mcp") + "'}"))
                            .open())
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Cannot open the MCP server 'hub'")
                    .hasMessageContaining("401");
        }
    }

    @Test
    void whatIsNotThereIsNotOffered() {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module)) {
            McpToolServer.Builder builder = McpToolServer.builder(engine, module.toolSet());
            assertThatThrownBy(() -> builder.tool("stok").build())
                    .hasMessageContaining("there is none; there are stock");
            assertThatThrownBy(() -> McpToolServer.builder(engine, module.toolSet())
                            .workflow("nothing", "")
                            .build())
                    .hasMessageContaining("it is not published");
            assertThatThrownBy(() -> McpToolServer.builder(engine, module.toolSet())
                            .tool("stock")
                            .client("ann", ANN, Set.of("stok"))
                            .build())
                    .hasMessageContaining("may call 'stok', which is not offered");
            assertThatThrownBy(() -> builder.client("x", "short", Set.of())).hasMessageContaining("at least 16");
        }
    }

    // ---------------------------------------------------------------- our client

    private static ToolOutcome use(List<AgentTool> tools, String name, String arguments) {
        return new ToolSet(tools)
                .call(
                        new Part.ToolCall("1", name, json(arguments), null),
                        10_000,
                        new ToolInvocation("default", "", "", "k", action -> () -> {}, Instant::now));
    }

    @Test
    void theSdksServerIsReachedThroughTheDoor() throws Exception {
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(McpJsonDefaults.getMapper())
                .mcpEndpoint("/mcp")
                .build();
        var sdk = McpServer.sync(transport)
                .serverInfo("sdk", "1")
                .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
                .tools(
                        SyncToolSpecification.builder()
                                .tool(McpSchema.Tool.builder(
                                                "add.up",
                                                json(
                                                        "{'type': 'object', 'required': ['a'], 'properties': {'a': {'type': 'integer'}}}"))
                                        .description("Adds.")
                                        .build())
                                .callHandler((exchange, request) -> McpSchema.CallToolResult.builder()
                                        .structuredContent(Map.of(
                                                "sum", request.arguments().get("a")))
                                        .addTextContent("text")
                                        .build())
                                .build(),
                        SyncToolSpecification.builder()
                                .tool(McpSchema.Tool.builder("bad", Map.of("type", "object"))
                                        .build())
                                .callHandler((exchange, request) -> McpSchema.CallToolResult.builder()
                                        .addTextContent("out of order")
                                        .isError(true)
                                        .build())
                                .build())
                .build();
        try (ServletServer http = new ServletServer(transport, "/mcp/*");
                McpTools mcp = McpTools.builder(connectors)
                        .server(json("{'name': 'calc', 'url': '" + http.url("/mcp") + "'}"))
                        .open()) {
            assertThat(mcp.tools())
                    .extracting(tool -> tool.declaration().name())
                    .containsExactlyInAnyOrder("calc_add_up", "calc_bad");
            assertThat(use(mcp.tools(), "calc_add_up", "{'a': 4}").text()).isEqualTo("{\"sum\":4}");
            assertThat(use(mcp.tools(), "calc_add_up", "{}").status()).isEqualTo(ToolOutcome.Status.REFUSED);
            assertThat(use(mcp.tools(), "calc_bad", "{}").text()).isEqualTo("The tool failed: out of order");
        } finally {
            sdk.close();
        }
    }

    @Test
    void aServerWithinTheNetworkIsOnlyReachedIfTheDoorAllowsIt() throws Exception {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module);
                McpToolServer server = server(engine, module);
                ServletServer http = new ServletServer(server.servlet("/mcp"), "/mcp/*")) {
            assertThatThrownBy(() -> McpTools.builder(ConnectorsModule.create())
                            .server(json("{'name': 'hub', 'url': '" + http.url("/mcp") + "'}"))
                            .open())
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    /** Our server and our client: what is a method here is a tool of an agent there, and a node here. */
    @Test
    void oneDeclarationIsANode_aToolOfAgents_andAToolOfMcp() throws Exception {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module);
                McpToolServer server = server(engine, module);
                ServletServer http = new ServletServer(server.servlet("/mcp"), "/mcp/*")) {
            WorkflowExecution node = engine.run(
                    Workflow.builder("n")
                            .start(NodeSpec.of("s", "tool.stock").with("article", "{{input}}"))
                            .build(),
                    "ink");
            assertThat(node.output()).isEqualTo("ink: 3");

            connections.put(
                    "default",
                    Connection.of(
                            "hub",
                            json("{'baseUrl': '" + http.url("/")
                                    + "', 'auth': {'type': 'bearer', 'token': {'$secret': 'token'}}}"),
                            AuthenticationMethods.STANDARD));
            try (McpTools mcp = McpTools.builder(connectors)
                    .server(json("{'name': 'hub', 'url': '" + http.url("/mcp")
                            + "', 'connection': 'hub', 'tools': ['stock']}"))
                    .open()) {
                AiModule.Builder remote = ai("[{'when': {'turn': 0}, 'toolCalls': [{'name': 'hub_stock', 'arguments':"
                        + " {'article': 'pen', 'most': 9}}]}, {'text': 'Nine pens.'}]");
                mcp.tools().forEach(remote::tool);
                try (WorkflowEngine other =
                        WorkflowEngine.builder().install(remote.build()).build()) {
                    WorkflowExecution asked = other.run(
                            Workflow.builder("a")
                                    .start(NodeSpec.of("a", "ai.agent")
                                            .with("model", "m")
                                            .with("prompt", "Pens?")
                                            .with("tools", List.of("hub_stock")))
                                    .build(),
                            null);
                    assertThat(Json.object(asked.output()).get("text")).isEqualTo("Nine pens.");
                }
            }
            assertThat(done).containsExactly("stock ink", "stock pen");
        }
    }

    // ---------------------------------------------------------------- processes

    private static String[] command() {
        return new String[] {
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            StdioServerProcess.class.getName()
        };
    }

    private static JsonObject shouter() {
        return json("{'name': 'shouter', 'environment': {'SUFFIX': '!'}, 'timeout': '20s'}")
                .with("command", List.of(command()));
    }

    @Test
    void aProcessIsAServer_ifItsCommandIsAllowed() {
        try (McpTools mcp = McpTools.builder(connectors)
                .allowCommand(command())
                .server(shouter())
                .open()) {
            assertThat(use(mcp.tools(), "shouter_shout", "{'text': 'hey'}").text())
                    .isEqualTo("HEY!");
        }
        assertThatThrownBy(() -> McpTools.builder(connectors)
                        .allowCommand("/bin/true")
                        .server(shouter())
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the host does not allow its command");
        assertThatThrownBy(() -> McpTools.builder(connectors)
                        .allowCommand(command())
                        .server(shouter().with("command", List.of(command()[0], "-version")))
                        .open())
                .hasMessageContaining("the host does not allow its command");
    }

    @Test
    void aProcessThatDiesIsStartedAgain() {
        try (McpTools mcp = McpTools.builder(connectors)
                .allowCommand(command())
                .server(shouter().with("timeout", "3s"))
                .open()) {
            assertThat(use(mcp.tools(), "shouter_shout", "{'text': 'die'}").status())
                    .isEqualTo(ToolOutcome.Status.FAILED);
            assertThat(use(mcp.tools(), "shouter_shout", "{'text': 'again'}").text())
                    .isEqualTo("AGAIN!");
        }
    }

    @Test
    void oneClientIsServedByTwoStreams() throws Exception {
        AiModule module = ai("[]").tools(new Shop()).build();
        try (WorkflowEngine engine = engine(module);
                McpToolServer server = server(engine, module);
                PipedInputStream in = new PipedInputStream()) {
            OutputStream to = new PipedOutputStream(in);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Thread serving = new Thread(() -> {
                try {
                    server.stdio("bob", in, out);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            serving.start();
            String[] messages = {
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'initialize', 'params': {'protocolVersion': '2025-06-18',"
                        + " 'capabilities': {}, 'clientInfo': {'name': 't', 'version': '1'}}}",
                "{'jsonrpc': '2.0', 'method': 'notifications/initialized'}",
                "{'jsonrpc': '2.0', 'id': 2, 'method': 'tools/list'}"
            };
            for (String message : messages) {
                to.write((message.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
                to.flush();
            }
            Instant until = Instant.now().plusSeconds(20);
            while (!out.toString(StandardCharsets.UTF_8).contains("\"id\":2")
                    && Instant.now().isBefore(until)) {
                Thread.onSpinWait();
            }
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("current_time")
                    .doesNotContain("stock");
            to.close();
            serving.join(20_000);
            assertThat(serving.isAlive()).isFalse();
            assertThatThrownBy(() -> server.stdio("cat", in, out)).hasMessageContaining("There is no client 'cat'");
        }
    }

    @Test
    void whatIsDescribedWrongIsRefused() {
        for (String server : List.of(
                "{'url': 'https://x'}",
                "{'name': 'a b', 'url': 'https://x'}",
                "{'name': 'x'}",
                "{'name': 'x', 'url': 'https://x', 'command': ['y']}",
                "{'name': 'x', 'uri': 'https://x'}")) {
            assertThatThrownBy(() ->
                            McpTools.builder(connectors).server(json(server)).open())
                    .as(server)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not described rightly");
        }
    }

    /** The classes of this module as a host has them that did not add the SDK. */
    private static final class WithoutSdk extends ClassLoader {

        WithoutSdk() {
            super(McpTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.modelcontextprotocol")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.automationhub.ai.mcp")) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void withoutTheSdkItIsSaidWhatToAdd() throws Exception {
        ClassLoader loader = new WithoutSdk();
        Method builder = loader.loadClass(McpTools.class.getName()).getMethod("builder", ConnectorsModule.class);
        assertThatThrownBy(() -> builder.invoke(null, connectors))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add the dependencies io.modelcontextprotocol.sdk:mcp-core");
    }
}
