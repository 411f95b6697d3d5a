package io.automationhub.ai.node;

import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A tool that one agent may call.
 *
 * @param checked what the model is told of it
 * @param approval who must agree to a call; null if nobody
 */
record OfferedTool(CheckedTool checked, Work work, @Nullable ToolApproval approval) {

    /** Who does what the tool does. */
    sealed interface Work {}

    /** A tool of the host. */
    record OfHost() implements Work {}

    /**
     * A run of a published workflow, whose input the arguments are.
     *
     * @param version null for the latest that is published
     * @param handsOver whether its output is the answer of the agent
     */
    record OfWorkflow(String workflow, @Nullable Integer version, boolean handsOver) implements Work {}

    /**
     * A node of some type.
     *
     * @param config what the model cannot change; the arguments are the rest
     * @param timeout of a call
     */
    record OfNode(String type, @Nullable String connection, JsonObject config, Duration timeout) implements Work {}
}
