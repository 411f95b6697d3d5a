package io.automationhub.ai.node;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolCalls;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The calls of an agent that are nodes: executed inside of its own node, and waited for without a thread. For one call of an executor. */
final class NodeCalls {

    private final NodeExecutorRegistry types;
    private final AgentBounds bounds;
    private final ExecutionContext context;

    NodeCalls(NodeExecutorRegistry types, AgentBounds bounds, ExecutionContext context) {
        this.types = types;
        this.bounds = bounds;
        this.context = context;
    }

    /**
     * Has a node executed.
     *
     * @param name of the call
     * @throws NotEndedException if the node waits
     */
    ToolOutcome call(String name, OfferedTool.OfNode tool, Part.ToolCall call) {
        NodeExecutor executor = types.find(tool.type()).orElseThrow();
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
                tool.timeout(),
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
