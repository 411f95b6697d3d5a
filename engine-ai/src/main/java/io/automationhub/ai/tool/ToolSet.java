package io.automationhub.ai.tool;

import io.automationhub.ai.message.Part;
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

    /** All of them, in the order in which they were given. */
    public List<AgentTool> all() {
        return tools.values().stream().map(Known::tool).toList();
    }

    /** The names of all. */
    public Set<String> names() {
        return tools.keySet();
    }

    /** One that models may be told of; empty if there is none of that name. */
    public Optional<CheckedTool> find(String name) {
        return Optional.ofNullable(tools.get(name)).map(Known::checked);
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
                .orElseGet(() -> callChecked(call, most, invocation));
    }

    /**
     * Makes a call in which {@link CheckedTool#problem} found nothing wrong.
     *
     * @param most characters of a result; the rest is cut off, which the model is told
     * @throws CancellationException if the run was cancelled meanwhile
     * @throws IllegalArgumentException if there is no such tool
     */
    public ToolOutcome callChecked(Part.ToolCall call, int most, ToolInvocation invocation) {
        Known known = tools.get(call.name());
        if (known == null) {
            throw new IllegalArgumentException("There is no tool '" + call.name() + "'");
        }
        AgentTool tool = known.tool();
        return ToolCalls.make(
                "the tool '" + call.name() + "' by node '" + invocation.node() + "'",
                tool.timeout(),
                most,
                () -> tool.call(call.arguments(), invocation));
    }
}
