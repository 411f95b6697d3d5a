package io.automationhub.ai.node;

import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolSet;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one agent may call, as its node names it: tools of the host, published workflows, other agents, and nodes. */
final class AgentTools {

    private static final JsonObject MESSAGE = Json.object(Json.parse("""
            {"type": "object", "required": ["message"], "additionalProperties": false, "properties":
              {"message": {"type": "string", "minLength": 1, "description": "What it is told."}}}"""));

    private final Map<String, OfferedTool> tools = new LinkedHashMap<>();
    private final ToolSet host;
    private final NodeExecutorRegistry types;

    /**
     * The tools of a node.
     *
     * @param given the field {@code tools} of its configuration; null if there is none
     * @param host those of the host
     * @param types those that nodes may be of
     * @throws IllegalArgumentException if one is not known or none, or two have the same name; the message has its position
     */
    AgentTools(@Nullable Object given, ToolSet host, NodeExecutorRegistry types) {
        this.host = host;
        this.types = types;
        if (given instanceof JsonArray list) {
            for (int i = 0; i < list.size(); i++) {
                try {
                    add(list.get(i));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("/" + i + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private void add(@Nullable Object given) {
        OfferedTool tool = given instanceof JsonObject object ? offered(object) : hosts(Json.toText(given), null);
        String name = tool.checked().declaration().name();
        if (tools.put(name, tool) != null) {
            throw new IllegalArgumentException("there are two tools of the name '" + name + "'");
        }
    }

    private OfferedTool offered(JsonObject given) {
        List<String> kinds = List.of("tool", "workflow", "agent", "node").stream()
                .filter(given::containsKey)
                .toList();
        if (kinds.size() != 1) {
            throw new IllegalArgumentException("it names one of 'tool', 'workflow', 'agent' or 'node', found "
                    + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
        }
        ToolApproval approval = ToolApproval.of(given.get("approval"));
        return switch (kinds.get(0)) {
            case "tool" -> hosts(Json.toText(given.get("tool")), approval);
            case "node" -> node(given, approval);
            default -> workflow(given, approval);
        };
    }

    private OfferedTool hosts(String name, @Nullable ToolApproval approval) {
        CheckedTool checked = host.find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no tool '" + name + "'"
                        + (host.names().isEmpty() ? "" : "; there are " + String.join(", ", host.names()))
                        + "; make it known by AiModule.builder(…).tool(…)"));
        return new OfferedTool(checked, new OfferedTool.OfHost(), approval);
    }

    private static OfferedTool workflow(JsonObject given, @Nullable ToolApproval approval) {
        boolean agent = given.containsKey("agent");
        String id = Json.toText(given.get(agent ? "agent" : "workflow"));
        Integer version = given.get("version") instanceof Long number ? Math.toIntExact(number) : null;
        return new OfferedTool(
                CheckedTool.of(declaration(given, id, agent ? MESSAGE : null)),
                new OfferedTool.OfWorkflow(
                        agent ? AgentNode.WORKFLOW_PREFIX + id : id,
                        version,
                        Boolean.TRUE.equals(given.get("handOver"))),
                approval);
    }

    private OfferedTool node(JsonObject given, @Nullable ToolApproval approval) {
        String type = Json.toText(given.get("node"));
        NodeExecutor executor = types.find(type)
                .orElseThrow(() -> new IllegalArgumentException("there is no node type '" + type + "'"));
        NodeMetadata known = executor.metadata();
        if (NodeParameters.isLazy(known.configSchema())) {
            throw new IllegalArgumentException("nodes of the type '" + type
                    + "' compute over the data of their workflow; make a workflow of it, and that the tool");
        }
        JsonObject fixed = given.get("config") instanceof JsonObject config ? config : JsonObject.EMPTY;
        JsonObject named = given.containsKey("description") ? given : given.with("description", known.description());
        return new OfferedTool(
                CheckedTool.of(declaration(named, type, NodeParameters.of(known.configSchema(), fixed))),
                new OfferedTool.OfNode(
                        type,
                        given.get("connection") == null ? null : Json.toText(given.get("connection")),
                        fixed,
                        given.get("timeout") == null ? AgentTool.TIMEOUT : DurationText.parse(given.get("timeout"))),
                approval);
    }

    /** @param otherwise the parameters if none are given; null if they must be */
    private static ModelTool declaration(JsonObject given, String id, @Nullable JsonObject otherwise) {
        if (otherwise == null && !(given.get("parameters") instanceof JsonObject)) {
            throw new IllegalArgumentException("it has no 'parameters', the JSON Schema of its arguments");
        }
        return new ModelTool(
                given.get("name") == null ? id.replaceAll("[^A-Za-z0-9_-]", "_") : Json.toText(given.get("name")),
                given.get("description") == null ? "" : Json.toText(given.get("description")),
                given.get("parameters") instanceof JsonObject own ? own : Json.object(otherwise));
    }

    /** What the model is told of them. */
    List<ModelTool> declarations() {
        return tools.values().stream().map(tool -> tool.checked().declaration()).toList();
    }

    Set<String> names() {
        return tools.keySet();
    }

    Optional<OfferedTool> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    ToolSet host() {
        return host;
    }

    NodeExecutorRegistry types() {
        return types;
    }
}
