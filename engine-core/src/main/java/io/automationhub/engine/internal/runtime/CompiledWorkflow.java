package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.validation.VariableCheck;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow, ready to run with the executors of one engine. Immutable and shared by all runs.
 *
 * @param programs what runs in each slot of the plan
 * @param variableNames the variables in the order of their positions
 * @param output the template of the output; null if the workflow has none
 * @param sinks the slots whose outputs are the run's, if it has no template
 * @param triggers the slots at which a run may begin; empty if it begins at all roots
 * @param inputSchema what a run's input must match; null for anything
 */
@SuppressWarnings("ArrayRecordComponent") // Read by position on the hot path; nobody compares or prints it.
record CompiledWorkflow(
        Workflow workflow,
        Plan plan,
        NodeProgram[] programs,
        List<String> variableNames,
        Map<String, VariableCheck> variables,
        @Nullable ValueTemplate output,
        int[] sinks,
        List<Integer> triggers,
        @Nullable JsonSchema inputSchema) {

    /** What expressions see as {@code workflow}. */
    JsonObject description() {
        return JsonObject.builder()
                .put("id", workflow.id())
                .put("name", workflow.name())
                .put("version", workflow.hash())
                .build();
    }
}
