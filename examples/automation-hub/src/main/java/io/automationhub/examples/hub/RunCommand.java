package io.automationhub.examples.hub;

import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run FILE}: runs a workflow file and prints its result as JSON on standard output. */
@Command(
        name = "run",
        description = "Runs a workflow file. Exit code: 0 succeeded, 1 failed or cancelled, 2 invalid file or input.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class RunCommand implements Callable<Integer> {

    static final String MAX_VALUE = "--max-value-mb";

    private static final long MEGABYTE = 1024 * 1024;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The workflow file.")
    private Path file;

    @Option(
            names = "--input",
            paramLabel = "JSON|@FILE",
            defaultValue = "{}",
            description = "The run's input; {} if not given.")
    private String input;

    @Option(names = "--var", paramLabel = "NAME=JSON", description = "Sets a workflow variable. May be repeated.")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--trigger", paramLabel = "ID", description = "The trigger to begin at, if there are several.")
    private @Nullable String trigger;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Workflow files that the workflow calls, or names as errorWorkflow.")
    private List<Path> others = new ArrayList<>();

    @Option(
            names = MAX_VALUE,
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "The most megabytes that a value may have as JSON: input, outputs, variables; 16 if not given.")
    private int maxValueMegabytes;

    @Option(names = "--history", paramLabel = "FILE", description = "Writes the node runs to this file as JSON.")
    private @Nullable Path history;

    @Mixin
    private EngineOptions options;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            WorkflowExecution run = run(WorkflowJson.read(file));
            out.println(Json.writePretty(result(run)));
            if (history != null) {
                Files.writeString(history, Json.writePretty(Json.of(nodeRuns(run))) + System.lineSeparator());
            }
            return run.isSucceeded() ? HubCommand.OK : HubCommand.FAILED;
        } catch (InvalidWorkflowException e) {
            out.println(Json.writePretty(HubCommand.invalid(e.problems())));
            return HubCommand.INVALID;
        }
    }

    private WorkflowExecution run(Workflow workflow) {
        JsonLimits limits = limits();
        ExecutionRequest request = ExecutionRequest.of(workflow).input(JsonArgument.read("--input", input, limits));
        if (trigger != null) {
            request = request.trigger(trigger);
        }
        for (String assignment : variables) {
            request = withVariable(request, assignment, limits);
        }
        WorkflowEngine.Builder builder = WorkflowEngine.builder().limits(limits);
        if (Progress.isWanted()) {
            builder.listener(new Progress(spec.commandLine().getErr()));
        }
        try (HubEngine hub = options.open(builder)) {
            WorkflowEngine engine = hub.engine();
            for (Path other : others) {
                publish(engine, other);
            }
            if (engine.validate(workflow).stream().noneMatch(Problem::isError)) {
                // It may call itself.
                engine.workflows().publish(workflow);
            }
            return engine.run(request);
        }
    }

    private static void publish(WorkflowEngine engine, Path file) {
        try {
            engine.workflows().publish(WorkflowJson.read(file));
        } catch (InvalidWorkflowException e) {
            throw new InvalidWorkflowException(
                    "Cannot publish " + file,
                    e.problems().stream().map(problem -> inFile(problem, file)).toList());
        }
    }

    private static Problem inFile(Problem problem, Path file) {
        return new Problem(
                problem.code(),
                problem.severity(),
                problem.pointer(),
                problem.nodeId(),
                file + ": " + problem.message(),
                problem.hint());
    }

    private JsonLimits limits() {
        if (maxValueMegabytes < 1) {
            throw new ParameterException(
                    spec.commandLine(), MAX_VALUE + " is at least 1, but was " + maxValueMegabytes);
        }
        return new JsonLimits(maxValueMegabytes * MEGABYTE, JsonLimits.DEFAULT.maxDepth());
    }

    private static ExecutionRequest withVariable(ExecutionRequest request, String assignment, JsonLimits limits) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw JsonArgument.refused(
                    "--var",
                    ProblemCode.UNKNOWN_VARIABLE,
                    "'" + assignment + "' has no name and value",
                    "write --var team='\"ops\"'");
        }
        String name = assignment.substring(0, equals);
        return request.variable(name, JsonArgument.read("--var " + name, assignment.substring(equals + 1), limits));
    }

    private static JsonObject result(WorkflowExecution run) {
        return JsonObject.builder()
                .put("execution", run.id())
                .put("workflow", run.workflowId())
                .put("status", run.status().text())
                .put("output", run.output())
                .put("error", run.error().map(ExecutionError::toJson).orElse(null))
                .build();
    }

    private static List<JsonObject> nodeRuns(WorkflowExecution run) {
        return run.nodes().stream().map(RunCommand::nodeRun).toList();
    }

    private static JsonObject nodeRun(NodeExecution node) {
        return JsonObject.builder()
                .put("node", node.node())
                .put("iteration", node.iteration())
                .put("attempt", node.attempt())
                .put("status", node.status().text())
                .put("startedAt", text(node.startedAt()))
                .put("endedAt", text(node.endedAt()))
                .build();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
