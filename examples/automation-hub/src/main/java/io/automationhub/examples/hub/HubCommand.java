package io.automationhub.examples.hub;

import io.automationhub.ai.AiModule;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the hub. */
@Command(
        name = "automation-hub",
        description = "Runs and checks workflow files, and asks agents.",
        mixinStandardHelpOptions = true,
        version = "automation-hub 0.1.0",
        subcommands = {
            RunCommand.class,
            AgentCommand.class,
            ValidateCommand.class,
            ConnectorCommand.class,
            ScheduleCommand.class,
            McpCommand.class,
            SchemaCommand.class
        })
public final class HubCommand {

    /** The run succeeded, or no file has an error. */
    static final int OK = 0;

    /** The run failed or was cancelled. */
    static final int FAILED = 1;

    /** A file or an input is invalid, or the command line is wrong. */
    static final int INVALID = 2;

    HubCommand() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = execute(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs the command in this process. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new HubCommand())
                // An @ before a file name is ours: it names a JSON document, not more arguments.
                .setExpandAtFiles(false)
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    err.println("automation-hub: " + e.getMessage());
                    if (e instanceof InvalidWorkflowException invalid) {
                        invalid.problems().forEach(problem -> err.println(problem.message() + hint(problem)));
                    }
                    return INVALID;
                })
                .execute(args);
    }

    /** What a command prints that was given a file or an input that is not in order. */
    static JsonObject invalid(List<Problem> problems) {
        return JsonObject.builder()
                .put("status", "invalid")
                .put("problems", problems.stream().map(Problem::toJson).toList())
                .build();
    }

    private static String hint(Problem problem) {
        return problem.hint() == null ? "" : "; " + problem.hint();
    }

    /** An engine that knows all node types and reaches nothing. */
    static WorkflowEngine engineOfTypes(List<Connector> connectors) {
        ConnectorsModule.Builder building = ConnectorsModule.builder();
        connectors.forEach(building::connector);
        ConnectorsModule module = building.build();
        return WorkflowEngine.builder()
                .install(module)
                .install(AiModule.builder(module).build())
                .node(OutboxNode.TYPE, new OutboxNode(Path.of("outbox")))
                .build();
    }
}
