package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs together and fails together: a run's nodes that stand in no group, or one iteration of a group. It keeps
 * beside its machine what the machine does not know. Used by the run's writer; what only some scopes need is made when
 * it is first needed.
 */
final class Scope {

    private static final Woken BY_TIME = new Woken.ByTime();

    private static final @Nullable Object[] NO_VARIABLES = new @Nullable Object[0];

    private final Execution execution;
    private final CompiledScope compiled;
    private final NodeProgram[] programs;
    private final @Nullable Scope parent;
    private final Machine machine;
    private final int index;
    private final @Nullable Object[] variables;
    private final RunEnvironment environment;
    private @Nullable String path;
    private @Nullable Object last;
    private @Nullable InlineCall inlineCall;
    private Attempt @Nullable [] attempts;
    private JsonObject @Nullable [] configs;
    private JsonObject @Nullable [] writes;
    private Compensation @Nullable [] compensations;
    private List<Wake> @Nullable [] wakes;
    private Woken @Nullable [] woken;
    private @Nullable Map<Integer, List<FailedAttempt>> failedAttempts;
    private @Nullable List<Kept> kept;

    /** The first log entry that was not looked at. */
    int collected;

    /** An ended iteration that is kept for the history, and where it stands in the log of the scope around it. */
    record Kept(Scope iteration, int logPosition) {}

    /**
     * The scope of a whole run.
     *
     * @param variables those it begins with; they stay as they are
     */
    Scope(Execution execution, Machine machine, @Nullable Object[] variables) {
        this.execution = execution;
        this.compiled = execution.compiled().top();
        this.programs = compiled.programs();
        this.parent = null;
        this.machine = machine;
        this.index =
                execution.start().part() == null ? 0 : execution.start().part().index();
        this.variables = variables.length == 0 ? variables : variables.clone();
        path = Facts.TOP;
        environment = new RunEnvironment(execution, this, new @Nullable Object[][] {this.variables});
    }

    private Scope(Scope parent, int group, Machine machine, int index, @Nullable Object last) {
        this.execution = parent.execution;
        this.compiled = parent.compiled.body(group);
        this.programs = compiled.programs();
        this.parent = parent;
        this.machine = machine;
        this.index = index;
        this.last = last;
        variables = compiled.variableNames().isEmpty() ? NO_VARIABLES : compiled.defaults();
        environment = parent.environment.inner(this, variables);
    }

    private Scope(Scope top, CompiledScope handler, Machine machine, String path, @Nullable Object undone) {
        this.execution = top.execution;
        this.compiled = handler;
        this.programs = handler.programs();
        this.parent = top;
        this.machine = machine;
        this.index = 0;
        this.path = path;
        this.last = undone;
        variables = NO_VARIABLES;
        environment = top.environment.inner(this, variables);
    }

    /**
     * The scope of what undoes a node.
     *
     * @param path the iteration in which the node stood
     * @param undone the output of the node, which comes to what undoes it
     */
    static Scope undoing(Scope top, CompiledScope handler, Machine machine, String path, @Nullable Object undone) {
        Scope scope = new Scope(top, handler, machine, path, undone);
        machine.attach(scope);
        return scope;
    }

    /** The scope of an iteration; made when it is first asked for. */
    static Scope of(Machine machine) {
        if (machine.attachment() instanceof Scope known) {
            return known;
        }
        GroupRun group = machine.group();
        if (group == null) {
            throw new IllegalStateException("The scope of a run is made with the run");
        }
        Scope scope = new Scope(of(group.parent()), group.slot(), machine, machine.index(), group.last());
        machine.attach(scope);
        return scope;
    }

    /** What a loop's test sees: the iteration that would begin next, or the one that has just ended. */
    static Scope atTest(Scope parent, GroupRun group, boolean before) {
        int index = before ? group.nextIndex() : group.nextIndex() - 1;
        return new Scope(parent, group.slot(), group.parent(), index, group.last());
    }

    // ---------------------------------------------------------------- what it is

    CompiledScope compiled() {
        return compiled;
    }

    Machine machine() {
        return machine;
    }

    RunEnvironment environment() {
        return environment;
    }

    @Nullable
    Scope parent() {
        return parent;
    }

    NodeProgram program(int slot) {
        return programs[slot];
    }

    String id(int slot) {
        return compiled.plan().id(slot);
    }

    /** The scope around it that has so many groups around itself, or this one. */
    Scope at(int level) {
        Scope scope = this;
        while (scope.compiled.level() > level && scope.parent != null) {
            scope = scope.parent;
        }
        return scope;
    }

    /** The numbers of the iterations that it is in, as in {@code 3.0.12}; empty for a whole run. */
    String path() {
        String known = path;
        if (known == null) {
            String outer = parent == null ? "" : parent.path();
            known = outer.isEmpty() ? Integer.toString(index) : outer + "." + index;
            path = known;
        }
        return known;
    }

