package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives what an expression refers to a number: a kind in the high bits, how many groups are around the scope where it
 * stands in the middle ones, a position there in the low ones.
 */
final class Slots implements ReferenceBinder {

    static final int INPUT = 0;
    static final int PREVIOUS = 1;
    static final int EXECUTION = 2;
    static final int WORKFLOW = 3;
    static final int VARIABLE = 4;
    static final int OUTPUT = 5;
    static final int STATUS = 6;
    static final int ERROR = 7;
    static final int ERRORS = 8;
    static final int ITEM = 9;
    static final int INDEX = 10;
    static final int LAST = 11;
    static final int APPROVAL = 12;
    static final int CAPTURED = 13;

    private static final int KIND_SHIFT = 27;
    private static final int LEVEL_SHIFT = 20;
    private static final int LEVEL_MASK = (1 << KIND_SHIFT - LEVEL_SHIFT) - 1;
    private static final int POSITION_MASK = (1 << LEVEL_SHIFT) - 1;

    private final @Nullable Slots outer;
    private final int level;
    private final Map<String, Integer> nodes;
    private final List<String> variables;
    private final @Nullable WorkflowNode group;

    /** What is read of what stands around a part that is a run of its own; null if this is no part. */
    private final @Nullable List<Reference> captures;

    private Slots(
            @Nullable Slots outer,
            int level,
            Map<String, Integer> nodes,
            List<String> variables,
            @Nullable WorkflowNode group,
            @Nullable List<Reference> captures) {
        this.captures = captures;
        this.outer = outer;
        this.level = level;
        this.nodes = nodes;
        this.variables = variables;
        this.group = group;
    }

    /** What the nodes of a workflow that stand in no group may refer to. */
    static Slots top(Map<String, Integer> nodes, List<String> variables) {
        return new Slots(null, 0, nodes, variables, null, null);
    }

    /** What the nodes in the body of a group that stands here may refer to. */
    Slots body(WorkflowNode around, Map<String, Integer> bodyNodes) {
        return new Slots(
                this, level + 1, bodyNodes, List.copyOf(around.variables().keySet()), around, null);
    }

    /**
     * What the nodes in the body of a distributed group may refer to. It is the outermost scope of a run of its own.
     *
     * @param captures gets what they read of what stands around the group
     */
    static Slots part(WorkflowNode group, Map<String, Integer> bodyNodes, List<Reference> captures) {
        return new Slots(null, 0, bodyNodes, List.copyOf(group.variables().keySet()), group, captures);
    }

    static int kind(int slot) {
        return slot >>> KIND_SHIFT;
    }

    static int level(int slot) {
        return slot >>> LEVEL_SHIFT & LEVEL_MASK;
    }

    static int position(int slot) {
        return slot & POSITION_MASK;
    }

    @Override
    public int slot(Reference reference) {
        int here = here(reference);
        if (here < 0 && captures != null) {
            int known = captures.indexOf(reference);
            if (known < 0) {
                known = captures.size();
                captures.add(reference);
            }
            return of(CAPTURED, known);
        }
        return here < 0 && outer != null ? outer.slot(reference) : here;
    }

    private int here(Reference reference) {
        if (reference instanceof Reference.Variable variable) {
            return of(VARIABLE, variables.indexOf(variable.name()));
        }
        if (reference instanceof Reference.Node node) {
            int kind = switch (node.part()) {
                case OUTPUT -> OUTPUT;
                case STATUS -> STATUS;
                case ERROR -> ERROR;
                case ERRORS -> ERRORS;
            };
            return of(kind, nodes.getOrDefault(node.id(), -1));
        }
        if (reference instanceof Reference.Approval approval) {
            return of(APPROVAL, nodes.getOrDefault(approval.id(), -1));
        }
        if (reference instanceof Reference.Iteration iteration) {
            return iteration(iteration.name());
        }
        if (reference instanceof Reference.Group other) {
            return group != null && group.id().equals(other.id()) ? iteration(other.name()) : -1;
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

    private int iteration(String name) {
        if (group == null || !Groups.iterationNames(group.type()).contains(name)) {
            return -1;
        }
        return of(name.equals("item") ? ITEM : name.equals("index") ? INDEX : LAST, 0);
    }

    @Override
    public Collection<String> known(Reference reference) {
        return List.of();
    }

    private int of(int kind, int position) {
        return position < 0 ? -1 : kind << KIND_SHIFT | level << LEVEL_SHIFT | position;
    }
}
