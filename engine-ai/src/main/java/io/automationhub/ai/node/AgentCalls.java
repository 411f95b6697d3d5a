package io.automationhub.ai.node;

import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that an agent makes, each of which happens once: what came of it is durable before the next. A call that needs somebody's
 * approval, or that is a run or a node that waits, is waited for without a thread. For one call of an executor.
 */
final class AgentCalls {

    private static final String HANDED_OVER = "handedOver";

    private final AgentTools tools;
    private final AgentBounds bounds;
    private final AgentTally tally;
    private final ExecutionContext context;
    private final CallApprovals approvals;
    private final NodeCalls nodes;
    private final Consumer<Consumer<ModelListener>> listeners;
    private final ModelListener.Caller caller;

    /** @param listeners tells all that hear of calls */
    AgentCalls(
            AgentTools tools,
            AgentBounds bounds,
            AgentTally tally,
            ExecutionContext context,
            Consumer<Consumer<ModelListener>> listeners) {
        this.listeners = listeners;
        caller = ModelCall.caller(context);
        this.tools = tools;
        this.bounds = bounds;
        this.tally = tally;
        this.context = context;
        approvals = new CallApprovals(context);
        nodes = new NodeCalls(tools.types(), bounds, context);
    }

    /**
     * A call that was made, or was not.
     *
     * @param call as the model wrote it
     * @param arguments with which it was made
     * @param decision of who was asked; null if nobody was
     * @param handedOver the answer of whom the agent handed over to; null if it did not
     */
    record Made(
            Part.ToolCall call,
            JsonObject arguments,
            ToolOutcome outcome,
            @Nullable JsonObject decision,
            @Nullable JsonObject handedOver) {}

    /**
     * Makes a call, unless it was made already.
     *
     * @param name of the call, by which it is found again
     * @param against why it must not be made; empty if it may
     * @throws NotEndedException if it has to be waited for
     */
    Made make(String name, Part.ToolCall call, String against) {
        OfferedTool tool = tools.find(call.name()).orElse(null);
        String problem = problem(call, tool, against);
        if (tool == null || !problem.isEmpty()) {
            return made(
                    call,
                    call,
                    null,
                    once(name, call, () -> ToolOutcome.refused(problem).toJson()));
        }
        if (tool.approval() == null) {
            return made(call, call, null, once(name, call, () -> work(name, tool, call)));
        }
        CallApprovals.Decided decided = approvals.decided(name, tool, tool.approval(), call);
        JsonObject outcome = once(
                name,
                decided.call(),
                () -> decided.refusal().isEmpty()
                        ? work(name, tool, decided.call())
                        : ToolOutcome.refused(decided.refusal()).toJson());
        return made(call, decided.call(), decided.decision(), outcome);
    }

    private JsonObject once(String name, Part.ToolCall call, Supplier<JsonObject> does) {
        return Json.object(context.once(name, () -> {
            listeners.accept(listener -> listener.toolCalled(caller, call));
            JsonObject kept = does.get();
            ToolOutcome outcome = ToolOutcome.of(kept);
            listeners.accept(listener ->
                    listener.toolReturned(caller, call, outcome.status().text(), outcome.text()));
            return kept;
        }));
    }

    private static Made made(Part.ToolCall call, Part.ToolCall done, @Nullable JsonObject decision, JsonObject kept) {
        ToolOutcome outcome = ToolOutcome.of(kept);
        boolean changed = !done.arguments().equals(call.arguments());
        return new Made(
                call,
                done.arguments(),
                changed
                        ? new ToolOutcome(
                                outcome.status(),
                                "Who approved the call changed its arguments to " + Json.write(done.arguments())
                                        + ". The result:\n" + outcome.text(),
                                outcome.millis())
                        : outcome,
                decision,
                kept.get(HANDED_OVER) instanceof JsonObject answer ? answer : null);
    }

    /** Why a call is not made, for the model; empty if it may be. */
    private String problem(Part.ToolCall call, @Nullable OfferedTool tool, String against) {
        if (!against.isEmpty()) {
            return against;
        }
        if (tool == null) {
            return "There is no tool '" + call.name() + "'"
                    + (tools.names().isEmpty() ? "" : "; there are " + String.join(", ", tools.names()));
        }
        return tool.checked().problem(call).orElse("");
    }

    // ---------------------------------------------------------------- what tools do

    /** Does what the tool does; gives its outcome, as it is kept. */
    private JsonObject work(String name, OfferedTool tool, Part.ToolCall call) {
        if (tool.work() instanceof OfferedTool.OfWorkflow run) {
            return run(name, run, call);
        }
        if (tool.work() instanceof OfferedTool.OfNode node) {
            return nodes.call(name, node, call).toJson();
        }
        ToolInvocation invocation = new ToolInvocation(
                context.tenant(),
                context.executionId(),
                context.nodeId(),
                context.idempotencyKey() + "/" + name,
                context::onCancel,
                context::now);
        return tools.host().callChecked(call, bounds.resultChars(), invocation).toJson();
    }

    private JsonObject run(String name, OfferedTool.OfWorkflow tool, Part.ToolCall call) {
        Wake wake;
        try {
            wake = context.child(name, tool.workflow(), tool.version(), call.arguments());
        } catch (NonRetriableException e) {
            if (e.getCause() instanceof InvalidWorkflowException) {
                return ToolOutcome.refused("The workflow cannot begin: " + e.getMessage())
                        .toJson();
            }
            // Not the model's mistake: there is no such workflow, or it calls itself without end.
            throw tally.with(e);
        }
        if (wake instanceof Wake.Child child
                && context.wake().orElse(null) instanceof Woken.ByChild ended
                && ended.execution().equals(child.execution())) {
            return ended(tool, ended);
        }
        throw new NotEndedException(List.of(wake));
    }

    private JsonObject ended(OfferedTool.OfWorkflow tool, Woken.ByChild child) {
        if (child.status() == ExecutionStatus.SUCCEEDED) {
            JsonObject outcome = outcome(ToolOutcome.Status.ENDED, ToolOutcome.text(child.output()));
            return tool.handsOver() ? outcome.with(HANDED_OVER, answer(child.output())) : outcome;
        }
        if (child.error() != null && child.error().kind().equals(ExecutionError.KIND_DEPTH)) {
            // A model that is told of it would try again at each level.
            throw tally.with(new NonRetriableException(
                    ExecutionError.KIND_DEPTH, child.error().message(), null));
        }
        String why = child.error() == null ? "" : ": " + child.error().message();
        return outcome(
                ToolOutcome.Status.FAILED,
                child.status() == ExecutionStatus.CANCELLED
                        ? "The run of the workflow was cancelled"
                        : "The workflow failed" + why);
    }

    private JsonObject outcome(ToolOutcome.Status status, String text) {
        return new ToolOutcome(status, ToolOutcome.shortened(text, bounds.resultChars()), 0).toJson();
    }

    private static JsonObject answer(@Nullable Object output) {
        JsonObject answer = output instanceof JsonObject object && object.get("text") instanceof String
                ? JsonObject.of("text", object.get("text"))
                : JsonObject.of("text", ToolOutcome.text(output));
        return output instanceof JsonObject object && object.containsKey("json")
                ? answer.with("json", object.get("json"))
                : answer;
    }

    /** The output of an agent that handed over: the answer of the other one in the place of its own. */
    static JsonObject over(JsonObject own, JsonObject answer) {
        JsonObject output = own;
        for (String field : answer.keySet()) {
            output = output.with(field, answer.get(field));
        }
        return output;
    }
}
