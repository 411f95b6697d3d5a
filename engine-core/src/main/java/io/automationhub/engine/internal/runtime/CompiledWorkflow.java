package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow, ready to run with the executors of one engine. Immutable and shared by all runs.
 *
 * @param top the nodes that stand in no group, and inside them the groups' bodies
 * @param groups of each node that stands in groups, their ids from the outermost one
 * @param triggers the slots at which a run may begin; empty if it begins at all roots
 * @param hasApprovals whether tokens that decide approvals may be in its data
 * @param parts the bodies of distributed groups, by their ids, to be run as runs of their own
 * @param inputSchema what a run's input must match; null for anything
 */
record CompiledWorkflow(
        Workflow workflow,
        CompiledScope top,
        Map<String, List<String>> groups,
        List<Integer> triggers,
        boolean hasApprovals,
        Map<String, CompiledWorkflow> parts,
        @Nullable JsonSchema inputSchema) {

    /** The nodes that stand in no group. */
    Plan plan() {
        return top.plan();
    }

    /** What a run runs: this, or the body of a distributed group. */
    CompiledWorkflow part(@Nullable GroupPart part) {
        CompiledWorkflow compiled = part == null ? this : parts.get(part.group());
        if (compiled == null) {
            throw new IllegalStateException("The workflow '" + workflow.id() + "' has no distributed group '"
                    + (part == null ? "" : part.group()) + "'");
        }
        return compiled;
    }

    /** What expressions see as {@code workflow}. */
    JsonObject description() {
        return JsonObject.builder()
                .put("id", workflow.id())
                .put("name", workflow.name())
                .put("version", workflow.hash())
                .build();
    }
}
