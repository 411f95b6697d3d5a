package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.OnItemError;

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
}
