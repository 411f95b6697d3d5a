package io.automationhub.ai.agent;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a host gives its agents, by their names. Whatever a model gets wrong is said to it as the result of its call: a name
 * that does not exist, arguments that do not fit, a tool that fails or takes too long. Immutable, safe for use by several threads.
 */
public final class ToolSet {

    /** No tools. */
    public static final ToolSet NONE = new ToolSet(List.of());

    private static final int SHOWN = 8;

    private final Map<String, Known> tools = new LinkedHashMap<>();

    private record Known(AgentTool tool, JsonSchema arguments) {}

    /** @throws IllegalArgumentException if two have the same name, or a schema is none or not one of an object */
    public ToolSet(List<AgentTool> all) {
        for (AgentTool tool : all) {
            ModelTool declared = tool.declaration();
            if (!"object".equals(declared.parameters().get("type"))) {
                throw new IllegalArgumentException("The parameters of the tool '" + declared.name()
                        + "' are a JSON Schema of the type object, found "
                        + Json.write(declared.parameters().get("type")));
            }
            Known known = new Known(tool, JsonSchema.compileChecked(declared.parameters()));
            if (tools.put(declared.name(), known) != null) {
                throw new IllegalArgumentException("There are two tools of the name '" + declared.name() + "'");
            }
        }
    }

    /** The names of all. */
    public Set<String> names() {
        return tools.keySet();
    }

    /** What models are told of some of them. Names that are not known are left out. */
    public List<ModelTool> declarations(List<String> names) {
        return names.stream()
                .map(tools::get)
                .filter(known -> known != null)
                .map(known -> known.tool().declaration())
                .toList();
    }

    /**
     * Makes a call, if it can be made.
     *
     * @param allowed the names that the agent may call
     * @param most characters of a result; the rest is cut off, which the model is told
     * @throws CancellationException if the run was cancelled meanwhile
     */
    public ToolOutcome call(Part.ToolCall call, List<String> allowed, int most, ToolInvocation invocation) {
        Known known = allowed.contains(call.name()) ? tools.get(call.name()) : null;
        if (known == null) {
            return ToolOutcome.refused("There is no tool '" + call.name() + "'"
                    + (allowed.isEmpty() ? "" : "; there are " + String.join(", ", allowed)));
        }
        return problem(known, call)
                .map(ToolOutcome::refused)
                .orElseGet(() -> made(known.tool(), call, most, invocation));
    }

    private static Optional<String> problem(Known known, Part.ToolCall call) {
        if (call.unread() != null) {
            return Optional.of("The arguments are no JSON object; send one that fits the schema of the tool");
        }
        List<JsonSchema.Violation> violations = known.arguments().validate(call.arguments());
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of("The arguments do not fit the schema of the tool: "
                        + violations.stream()
                                .limit(SHOWN)
                                .map(each -> (each.pointer().isEmpty() ? "" : "at " + each.pointer() + ", ")
                                        + each.message())
                                .collect(Collectors.joining("; ")));
    }

    private static ToolOutcome made(AgentTool tool, Part.ToolCall call, int most, ToolInvocation invocation) {
        long begun = System.nanoTime();
        try (TimeLimit limit = TimeLimit.of(tool.timeout())) {
            try {
                String text = text(tool.call(call.arguments(), invocation));
                return outcome(ToolOutcome.Status.ENDED, shortened(text, most), begun);
            } catch (JsonException e) {
                return outcome(ToolOutcome.Status.FAILED, "The tool gave something that is no value", begun);
            } catch (CancellationException e) {
                throw e;
            } catch (Exception e) {
                if (limit.isOver()) {
                    return outcome(
                            ToolOutcome.Status.FAILED,
                            "The tool did not end within " + tool.timeout().toMillis() + " ms",
                            begun);
                }
                if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                    throw cancelled(call, invocation, e);
                }
                return outcome(ToolOutcome.Status.FAILED, shortened("The tool failed: " + said(e), most), begun);
            }
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

    /** A gigabyte is no value, and fails. */
    private static String text(@Nullable Object result) {
        return result instanceof String text ? text : Json.write(Json.of(result, JsonLimits.DEFAULT));
    }

    private static String shortened(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "\n[cut off: these are " + most + " of " + text.length() + " characters]";
    }

    private static ToolOutcome outcome(ToolOutcome.Status status, String text, long begun) {
        return new ToolOutcome(status, text, (System.nanoTime() - begun) / 1_000_000);
    }
}
