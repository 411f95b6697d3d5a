package io.automationhub.ai.node;

import io.automationhub.ai.memory.Conversations;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.ai.tool.ToolSet;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code ai.agent}: a model that calls tools until it has an answer. Its output is that of {@code ai.prompt}, with {@code turns} and
 * {@code toolCalls}; {@code usage}, {@code cost} and {@code attempts} are those of all turns. After a crash it goes on where it was:
 * no answer that is stored is asked for again, and no call of a tool that ended is made again.
 */
public final class AgentNode implements NodeExecutor {

    /** The type under which it is registered. */
    public static final String TYPE = "ai.agent";

    /** What stands before the id of an agent in that of the workflow that runs it. */
    public static final String WORKFLOW_PREFIX = "agent.";

    private final ModelNodes nodes;
    private final ToolSet tools;
    private final Conversations conversations;
    private final Supplier<NodeExecutorRegistry> types;

    /** Made when it is first asked for: its schema is read by a JSON parser. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Agent",
                        "ai",
                        "Lets a language model call tools until it has an answer.",
                        "bot",
                        List.of(WorkflowEdge.OUT),
                        NodeSchemas.config(TYPE),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(NodeSchemas.agent());
    }

    /**
     * A node type that asks by this caller.
     *
     * @param tools that its nodes may name
     * @param conversations what they remember
     * @param types that tools may be of; asked when the engine is built
     */
    public AgentNode(
            ModelNodes nodes, ToolSet tools, Conversations conversations, Supplier<NodeExecutorRegistry> types) {
        this.nodes = nodes;
        this.tools = tools;
        this.conversations = conversations;
        this.types = types;
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        PromptConfig config = new PromptConfig(node, context);
        AgentBounds bounds = AgentBounds.of(context);
        AgentTools mine = offered(context);
        ModelRequest request =
                config.request(config.conversation()).withTools(mine.declarations(), new ToolChoice.Auto());
        JsonObject schema = node.config().get("schema") instanceof JsonObject given ? given : null;
        AgentMemory memory = new AgentMemory(conversations, context);
        ModelCall model = new ModelCall(nodes, config, context, true);
        try {
            return new AgentLoop(model, memory, mine, bounds, context).run(request, schema, config.chain(nodes));
        } catch (NotEndedException e) {
            return new NodeResult.Suspended(e.wakes());
        }
    }

    /** What the agent may call; by now templates have led to something. */
    private AgentTools offered(ExecutionContext context) {
        try {
            return new AgentTools(context.value("tools"), tools, types.get());
        } catch (IllegalArgumentException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "Cannot offer the tools of node '" + context.nodeId() + "': at /tools" + e.getMessage(),
                    e);
        }
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return node.config().get("schema") instanceof JsonObject schema
                ? NodeSchemas.with(metadata().outputSchema(), "json", schema)
                : metadata().outputSchema();
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>(ConfigCheck.problems(node));
        try {
            AgentTools unused = new AgentTools(node.config().get("tools"), tools, types.get());
        } catch (IllegalArgumentException e) {
            problems.add(
                    Problem.of(ProblemCode.INVALID_CONFIG, "/tools", node.id(), String.valueOf(e.getMessage()), null));
        }
        return problems;
    }
}
