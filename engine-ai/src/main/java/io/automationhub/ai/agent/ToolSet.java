package io.automationhub.ai.agent;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.value.JsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * The tools that a host gives its agents, by their names. Whatever a model gets wrong is said to it as the result of its call: a name
 * that does not exist, arguments that do not fit, a tool that fails or takes too long. Immutable, safe for use by several threads.
 */
public final class ToolSet {

    private final Map<String, Known> tools = new LinkedHashMap<>();

    private record Known(AgentTool tool, CheckedTool checked) {}

    /** @throws IllegalArgumentException if two have the same name, or a schema is none or not one of an object */
    public ToolSet(List<AgentTool> all) {
        for (AgentTool tool : all) {
            CheckedTool checked = CheckedTool.of(tool.declaration());
            String name = checked.declaration().name();
            if (tools.put(name, new Known(tool, checked)) != null) {
                throw new IllegalArgumentException("There are two tools of the name '" + name + "'");
            }
        }
    }

    /** The names of all. */
    public Set<String> names() {
        return tools.keySet();
    }

    /** What models are told of one; empty if there is none of that name. */
    public Optional<ModelTool> declaration(String name) {
        return Optional.ofNullable(tools.get(name)).map(known -> known.checked().declaration());
    }

    /**
     * Makes a call, if it can be made.
     *
     * @param most characters of a result; the rest is cut off, which the model is told
     * @throws CancellationException if the run was cancelled meanwhile
     */
    public ToolOutcome call(Part.ToolCall call, int most, ToolInvocation invocation) {
        Known known = tools.get(call.name());
        if (known == null) {
            return ToolOutcome.refused("There is no tool '" + call.name() + "'");
        }
        return known.checked()
                .problem(call)
                .map(ToolOutcome::refused)
                .orElseGet(() -> made(known.tool(), call, most, invocation));
    }

    private static ToolOutcome made(AgentTool tool, Part.ToolCall call, int most, ToolInvocation invocation) {
        long begun = System.nanoTime();
        Object result;
        try (TimeLimit limit = TimeLimit.of(tool.timeout())) {
            try {
                result = tool.call(call.arguments(), invocation);
            } catch (Exception e) {
                // What an interrupt makes of the tool's own work may call itself a cancellation, so this comes first.
                if (limit.isOver()) {
                    return outcome(
                            ToolOutcome.Status.FAILED,
                            "The tool did not end within " + tool.timeout().toMillis() + " ms",
                            begun);
                }
                if (e instanceof CancellationException cancelled) {
                    throw cancelled;
                }
                if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                    throw cancelled(call, invocation, e);
                }
                return outcome(
                        ToolOutcome.Status.FAILED, ToolOutcome.shortened("The tool failed: " + said(e), most), begun);
            }
        }
        try {
            return outcome(ToolOutcome.Status.ENDED, ToolOutcome.shortened(ToolOutcome.text(result), most), begun);
        } catch (JsonException e) {
            return outcome(ToolOutcome.Status.FAILED, "The tool gave something that is no value", begun);
        }
    }

    private static CancellationException cancelled(Part.ToolCall call, ToolInvocation invocation, Exception cause) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException(
                "The call of the tool '" + call.name() + "' by node '" + invocation.node() + "' was cancelled");
        cancelled.initCause(cause);
        return cancelled;
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static ToolOutcome outcome(ToolOutcome.Status status, String text, long begun) {
        return new ToolOutcome(status, text, (System.nanoTime() - begun) / 1_000_000);
    }
}
