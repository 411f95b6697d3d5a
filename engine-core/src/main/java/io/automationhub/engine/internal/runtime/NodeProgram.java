package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowNode;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a slot.
 *
 * @param inline whether it runs on the run's thread. A node that declares itself inline and has a time-out does not: a
 *     thread that has to be interrupted must not be the run's
 * @param pure whether it may begin before the facts of its turn are durable
 * @param config the compiled configuration
 * @param constantConfig the configuration, if no template is in it
 * @param outMask the mask of its handle {@code out}; 0 if it has none
 * @param group whether it is a group, which the machine runs
 * @param keepsConfig whether the rendered configuration must be kept: the node may be called more than once, or its items
 *     are read later
 * @param captures what the body of a distributed group reads of what stands around it, as slots of references; null for
 *     every other node
 */
@SuppressWarnings("ArrayRecordComponent") // Read by position; nobody compares or prints it.
record NodeProgram(
        WorkflowNode node,
        NodeExecutor executor,
        boolean inline,
        boolean pure,
        ValueTemplate config,
        @Nullable JsonObject constantConfig,
        long outMask,
        boolean group,
        boolean keepsConfig,
        int @Nullable [] captures) {

    /** The same, with its configuration rendered by somebody else, and kept. */
    NodeProgram keepingConfig() {
        return new NodeProgram(node, executor, inline, pure, config, null, outMask, group, true, captures);
    }
}
