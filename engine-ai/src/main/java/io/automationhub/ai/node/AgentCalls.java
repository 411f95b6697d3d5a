package io.automationhub.ai.node;

import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolCalls;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
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
     * @param tooOften why it must not be made; empty if it may
     * @throws NotEndedException if it has to be waited for
     */
    Made make(String name, Part.ToolCall call, String tooOften) {
        OfferedTool tool = tools.find(call.name()).orElse(null);
        String problem = problem(call, tool, tooOften);
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
        Decided decided = decided(name, tool, tool.approval(), call);
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
    private String problem(Part.ToolCall call, @Nullable OfferedTool tool, String tooOften) {
        if (!tooOften.isEmpty()) {
            return tooOften;
        }
        if (tool == null) {
            return "There is no tool '" + call.name() + "'"
                    + (tools.names().isEmpty() ? "" : "; there are " + String.join(", ", tools.names()));
        }
        return tool.checked().problem(call).orElse("");
    }

    // ---------------------------------------------------------------- approvals

    /**
     * What somebody decided.
     *
     * @param call with the arguments that count
     * @param refusal why it is not made, for the model; empty if it is
     */
    private record Decided(Part.ToolCall call, JsonObject decision, String refusal) {}

    private Decided decided(String name, OfferedTool tool, ToolApproval approval, Part.ToolCall call) {
        String problem = "";
        for (int round = 1; ; round++) {
            String asked = name + "-approval-" + round;
            JsonObject request = approval.request(call, tool.checked(), problem);
            JsonObject decision = Json.object(context.once(asked, () -> decision(asked, approval, request)));
            if (Boolean.TRUE.equals(decision.get("expired"))) {
                return new Decided(call, decision, "Nobody approved the call in time, so it was not made");
            }
            if (!Boolean.TRUE.equals(decision.get("approved"))) {
                Object comment = decision.get("comment");
                return new Decided(
                        call, decision, "The call was denied" + (comment == null ? "" : ": " + Json.toText(comment)));
            }
            Part.ToolCall edited = edited(call, decision);
            Optional<String> wrong = tool.checked().problem(edited);
            if (wrong.isEmpty()) {
                return new Decided(edited, decision, "");
            }
            problem = "Approved with other arguments, which do not fit, so it is asked again. " + wrong.get();
        }
    }

    private static Part.ToolCall edited(Part.ToolCall call, JsonObject decision) {
        return decision.get("data") instanceof JsonObject data && data.get("arguments") instanceof JsonObject arguments
                ? new Part.ToolCall(call.id(), call.name(), arguments, null)
                : call;
    }

    /** What was decided. */
    private JsonObject decision(String asked, ToolApproval approval, JsonObject request) {
        String completion = context.idempotencyKey() + "/" + asked;
        if (context.wake().orElse(null) instanceof Woken.ByCompletion by
                && by.name().equals(completion)
                && by.value() instanceof JsonObject decision) {
            return decision;
        }
        List<Wake> wakes = new ArrayList<>();
        wakes.add(Wake.completion(completion, request));
        Duration expires = approval.expires();
        if (expires != null) {
            Object until = context.once(
                    asked + "-until", () -> context.now().plus(expires).toEpochMilli());
            Instant end = Instant.ofEpochMilli(until instanceof Long millis ? millis : 0);
            if (!end.isAfter(context.now())) {
                return JsonObject.of("approved", false).with("expired", true);
            }
            wakes.add(Wake.at(end));
        }
        throw new NotEndedException(wakes);
    }

    // ---------------------------------------------------------------- what tools do

    /** Does what the tool does; gives its outcome, as it is kept. */
    private JsonObject work(String name, OfferedTool tool, Part.ToolCall call) {
        if (tool.work() instanceof OfferedTool.OfWorkflow run) {
            return run(name, run, call);
        }
        if (tool.work() instanceof OfferedTool.OfNode node) {
            return node(name, node, call).toJson();
        }
        ToolInvocation invocation = new ToolInvocation(
                context.tenant(),
                context.executionId(),
                context.nodeId(),
                context.idempotencyKey() + "/" + name,
                context::onCancel,
                context::now);
        return tools.host().call(call, bounds.resultChars(), invocation).toJson();
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

    // ---------------------------------------------------------------- nodes

    private ToolOutcome node(String name, OfferedTool.OfNode tool, Part.ToolCall call) {
        NodeExecutor executor = tools.types().find(tool.type()).orElseThrow();
        JsonObject config = NodeParameters.merged(call.arguments(), tool.config());
        List<JsonSchema.Violation> violations =
                JsonSchema.compile(executor.metadata().configSchema()).validate(config);
        if (!violations.isEmpty()) {
            return ToolOutcome.refused(CheckedTool.text(violations));
        }
        WorkflowNode node = spec(call.name(), tool, config);
        KeptWaits waits = new KeptWaits(context, name);
        ToolContext its = new ToolContext(context, name, config, call.arguments(), waits.over());
        AtomicReference<@Nullable List<Wake>> wakes = new AtomicReference<>();
        ToolOutcome outcome = ToolCalls.make(
                "the tool '" + call.name() + "' by node '" + context.nodeId() + "'",
                Objects.requireNonNullElse(node.timeout(), AgentTool.TIMEOUT),
                bounds.resultChars(),
                () -> output(executor.execute(node, its), wakes));
        List<Wake> waiting = wakes.get();
        if (waiting == null) {
            return outcome;
        }
        waits.keep(waiting);
        throw new NotEndedException(waiting);
    }

    private static WorkflowNode spec(String id, OfferedTool.OfNode tool, JsonObject config) {
        NodeSpec spec = NodeSpec.of(id, tool.type()).with(config);
        Workflow workflow = Workflow.builder("tool")
                .then(tool.connection() == null ? spec : spec.connection(tool.connection()))
                .build();
        return workflow.node(id).orElseThrow();
    }

    private static @Nullable Object output(NodeResult result, AtomicReference<@Nullable List<Wake>> wakes)
            throws Exception {
        if (result instanceof NodeResult.Completed completed) {
            return completed.output();
        }
        if (result instanceof NodeResult.Asynchronous asynchronous) {
            return output(asynchronous, wakes);
        }
        if (result instanceof NodeResult.Suspended suspended) {
            wakes.set(suspended.wakes());
            return null;
        }
        throw new IllegalStateException("the node would end the run, which a tool may not");
    }

    private static @Nullable Object output(
            NodeResult.Asynchronous asynchronous, AtomicReference<@Nullable List<Wake>> wakes) throws Exception {
        Future<?> stage = asynchronous.stage().toCompletableFuture();
        try {
            Object value = stage.get();
            return value instanceof NodeResult result ? output(result, wakes) : value;
        } catch (InterruptedException e) {
            stage.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
