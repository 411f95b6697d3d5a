package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionEvent;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineView;
import io.automationhub.engine.workflow.Workflow;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run from one append to the next: a window over the log of its outermost scope, and the facts
 * between its entries: rare ones, and those of iterations. Becomes facts when they are asked for, which may be on another thread.
 */
public final class Turn {

    private final Execution execution;
    private final Facts names;
    private final MachineView view;
    private final @Nullable List<Between> between;
    private final long firstSequence;

    /** A fact that stands before the log entry {@code entry}. */
    record Between(int entry, ExecutionFact fact) {}

    Turn(Execution execution, Facts names, MachineView view, @Nullable List<Between> between, long firstSequence) {
        this.execution = execution;
        this.names = names;
        this.view = view;
        this.between = between;
        this.firstSequence = firstSequence;
    }

    /** The run itself. */
    Execution execution() {
        return execution;
    }

    /** The run. */
    public String executionId() {
        return execution.id();
    }

    /** Whose run it is. */
    public String tenant() {
        return execution.tenant();
    }

    /** The workflow that it runs. */
    public Workflow workflow() {
        return execution.compiled().workflow();
    }

    /** The facts in order. */
    public List<ExecutionFact> facts() {
        List<ExecutionFact> facts = new ArrayList<>();
        int next = 0;
        for (int entry = view.from(); entry < view.to(); entry++) {
            next = addBetween(next, entry, facts);
            if (view.kind(entry) == Machine.LOG_ENDED) {
                int slot = view.slot(entry);
                facts.add(names.nodeEnded(execution.scope(), view, slot));
            }
        }
        addBetween(next, Integer.MAX_VALUE, facts);
        return facts;
    }

    private int addBetween(int from, int entry, List<ExecutionFact> facts) {
        int next = from;
        while (between != null && next < between.size() && between.get(next).entry() <= entry) {
            facts.add(between.get(next++).fact());
        }
        return next;
    }

    /** The facts as listeners get them; made when they are first looked at, so that counting them costs nothing. */
    List<ExecutionEvent> events() {
        return new Events();
    }

    /** How many facts there are. */
    int size() {
        int size = between == null ? 0 : between.size();
        for (int entry = view.from(); entry < view.to(); entry++) {
            size += view.kind(entry) == Machine.LOG_ENDED ? 1 : 0;
        }
        return size;
    }

    private final class Events extends AbstractList<ExecutionEvent> {

        private final int size = Turn.this.size();
        private @Nullable List<ExecutionFact> facts;

        @Override
        public ExecutionEvent get(int at) {
            List<ExecutionFact> known = facts;
            if (known == null) {
                known = facts();
                if (execution.compiled().hasApprovals()) {
                    known = known.stream().map(Redaction::of).toList();
                }
                facts = known;
            }
            return new ExecutionEvent(
                    execution.tenant(), execution.workflowId(), execution.id(), firstSequence + at, known.get(at));
        }

        @Override
        public int size() {
            return size;
        }
    }
}