    // ---------------------------------------------------------------- what its nodes see

    int index() {
        return index;
    }

    /** The result of the iteration before, in a loop; null in the first one. */
    @Nullable
    Object last() {
        return last;
    }

    /** The item of a {@code forEach}; null elsewhere. */
    @Nullable
    Object item() {
        Scope outer = parent;
        GroupPart part = execution.start().part();
        if (outer == null && part != null) {
            return part.item();
        }
        GroupRun group = machine.group();
        if (outer == null || group == null || !(compiled.group() instanceof GroupProgram.ForEach)) {
            return null;
        }
        JsonObject config = outer.configs()[group.slot()];
        return config != null && config.get("items") instanceof JsonArray items ? items.get(index) : null;
    }

    /** What comes to a node from before it. */
    @Nullable
    Object previous(int slot) {
        return slot < 0 || machine.isRoot(slot) ? entry() : machine.previous(slot);
    }

    private @Nullable Object entry() {
        if (parent == null) {
            return execution.start().part() == null ? execution.input() : item();
        }
        if (compiled.group() == null || compiled.group() instanceof GroupProgram.Loop) {
            return last;
        }
        GroupRun group = machine.group();
        return compiled.group() instanceof GroupProgram.ForEach || group == null
                ? item()
                : parent.previous(group.slot());
    }

    @Nullable
    Object[] variables() {
        return variables;
    }

    // ---------------------------------------------------------------- what its nodes do

    InlineCall inlineCall(int slot, NodeProgram program, JsonObject config) {
        InlineCall call = inlineCall;
        if (call == null) {
            call = new InlineCall(execution, this, program);
            inlineCall = call;
        }
        return call.at(slot, program, config);
    }

    boolean hasAttempts() {
        return attempts != null;
    }

    @Nullable
    Attempt[] attempts() {
        if (attempts == null) {
            attempts = new Attempt[programs.length];
        }
        return attempts;
    }

    /** The rendered configurations that are kept. */
    @Nullable
    JsonObject[] configs() {
        if (configs == null) {
            configs = new JsonObject[programs.length];
        }
        return configs;
    }

    /** Notes the variables that a node wrote. */
    void wrote(int slot, JsonObject values) {
        if (writes == null) {
            writes = new JsonObject[programs.length];
        }
        writes[slot] = values;
    }

    /** The variables that a node wrote. */
    JsonObject written(int slot) {
        JsonObject values = writes == null ? null : writes[slot];
        return values == null ? JsonObject.EMPTY : values;
    }

    // ---------------------------------------------------------------- waits

    /** Notes what a node waits for. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of lists cannot be made in another way.
    void keepWakes(int slot, List<Wake> all) {
        if (wakes == null) {
            wakes = new List[programs.length];
        }
        wakes[slot] = all;
        if (woken != null) {
            woken[slot] = null;
        }
    }

    /** What a node waits for; empty if it does not. */
    List<Wake> wakes(int slot) {
        List<Wake> all = wakes == null ? null : wakes[slot];
        return all == null ? List.of() : all;
    }

    /** The node waits no longer. */
    void forgetWakes(int slot) {
        if (wakes != null) {
            wakes[slot] = null;
        }
    }

    /** Notes what ended a node's wait. */
    void keepWoken(int slot, Woken by) {
        if (woken == null) {
            woken = new Woken[programs.length];
        }
        woken[slot] = by;
    }

    /** What ended a node's last wait. */
    Woken wokenBy(int slot) {
        Woken by = woken == null ? null : woken[slot];
        return by == null ? BY_TIME : by;
    }

    // ---------------------------------------------------------------- undoing

    /** Notes how to undo a node. */
    void keepCompensation(int slot, Compensation compensation) {
        if (compensations == null) {
            compensations = new Compensation[programs.length];
        }
        compensations[slot] = compensation;
    }

    /** How to undo a node; null if nothing does, or it has not succeeded. */
    @Nullable
    Compensation compensation(int slot) {
        return compensations == null ? null : compensations[slot];
    }

    // ---------------------------------------------------------------- history

    List<FailedAttempt> failedAttempts(int slot) {
        return failedAttempts == null ? List.of() : List.copyOf(failedAttempts.getOrDefault(slot, List.of()));
    }

    /** Keeps for the history that an attempt failed. */
    void keepFailedAttempt(int slot, FailedAttempt failed) {
        if (failedAttempts == null) {
            failedAttempts = new HashMap<>();
        }
        failedAttempts.computeIfAbsent(slot, key -> new ArrayList<>()).add(failed);
    }

    /** The ended iterations of its groups that are kept, in the order of their ends. */
    List<Kept> kept() {
        return kept == null ? List.of() : kept;
    }

    void keep(Scope iteration) {
        if (kept == null) {
            kept = new ArrayList<>();
        }
        kept.add(new Kept(iteration, machine.logSize()));
    }
}
