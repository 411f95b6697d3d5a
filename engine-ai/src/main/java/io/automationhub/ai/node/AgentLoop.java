package io.automationhub.ai.node;

import io.automationhub.ai.agent.ToolInvocation;
import io.automationhub.ai.agent.ToolOutcome;
import io.automationhub.ai.agent.ToolSet;
import io.automationhub.ai.call.ModelTarget;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The turns of an agent: it asks the model, makes the calls that it wants, tells it what came of them, and so on until it answers
 * without one. Each answer and each result is durable before the next step, so that after a crash the loop finds all of them again
 * and goes on where it was. For one call of an executor.
 */
final class AgentLoop {

    /** The kind of failure of an agent that did not come to an end within its bounds. */
    static final String KIND_LIMIT = "agent-limit";

    private static final String NUDGE = "There was no answer. Answer what was asked, or call a tool.";

    private final ModelCall model;
    private final ToolSet host;
    private final AgentTools tools;
    private final AgentBounds bounds;
    private final ExecutionContext context;
    private final AgentTally tally = new AgentTally();

    /**
     * A loop at its beginning.
     *
     * @param host the tools of the host, of which the agent may call some
     * @param tools that it may call
     */
    AgentLoop(ModelCall model, ToolSet host, AgentTools tools, AgentBounds bounds, ExecutionContext context) {
        this.model = model;
        this.host = host;
        this.tools = tools;
        this.bounds = bounds;
        this.context = context;
    }

    /**
     * Goes on until there is an answer, or something to wait for.
     *
     * @param schema of the answer; null for text
     * @throws NonRetriableException kind {@value #KIND_LIMIT}, if there is none after the last turn
     */
    NodeResult run(ModelRequest first, @Nullable JsonObject schema, List<ModelTarget> chain) {
        List<Message> messages = new ArrayList<>(first.messages());
        for (int turn = 1; turn <= bounds.turns(); turn++) {
            ModelCall.Asked asked = model.ask("turn-" + turn, first.withMessages(messages), schema, chain);
            if (asked instanceof ModelCall.Asked.Waiting waiting) {
                return NodeResult.suspended(waiting.wake());
            }
            ModelCall.Asked.Answered answered = (ModelCall.Asked.Answered) asked;
            tally.add(answered);
            JsonObject output = tally.checked(answered);
            Message said = MessageJson.read(answered.outcome().get(ModelCall.MESSAGE));
            if (!said.parts().isEmpty()) {
                messages.add(said);
            }
            if (!said.toolCalls().isEmpty()) {
                List<Part> results = new ArrayList<>();
                Wake wake = addResults(turn, said.toolCalls(), results);
                if (wake != null) {
                    return NodeResult.suspended(wake);
                }
                messages.add(new Message(Role.USER, results, null));
            } else if (isOver(output)) {
                return NodeResult.completed(tally.output(output, turn));
            } else if (!StopReason.PAUSED.text().equals(output.get("finish"))) {
                messages.add(Message.user(NUDGE));
            }
        }
        throw new NonRetriableException(
                KIND_LIMIT,
                "The agent of node '" + context.nodeId() + "' came to no answer in " + bounds.turns()
                        + " turns; raise maxTurns, or say in its instructions when it is done",
                tally.details(bounds.turns()),
                null);
    }

    private static boolean isOver(JsonObject output) {
        return !StopReason.PAUSED.text().equals(output.get("finish"))
                && (output.containsKey("json")
                        || !Json.toText(output.get("text")).isBlank());
    }

    /** What has to be waited for before all calls have a result; null if they have. */
    private @Nullable Wake addResults(int turn, List<Part.ToolCall> calls, List<Part> results) {
        for (int i = 0; i < calls.size(); i++) {
            Part.ToolCall call = calls.get(i);
            String name = "tool-" + turn + "-" + i;
            ToolOutcome outcome;
            try {
                Supplier<ToolOutcome> made = outcome(name, call);
                outcome = ToolOutcome.of(
                        Json.object(context.once(name, () -> made.get().toJson())));
            } catch (NotEndedException e) {
                return e.wake;
            }
            tally.add(turn, call, outcome);
            results.add(new Part.ToolResult(
                    call.id(),
                    call.name(),
                    List.of(new Part.Text(outcome.text())),
                    outcome.status() != ToolOutcome.Status.ENDED));
        }
        return null;
    }

    /** What becomes of a call; it may have happened already, and then nobody asks. */
    private Supplier<ToolOutcome> outcome(String name, Part.ToolCall call) {
        String tooOften = tally.tooOften(call, bounds);
        if (!tooOften.isEmpty()) {
            return () -> ToolOutcome.refused(tooOften);
        }
        if (!tools.names().contains(call.name())) {
            return () -> ToolOutcome.refused("There is no tool '" + call.name() + "'"
                    + (tools.names().isEmpty() ? "" : "; there are " + String.join(", ", tools.names())));
        }
        ToolInvocation invocation = new ToolInvocation(
                context.tenant(),
                context.executionId(),
                context.nodeId(),
                context.idempotencyKey() + "/" + name,
                context::onCancel,
                context::now);
        return tools.workflow(call.name())
                .<Supplier<ToolOutcome>>map(tool -> () -> run(name, tool, call))
                .orElse(() -> host.call(call, bounds.resultChars(), invocation));
    }

    // ---------------------------------------------------------------- workflows as tools

    /** The run of a workflow has not ended, and the node waits for it without a thread. */
    private static final class NotEndedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Wake wake;

        NotEndedException(Wake wake) {
            super(null, null, false, false);
            this.wake = wake;
        }
    }

    private ToolOutcome run(String name, AgentTools.WorkflowTool tool, Part.ToolCall call) {
        Optional<String> problem = tool.checked().problem(call);
        if (problem.isPresent()) {
            return ToolOutcome.refused(problem.get());
        }
        Wake wake;
        try {
            wake = context.child(name, tool.workflow(), tool.version(), call.arguments());
        } catch (NonRetriableException e) {
            if (e.getCause() instanceof InvalidWorkflowException) {
                return ToolOutcome.refused("The workflow cannot begin: " + e.getMessage());
            }
            // Not the model's mistake: there is no such workflow, or it calls itself without end.
            throw tally.with(e);
        }
        if (wake instanceof Wake.Child child
                && context.wake().orElse(null) instanceof Woken.ByChild ended
                && ended.execution().equals(child.execution())) {
            return ended(ended);
        }
        throw new NotEndedException(wake);
    }

    private ToolOutcome ended(Woken.ByChild child) {
        if (child.status() == ExecutionStatus.SUCCEEDED) {
            return new ToolOutcome(
                    ToolOutcome.Status.ENDED,
                    ToolOutcome.shortened(ToolOutcome.text(child.output()), bounds.resultChars()),
                    0);
        }
        String why = child.error() == null ? "" : ": " + child.error().message();
        return new ToolOutcome(
                ToolOutcome.Status.FAILED,
                ToolOutcome.shortened(
                        child.status() == ExecutionStatus.CANCELLED
                                ? "The run of the workflow was cancelled"
                                : "The workflow failed" + why,
                        bounds.resultChars()),
                0);
    }
}
