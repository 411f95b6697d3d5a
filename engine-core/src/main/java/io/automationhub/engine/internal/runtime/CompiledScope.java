package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.validation.VariableCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a workflow that stand in no group, or the body of a group, ready to run. Immutable and shared by all
 * runs.
 *
 * @param level how many groups are around it
 * @param programs what runs in each slot of the plan
 * @param variableNames its own variables in the order of their positions
 * @param output the template of its result; null if there is none
 * @param sinks the slots whose outputs are its result, if it has no template
 * @param bodies what runs inside each slot that is a group; else null
 * @param handlers what undoes each slot, a scope of one node; null if nothing does
 * @param group what the group around it does with it; null for the workflow itself
 */
@SuppressWarnings("ArrayRecordComponent") // Read by position on the hot path; nobody compares or prints it.
record CompiledScope(
        int level,
        Plan plan,
        NodeProgram[] programs,
        List<String> variableNames,
        Map<String, VariableCheck> variables,
        @Nullable ValueTemplate output,
        int[] sinks,
        @Nullable CompiledScope[] bodies,
        @Nullable CompiledScope[] handlers,
        @Nullable GroupProgram group) {

    /** The values that its own variables begin with, in the order of their positions. */
    @Nullable
    Object[] defaults() {
        @Nullable Object[] values = new @Nullable Object[variableNames.size()];
        for (int i = 0; i < values.length; i++) {
            VariableCheck check = variables.get(variableNames.get(i));
            values[i] = check == null ? null : check.variable().defaultValue();
        }
        return values;
    }

    /** The body of a slot that is a group. */
    CompiledScope body(int slot) {
        CompiledScope body = bodies[slot];
        if (body == null) {
            throw new IllegalStateException("The node '" + plan.id(slot) + "' is no group");
        }
        return body;
    }
}
