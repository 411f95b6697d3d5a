package io.automationhub.engine.node;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Map;

/**
 * What nodes of one type do. One instance serves all runs and threads of an engine and must be safe for that.
 */
public interface NodeExecutor {

    /**
     * Runs one attempt, or goes on after a wait ({@link ExecutionContext#wake} says which).
     *
     * <p>It runs on a thread where it may block, or on the run's thread if its traits say {@code inline}. When the attempt is
     * to end early (time-out, cancel) its thread is interrupted, or its {@code CompletionStage} cancelled. The thread has the
     * context class loader of who built the engine and no thread locals of who began the run. Other attempts may follow on
     * it: a node that sets a thread local removes it.
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
     * Whether its output is always what came to it. What several predecessors brought to such a node then comes to a node
     * behind it member by member, under the ids of those that made it, and not as an object in an object.
     */
    default boolean passesThrough() {
        return false;
    }

    /** Whether one node may go on by several handles at once; otherwise only one of what follows them runs. */
    default boolean takesSeveralHandles(WorkflowNode node) {
        return false;
    }

    /**
     * The JSON Schema of one node's output, where it depends on its configuration; the empty object if unknown. The
     * validator finds by it fields that do not exist, and an editor proposes those that do.
     *
     * @param previous the schema of what {@code previous} is, for nodes that pass it through
     */
    default JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return metadata().outputSchema();
    }

    /**
     * The workflow variables that one node sets: each name with the pointer, in the node's {@code config}, at which its
     * value stands. What is named here is checked before anything runs; every write is checked when it happens.
     */
    default Map<String, String> variablesWritten(WorkflowNode node) {
        return Map.of();
    }

    /**
     * What is wrong with one node beyond what its schema says. Pointers are relative to the node's {@code config}.
     * Called once for each validation.
     */
    default List<Problem> validate(WorkflowNode node) {
        return List.of();
    }
}
