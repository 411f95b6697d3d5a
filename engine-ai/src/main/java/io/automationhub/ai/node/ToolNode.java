package io.automationhub.ai.node;

import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/** A tool of agents as a node type {@code tool.<name>}: its configuration are the arguments, its output is the result. */
public final class ToolNode implements NodeExecutor {

    private static final String PREFIX = "tool.";

    private final AgentTool tool;
    private final CheckedTool checked;
    private final NodeMetadata metadata;

    /** @throws IllegalArgumentException if the schema of the tool is none, or not one of an object */
    public ToolNode(AgentTool tool) {
        this.tool = tool;
        checked = CheckedTool.of(tool.declaration());
        metadata = new NodeMetadata(
                tool.declaration().name(),
                "tool",
                tool.declaration().description(),
                "wrench",
                List.of(WorkflowEdge.OUT),
                tool.declaration().parameters(),
                NodeTraits.EFFECTFUL_BLOCKING);
    }

    /** The type under which it is registered. */
    public String type() {
        return PREFIX + checked.declaration().name();
    }

    @Override
    public NodeMetadata metadata() {
        return metadata;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws Exception {
        List<JsonSchema.Violation> violations = checked.arguments().validate(context.config());
        if (!violations.isEmpty()) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "Cannot call the tool of node '" + context.nodeId() + "'. " + CheckedTool.text(violations),
                    null);
        }
        return NodeResult.completed(tool.call(
                context.config(),
                new ToolInvocation(
                        context.tenant(),
                        context.executionId(),
                        context.nodeId(),
                        context.idempotencyKey(),
                        context::onCancel,
                        context::now)));
    }
}
