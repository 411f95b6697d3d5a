package io.automationhub.engine.node;

import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/**
 * What nodes of one type do. One instance serves all runs and threads of an engine and must be safe for that.
 */
public interface NodeExecutor {

    /**
     * Runs one attempt, or goes on after a wait ({@link ExecutionContext#wake} says which).
     *
     * <p>It runs on a thread of its own, or on the run's thread if its traits say {@code inline}. When the attempt is to
     * end early (time-out, cancel) its thread is interrupted, or its {@code CompletionStage} cancelled.
     *
     * @param node the node as it is written; its rendered configuration is {@link ExecutionContext#config}
     * @throws io.automationhub.engine.error.RetriableException if it failed and another attempt may help
     * @throws io.automationhub.engine.error.NonRetriableException if it failed and another attempt will not help
     * @throws Exception if it failed; the policy decides on another attempt
     */
    NodeResult execute(WorkflowNode node, ExecutionContext context) throws Exception;

    /** What is known about the type. */
    default NodeMetadata metadata() {
        return NodeMetadata.HOST;
    }

    /** The handles of one node, where they depend on its configuration; without {@code error}. */
    default List<String> handles(WorkflowNode node) {
        return metadata().handles();
    }

    /**
     * What is wrong with one node beyond what its schema says. Pointers are relative to the node's {@code config}.
     * Called once for each validation.
     */
    default List<Problem> validate(WorkflowNode node) {
        return List.of();
    }
}
