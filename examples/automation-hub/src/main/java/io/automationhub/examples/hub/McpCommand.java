package io.automationhub.examples.hub;

import io.automationhub.ai.mcp.McpToolServer;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mcp}: offers workflows and tools to the MCP client that started this process, by its standard input and output. */
@Command(
        name = "mcp",
        description =
                "Offers workflows and tools to the MCP client that starts this command, by standard input and output.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class McpCommand implements Callable<Integer> {

    private static final String CLIENT = "stdio";

    private final InputStream in;
    private final OutputStream out;

    @Option(
            names = "--workflow",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Workflow files that are offered; their inputs are the arguments.")
    private List<Path> workflows = new ArrayList<>();

    @Option(
            names = "--with",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Workflow files that those call, which are not offered.")
    private List<Path> others = new ArrayList<>();

    @Option(
            names = "--tool",
            paramLabel = "NAME",
            arity = "1..*",
            description = "Tools that are offered, as calculate or current_time.")
    private List<String> tools = new ArrayList<>();

    @Mixin
    private EngineOptions options;

    McpCommand() {
        this(System.in, System.out);
    }

    McpCommand(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (HubEngine hub = options.open(WorkflowEngine.builder())) {
            others.forEach(file -> hub.engine().workflows().publish(WorkflowJson.read(file)));
            McpToolServer.Builder building =
                    McpToolServer.builder(hub.engine(), hub.models().toolSet());
            Set<String> allowed = new LinkedHashSet<>(tools);
            tools.forEach(building::tool);
            for (Path file : workflows) {
                Workflow workflow = WorkflowJson.read(file);
                hub.engine().workflows().publish(workflow);
                building.workflow(workflow.id(), "");
                allowed.add(workflow.id().replaceAll("[^A-Za-z0-9_-]", "_"));
            }
            try (McpToolServer server = building.client(
                            CLIENT, UUID.randomUUID().toString(), allowed)
                    .build()) {
                server.stdio(CLIENT, in, out);
            }
            return HubCommand.OK;
        }
    }
}
