package io.automationhub.examples.hub;

import io.automationhub.ai.agent.AIAgent;
import io.automationhub.ai.agent.AgentEvent;
import io.automationhub.ai.agent.AgentExecution;
import io.automationhub.ai.agent.AgentOrchestrator;
import io.automationhub.ai.agent.AgentTask;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent FILE}: asks an agent, and prints its answer as JSON on standard output. */
@Command(
        name = "agent",
        description =
                "Asks an agent that is defined in a file. Exit code: 0 answered, 1 failed, 2 invalid file or task.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class AgentCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The definition of the agent.")
    private String file;

    @Option(names = "--message", paramLabel = "TEXT", required = true, description = "What is said to it.")
    private String message;

    @Option(
            names = "--parameters",
            paramLabel = "JSON|@FILE",
            defaultValue = "{}",
            description = "Its parameters; their defaults if not given.")
    private String parameters;

    @Option(
            names = "--conversation",
            paramLabel = "ID",
            description = "The conversation that this goes on with; it is remembered with --data.")
    private @Nullable String conversation;

    @Option(names = "--stream", description = "Tells on standard error what it does while it does so.")
    private boolean stream;

    @Option(names = "--with", paramLabel = "FILE", arity = "1..*", description = "Workflow files that it has as tools.")
    private List<Path> workflows = new ArrayList<>();

    @Mixin
    private EngineOptions options;

    @Override
    public Integer call() {
        AIAgent agent = EngineOptions.agent(file);
        Object given = JsonArgument.read("--parameters", parameters, JsonLimits.DEFAULT);
        if (!(given instanceof JsonObject values)) {
            throw JsonArgument.refused(
                    "--parameters",
                    ProblemCode.WRONG_TYPE,
                    "An object is expected, found " + Json.typeName(given),
                    null);
        }
        AgentTask task = new AgentTask(agent.id(), message, values, conversation, List.of(), null);
        try (HubEngine hub = options.open(WorkflowEngine.builder())) {
            workflows.forEach(workflow -> hub.engine().workflows().publish(WorkflowJson.read(workflow)));
            AgentOrchestrator agents = hub.agents();
            AIAgent unused = agents.find(agent.id()).isPresent() ? agents.update(agent) : agents.create(agent);
            AgentExecution execution = ask(agents, task);
            spec.commandLine().getOut().println(Json.writePretty(result(execution)));
            return execution.status() == ExecutionStatus.SUCCEEDED ? HubCommand.OK : HubCommand.FAILED;
        }
    }

    private AgentExecution ask(AgentOrchestrator agents, AgentTask task) {
        String id = agents.start(task);
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch over = new CountDownLatch(1);
        Runnable unused = agents.listen(id, event -> {
            if (stream) {
                tell(err, event);
            }
            if (event instanceof AgentEvent.Ended) {
                over.countDown();
            }
        });
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Interrupted while the agent worked; its execution is " + id, e);
        }
        return agents.execution(id).orElseThrow();
    }

    private static void tell(PrintWriter err, AgentEvent event) {
        if (event instanceof AgentEvent.TextCame text) {
            err.print(text.text());
            err.flush();
        } else if (event instanceof AgentEvent.ToolCalled call) {
            err.println("→ " + call.tool() + " " + Json.write(call.arguments()));
        } else if (event instanceof AgentEvent.ToolReturned result) {
            err.println("← " + result.status() + " " + result.text());
        } else if (event instanceof AgentEvent.Ended) {
            err.println();
        }
    }

    private static JsonObject result(AgentExecution execution) {
        return JsonObject.builder()
                .put("execution", execution.id())
                .put("agent", execution.agent())
                .put("status", execution.status().text())
                .put("answer", execution.json() == null ? execution.text() : execution.json())
                .put("turns", execution.turns())
                .put("toolCalls", execution.toolCalls())
                .put("usage", execution.usage().toJson())
                .put("cost", execution.cost().toJson())
                .put(
                        "error",
                        execution.error() == null ? null : execution.error().toJson())
                .build();
    }
}
