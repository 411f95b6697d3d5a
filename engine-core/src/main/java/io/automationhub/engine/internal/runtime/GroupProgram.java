package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.OnItemError;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.Locale;

/** How a group runs its body. */
sealed interface GroupProgram {

    /** Once. */
    record Once() implements GroupProgram {}

    /** For each item of the list in the group's configuration. */
    record ForEach(OnItemError onItemError) implements GroupProgram {}

    /**
     * Again and again.
     *
     * @param before whether the test decides before each iteration whether it begins, or after it whether it was the last
     */
    record Loop(ValueTemplate test, boolean before, int maxIterations) implements GroupProgram {}

    /** What a {@code forEach} does when an item fails. */
    static OnItemError onItemError(WorkflowNode group) {
        Object policy = group.config().get(Groups.ON_ITEM_ERROR);
        return policy == null
                ? OnItemError.FAIL
                : OnItemError.valueOf(policy.toString().toUpperCase(Locale.ROOT));
    }
}
