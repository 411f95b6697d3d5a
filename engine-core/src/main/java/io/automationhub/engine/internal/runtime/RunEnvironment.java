package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.expression.Environment;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.value.JsonObject;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the expressions of one node read: the machine's slots, the variables, and facts about the run. */
final class RunEnvironment implements Environment {

    private final Execution execution;
    private final Machine machine;
    private final @Nullable Object[] variables;
    private final long frozenMicros;
    private int slot;
    private @Nullable RandomGenerator random;
    private long randomPlace;

    /** @param variables read as they are, so the run's own array shows what was written last */
    RunEnvironment(Execution execution, @Nullable Object[] variables, int slot) {
        this(execution, variables, slot, 0);
    }

    /** @param frozenMicros the time that it is in this environment; 0 for that of the turn */
    private RunEnvironment(Execution execution, @Nullable Object[] variables, int slot, long frozenMicros) {
        this.frozenMicros = frozenMicros;
        this.execution = execution;
        this.machine = execution.machine();
        this.variables = variables;
        this.slot = slot;
    }

    /** This environment for another node; negative for the workflow as a whole. */
    RunEnvironment at(int nodeSlot) {
        slot = nodeSlot;
        return this;
    }

    /** An environment that stays as it is now, for a node that evaluates on another thread. */
    RunEnvironment frozen(int nodeSlot) {
        return new RunEnvironment(execution, variables.clone(), nodeSlot, execution.turnMicros());
    }

    @Override
    public @Nullable Object read(int reference) {
        int position = Slots.position(reference);
        return switch (Slots.kind(reference)) {
            case Slots.INPUT -> execution.input();
            case Slots.PREVIOUS -> previous();
            case Slots.EXECUTION -> run();
            case Slots.WORKFLOW -> execution.compiled().description();
            case Slots.VARIABLE -> variables[position];
            case Slots.OUTPUT -> machine.output(position);
            case Slots.STATUS -> status(position);
            default -> machine.error(position);
        };
    }

    @Nullable
    Object previous() {
        return slot < 0 || machine.isRoot(slot) ? execution.input() : machine.previous(slot);
    }

    @Nullable
    Object variable(int position) {
        return variables[position];
    }

    private JsonObject run() {
        return JsonObject.builder()
                .put("id", execution.id())
                .put("tenant", execution.tenant())
                .put("startedAt", Facts.instant(execution.startMicros()).toString())
                .build();
    }

    private @Nullable String status(int position) {
        NodeStatus status = Facts.nodeStatus(machine.status(position));
        return status != null && status.isEnded() ? status.text() : null;
    }

    @Override
    public long epochMicros() {
        return frozenMicros != 0 ? frozenMicros : execution.turnMicros();
    }

    /** Begins anew with each turn and node, so that a turn that is repeated after a crash has the same numbers. */
    @Override
    public RandomGenerator random() {
        long place = epochMicros() * 31 + slot;
        if (random == null || place != randomPlace) {
            randomPlace = place;
            random = new SplittableRandom(execution.start().seed() * 0x9E3779B97F4A7C15L ^ place);
        }
        return random;
    }
}
