package io.automationhub.ai.node;

import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/**
 * {@code ai.prompt}: asks a model, and its output is {@code {text, finish, model, provider, usage, cost, attempts, notes}}, with {@code
 * json} if it has a {@code schema}. An answer that is stored is never asked for again.
 */
public final class PromptNode implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "ai.prompt";

    private final ModelNodes nodes;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Prompt",
                        "ai",
                        "Asks a language model.",
                        "sparkles",
                        List.of(WorkflowEdge.OUT),
                        NodeSchemas.config(TYPE),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(Schemas.resource(PromptNode.class, "ai.prompt.answer.json"));
    }

    /** A node type that asks by this caller. */
    public PromptNode(ModelNodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        PromptConfig config = new PromptConfig(node, context);
        JsonObject schema = node.config().get("schema") instanceof JsonObject given ? given : null;
        return new ModelCall(nodes, config, context, false)
                .result(config.request(config.conversation()), schema, NodeResult::completed);
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return node.config().get("schema") instanceof JsonObject schema
                ? NodeSchemas.answer("json", schema)
                : metadata().outputSchema();
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return ConfigCheck.problems(node);
    }
}
