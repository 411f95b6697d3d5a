package io.automationhub.engine.testkit;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeFunction;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node type that does what a test says, attempt by attempt, and keeps what it was called with. When the script is over, its
 * last line is repeated. Safe for use by several threads.
 */
public final class ScriptedNode implements NodeExecutor {

    private final List<NodeFunction> script = new ArrayList<>();
    private final List<NodeCall> calls = new ArrayList<>();

    private ScriptedNode() {}

    /** Returns this. */
    public static ScriptedNode returns(@Nullable Object value) {
        return new ScriptedNode().thenReturns(value);
    }

    /** Fails with an error of that kind, which another attempt may mend. */
    public static ScriptedNode fails(String kind) {
        return new ScriptedNode().thenFails(kind);
    }

    /** Fails with an error of that kind, which no other attempt mends. */
    public static ScriptedNode failsForGood(String kind) {
        return new ScriptedNode().thenFailsForGood(kind);
    }

    /** Does what a function of the test's own says. */
    public static ScriptedNode does(NodeFunction function) {
        return new ScriptedNode().thenDoes(function);
    }

    /** The next attempt returns this. */
    public ScriptedNode thenReturns(@Nullable Object value) {
        return thenDoes(call -> value);
    }

    /** The next attempt fails with an error of that kind, which another attempt may mend. */
    public ScriptedNode thenFails(String kind) {
        return thenDoes(call -> {
            throw new RetriableException(kind, "The script says that it fails with '" + kind + "'", null, null);
        });
    }

    /** The next attempt fails with an error of that kind, which no other attempt mends. */
    public ScriptedNode thenFailsForGood(String kind) {
        return thenDoes(call -> {
            throw new NonRetriableException(kind, "The script says that it fails with '" + kind + "'", null);
        });
    }

    /** The next attempt does what a function of the test's own says. */
    public synchronized ScriptedNode thenDoes(NodeFunction function) {
        script.add(function);
        return this;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws Exception {
        Object result = next(context).apply(context);
        return result instanceof NodeResult known ? known : NodeResult.completed(Json.of(result));
    }

    private synchronized NodeFunction next(ExecutionContext context) {
        NodeFunction next = script.get(Math.min(calls.size(), script.size() - 1));
        calls.add(new NodeCall(
                context.executionId(),
                context.nodeId(),
                context.idempotencyKey(),
                context.attempt(),
                context.config(),
                context.input()));
        return next;
    }

    /** What it was called with, in that order. */
    public synchronized List<NodeCall> calls() {
        return List.copyOf(calls);
    }
}
