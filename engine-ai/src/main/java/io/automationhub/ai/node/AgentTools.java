package io.automationhub.ai.node;

import io.automationhub.ai.agent.CheckedTool;
import io.automationhub.ai.agent.ToolSet;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one agent may call, as its node names it: tools of the host, and published workflows. */
final class AgentTools {

    /**
     * A workflow that an agent may have run.
     *
     * @param version null for the latest that is published
     */
    record WorkflowTool(
            CheckedTool checked, String workflow, @Nullable Integer version) {}

    private final Map<String, ModelTool> declarations = new LinkedHashMap<>();
    private final Map<String, WorkflowTool> workflows = new LinkedHashMap<>();

    /**
     * The tools of a node.
     *
     * @param host those of the host
     * @throws IllegalArgumentException if one is not known or none, or two have the same name; the message has its position
     */
    AgentTools(WorkflowNode node, ToolSet host) {
        if (node.config().get("tools") instanceof JsonArray list) {
            for (int i = 0; i < list.size(); i++) {
                add(i, list.get(i), host);
            }
        }
    }

    private void add(int position, @Nullable Object given, ToolSet host) {
        ModelTool declared = given instanceof JsonObject object ? workflow(object) : hosts(Json.toText(given), host);
        if (declarations.put(declared.name(), declared) != null) {
            throw new IllegalArgumentException(
                    "/" + position + ": there are two tools of the name '" + declared.name() + "'");
        }
    }

    private static ModelTool hosts(String name, ToolSet host) {
        return host.declaration(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no tool '" + name + "'"
                        + (host.names().isEmpty() ? "" : "; there are " + String.join(", ", host.names()))
                        + "; make it known by AiModule.builder(…).tool(…)"));
    }

    private ModelTool workflow(JsonObject given) {
        CheckedTool checked = CheckedTool.of(new ModelTool(
                Json.toText(given.get("name")),
                given.get("description") == null ? "" : Json.toText(given.get("description")),
                Json.object(given.get("parameters"))));
        Integer version = given.get("version") instanceof Long number ? Math.toIntExact(number) : null;
        String name = checked.declaration().name();
        workflows.put(name, new WorkflowTool(checked, Json.toText(given.get("workflow")), version));
        return checked.declaration();
    }

    /** What the model is told of them. */
    List<ModelTool> declarations() {
        return new ArrayList<>(declarations.values());
    }

    Set<String> names() {
        return declarations.keySet();
    }

    /** The workflow that a name stands for; empty if it is another tool's, or nobody's. */
    Optional<WorkflowTool> workflow(String name) {
        return Optional.ofNullable(workflows.get(name));
    }
}
