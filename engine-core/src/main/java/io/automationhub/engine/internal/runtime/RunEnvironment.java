package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.expression.Environment;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the expressions of one node read: results in its scope and those around it, variables, facts about the run. */
final class RunEnvironment implements Environment {

    private final Execution execution;
    private final Scope scope;

    /** The variables of the scopes around it, from the outermost one, and its own. */
    private final @Nullable Object[][] variables;

    private final long frozenMicros;
    private int slot = -1;
    private boolean undoing;
    private @Nullable RandomGenerator random;
    private long randomPlace;

    /** @param variables read as they are, so the run's own arrays show what was written last */
    RunEnvironment(Execution execution, Scope scope, @Nullable Object[][] variables) {
        this(execution, scope, variables, -1, 0);
    }

    /** @param frozenMicros the time that it is in this environment; 0 for that of the turn */
    private RunEnvironment(
            Execution execution, Scope scope, @Nullable Object[][] variables, int slot, long frozenMicros) {
        this.frozenMicros = frozenMicros;
        this.execution = execution;
        this.scope = scope;
        this.variables = variables;
        this.slot = slot;
    }

    /** The environment of an iteration inside this one. */
    RunEnvironment inner(Scope iteration, @Nullable Object[] own) {
        @Nullable Object[][] all = Arrays.copyOf(variables, variables.length + 1);
        all[variables.length] = own;
        return new RunEnvironment(execution, iteration, all);
    }

    /** This environment for another node; negative for the scope as a whole. */
    RunEnvironment at(int nodeSlot) {
        slot = nodeSlot;
        return this;
    }

    /** This environment for what undoes a node: what comes to it is the node's output. */
    RunEnvironment undoing(int nodeSlot) {
        RunEnvironment own = new RunEnvironment(execution, scope, variables, nodeSlot, 0);
        own.undoing = true;
        return own;
    }

    /** An environment that stays as it is now, for a node that evaluates on another thread. */
    RunEnvironment frozen(int nodeSlot) {
        @Nullable Object[][] copies = new @Nullable Object[variables.length][];
        for (int level = 0; level < copies.length; level++) {
            copies[level] = variables[level].clone();
        }
        return new RunEnvironment(execution, scope, copies, nodeSlot, execution.turnMicros());
    }

    @Override
    public @Nullable Object read(int reference) {
        int position = Slots.position(reference);
        int level = Slots.level(reference);
        return switch (Slots.kind(reference)) {
            case Slots.VARIABLE -> variables[level][position];
            case Slots.INPUT -> execution.input();
            case Slots.PREVIOUS -> previous();
            case Slots.EXECUTION -> run();
            case Slots.WORKFLOW -> execution.compiled().description();
            case Slots.OUTPUT -> machine(level).output(position);
            case Slots.STATUS -> status(machine(level), position);
            case Slots.ERROR -> machine(level).error(position);
            case Slots.ERRORS -> itemErrors(machine(level), position);
            case Slots.ITEM -> scope.at(level).item();
            case Slots.CAPTURED -> execution.captured(position);
            case Slots.APPROVAL -> approvalToken(scope.at(level), position);
            case Slots.INDEX -> (long) scope.at(level).index();
            default -> scope.at(level).last();
        };
    }

    private String approvalToken(Scope here, int position) {
        return execution
                .runtime()
                .approvalTokens()
                .token(execution.tenant(), ApprovalTokens.Subject.of(execution.id(), here.id(position), here.path()));
    }

    private Machine machine(int level) {
        return scope.at(level).machine();
    }

    @Nullable
    Object previous() {
        return undoing ? scope.machine().output(slot) : scope.previous(slot);
    }

    @Nullable
    Object variable(int level, int position) {
        return variables[level][position];
    }

    private JsonObject run() {
        return JsonObject.builder()
                .put("id", execution.id())
                .put("tenant", execution.tenant())
                .put("startedAt", Facts.instant(execution.startMicros()).toString())
                .build();
    }

    private static @Nullable String status(Machine machine, int position) {
        NodeStatus status = Facts.nodeStatus(machine.status(position));
        return status != null && status.isEnded() ? status.text() : null;
    }

    private static @Nullable JsonArray itemErrors(Machine machine, int position) {
        GroupRun group = machine.groupRun(position);
        return group == null ? null : JsonArray.of(group.itemErrors().toArray());
    }

    @Override
    public long epochMicros() {
        return frozenMicros != 0 ? frozenMicros : execution.turnMicros();
    }

    /** Begins anew with each turn and node, so that a turn that is repeated after a crash has the same numbers. */
    @Override
    public RandomGenerator random() {
        long place = (epochMicros() * 31 + slot) * 31 + scope.path().hashCode();
        if (random == null || place != randomPlace) {
            randomPlace = place;
            random = new SplittableRandom(execution.start().seed() * 0x9E3779B97F4A7C15L ^ place);
        }
        return random;
    }
}
