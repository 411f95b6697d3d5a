package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.internal.machine.Plan;
import java.util.Collection;
import java.util.List;

/** Gives what an expression refers to a number: a kind in the high bits, a position in the low ones. */
final class Slots implements ReferenceBinder {

    static final int INPUT = 0;
    static final int PREVIOUS = 1;
    static final int EXECUTION = 2;
    static final int WORKFLOW = 3;
    static final int VARIABLE = 4;
    static final int OUTPUT = 5;
    static final int STATUS = 6;
    static final int ERROR = 7;

    private static final int KIND_SHIFT = 27;
    private static final int POSITION_MASK = (1 << KIND_SHIFT) - 1;

    private final Plan plan;
    private final List<String> variables;

    Slots(Plan plan, List<String> variables) {
        this.plan = plan;
        this.variables = variables;
    }

    static int kind(int slot) {
        return slot >>> KIND_SHIFT;
    }

    static int position(int slot) {
        return slot & POSITION_MASK;
    }

    @Override
    public int slot(Reference reference) {
        if (reference instanceof Reference.Variable variable) {
            return of(VARIABLE, variables.indexOf(variable.name()));
        }
        if (reference instanceof Reference.Node node) {
            int kind = switch (node.part()) {
                case OUTPUT -> OUTPUT;
                case STATUS -> STATUS;
                case ERROR -> ERROR;
            };
            return of(kind, plan.slot(node.id()));
        }
        if (reference instanceof Reference.Input) {
            return of(INPUT, 0);
        }
        if (reference instanceof Reference.Previous) {
            return of(PREVIOUS, 0);
        }
        if (reference instanceof Reference.Execution) {
            return of(EXECUTION, 0);
        }
        return reference instanceof Reference.Workflow ? of(WORKFLOW, 0) : -1;
    }

    @Override
    public Collection<String> known(Reference reference) {
        return List.of();
    }

    private static int of(int kind, int position) {
        return position < 0 ? -1 : kind << KIND_SHIFT | position;
    }
}
