package io.automationhub.ai.agent;

import io.automationhub.ai.node.AgentNode;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workflow that runs an agent: its parameters become variables, and then one node asks. */
final class AgentWorkflow {

    private static final String PREFIX = AgentNode.WORKFLOW_PREFIX;
    private static final String NODE = "agent";

    private AgentWorkflow() {}

    static String id(String agent) {
        return PREFIX + agent;
    }

    /** Whether a workflow runs an agent. */
    static boolean isOne(String workflow) {
        return workflow.startsWith(PREFIX);
    }

    /** The agent that a workflow runs. */
    static String agent(String workflow) {
        return workflow.substring(PREFIX.length());
    }

    static Workflow of(AIAgent agent) {
        JsonObject properties = Json.object(agent.parameters().get("properties"));
        WorkflowBuilder workflow =
                Workflow.builder(id(agent.id())).name(agent.name()).input(input(agent.parameters()));
        JsonObject.Builder values = JsonObject.builder();
        for (String name : properties.keySet()) {
            JsonObject schema = Json.object(properties.get(name));
            workflow.variable(name, WorkflowVariable.Type.ANY, schema.get("default"));
            values.put(name, "{{input.parameters?." + name + " ?? vars." + name + "}}");
        }
        if (agent.limits().get("timeout") != null) {
            workflow.timeout(DurationText.parse(agent.limits().get("timeout")));
        }
        if (properties.isEmpty()) {
            return workflow.start(node(agent)).build();
        }
        return workflow.start(NodeSpec.of("parameters", "action.set").with("values", values.build()))
                .then(node(agent))
                .build();
    }

    private static JsonObject input(JsonObject parameters) {
        boolean needed = parameters.get("required") instanceof JsonArray list && !list.isEmpty();
        List<String> required = new ArrayList<>(List.of("message"));
        if (needed) {
            required.add("parameters");
        }
        JsonObject properties = Json.object(Json.parse("""
                {"message": {"type": "string", "minLength": 1},
                 "conversation": {"type": ["string", "null"], "minLength": 1, "maxLength": 150},
                 "files": {"type": "array"}}"""));
        JsonObject schema = parameters.isEmpty() ? JsonObject.of("maxProperties", 0) : parameters;
        return JsonObject.of("type", "object")
                .with("additionalProperties", false)
                .with("required", required)
                .with("properties", properties.with("parameters", schema.with("type", "object")));
    }

    private static NodeSpec node(AIAgent agent) {
        NodeSpec node = NodeSpec.of(NODE, AgentNode.TYPE)
                .label(agent.name())
                .with("model", agent.model().model())
                .with("instructions", agent.instructions())
                .with("prompt", "{{input.message}}")
                .with("files", "{{input.files ?? []}}")
                .with("stream", true)
                .with("memory", agent.memory().with("scope", "conversation").with("id", "{{input.conversation}}"));
        node = with(node, "provider", agent.model().provider());
        node = with(node, "schema", agent.output());
        if (!agent.tools().isEmpty()) {
            node = node.with("tools", agent.tools());
        }
        if (!agent.fallback().isEmpty()) {
            node = node.with("fallback", JsonArray.of(agent.fallback(), ModelChoice::toJson));
        }
        for (String limit : agent.limits().keySet()) {
            if (!limit.equals("timeout")) {
                node = node.with(limit, agent.limits().get(limit));
            }
        }
        return agent.model().connection() == null
                ? node
                : node.connection(agent.model().connection());
    }

    private static NodeSpec with(NodeSpec node, String field, @Nullable Object value) {
        return value == null ? node : node.with(field, value);
    }
}
