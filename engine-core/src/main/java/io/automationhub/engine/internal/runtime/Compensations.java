package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.internal.machine.CompensationRun;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineFold;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run will have to undo if it does not succeed, and the undoing. Made when the first node has succeeded that can be
 * undone. Used by the run's writer.
 */
final class Compensations {

    private final Execution execution;
    private final List<Undo> undos = new ArrayList<>();

    /** The undos that can be run, by the indexes of the machine's compensation. */
    private final List<Undo> runnable = new ArrayList<>();

    private final List<Scope> ended = new ArrayList<>();
    private @Nullable CompensationRun run;
    private Execution.@Nullable Ending outcome;

    /**
     * One thing to be undone.
     *
     * @param path the iteration in which it was done
     * @param undone the output of the node that did it
     */
    private record Undo(
            CompiledScope handler,
            String path,
            Compensation compensation,
            @Nullable Object undone) {}

    Compensations(Execution execution) {
        this.execution = execution;
    }

    // ---------------------------------------------------------------- what is to be undone

    /** A node has succeeded: renders what will undo it. */
    void settle(Scope scope, int slot, CompiledScope handler) {
        NodeProgram program = handler.programs()[0];
        Compensation compensation;
        try {
            Object config = Json.of(
                    program.config().render(scope.environment().undoing(slot)),
                    execution.runtime().limits());
            JsonObject rendered = config instanceof JsonObject object ? object : JsonObject.EMPTY;
            compensation = new Compensation(program.node().id(), rendered, null);
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e, false);
            ExecutionError error = ExecutionError.of(
                    failure.kind(), failure.message(), program.node().id());
            compensation = new Compensation(program.node().id(), null, error);
        }
        fold(scope, slot, handler, compensation);
    }

    /** Notes how to undo a node. */
    void fold(Scope scope, int slot, CompiledScope handler, Compensation compensation) {
        scope.keepCompensation(slot, compensation);
        undos.add(new Undo(handler, scope.path(), compensation, scope.machine().output(slot)));
    }

    /** Whether a run that ends in this way has something to undo first. */
    boolean isDue(Execution.Ending end, boolean compensateIfCancelled) {
        return !undos.isEmpty()
                && (end.status() == ExecutionStatus.FAILED
                        || end.status() == ExecutionStatus.CANCELLED && compensateIfCancelled);
    }

    // ---------------------------------------------------------------- undoing

    boolean hasBegun() {
        return run != null;
    }

    boolean isOver() {
        return run != null && run.isOver();
    }

    /** Nothing else of the run goes on: begins to undo. */
    void begin(Execution.Ending end) {
        execution.facts().compensationStarted(end);
        open(end);
        advance();
    }

    /** Begins as recovery repeats it. */
    void open(Execution.Ending end) {
        outcome = end;
        List<Plan> plans = new ArrayList<>();
        for (Undo undo : undos) {
            if (undo.compensation().config() != null) {
                runnable.add(undo);
                plans.add(undo.handler().plan());
            }
        }
        CompensationRun compensation = execution.tree().compensate(plans);
        if (runnable.size() < undos.size()) {
            compensation.incomplete();
        }
        run = compensation;
    }

    /** Runs the next handler, if none runs. */
    void advance() {
        begun().step();
        begun().live().forEach(this::scope);
    }

    private CompensationRun begun() {
        if (run == null) {
            throw new IllegalStateException("The compensation has not begun");
        }
        return run;
    }

    /** The scope of a handler that runs. */
    private Scope scope(Machine machine) {
        if (machine.attachment() instanceof Scope known) {
            return known;
        }
        Undo undo = runnable.get(machine.index());
        Scope scope = Scope.undoing(execution.scope(), undo.handler(), machine, undo.path(), undo.undone());
        scope.configs()[0] = undo.compensation().config();
        return scope;
    }

    /** A handler has ended. */
    void handlerEnded(Scope scope) {
        execution.facts().collect(scope);
        over(scope);
        advance();
    }

    private void over(Scope scope) {
        Machine machine = scope.machine();
        execution.nodeRuns().forget(scope);
        ended.add(scope);
        if (machine.outcome() == Outcome.SUCCEEDED) {
            begun().succeeded(machine, null);
        } else {
            JsonObject error = machine.error(0);
            begun().failed(machine, error == null ? JsonObject.EMPTY : error);
        }
    }

    /** How the run ends. */
    Execution.Ending ending() {
        Execution.Ending end = outcome;
        if (end == null) {
            throw new IllegalStateException("The compensation has not begun");
        }
        return new Execution.Ending(
                end.status(),
                end.output(),
                end.error(),
                execution.machine().now(),
                begun().isComplete() ? Compensation.Status.COMPLETE : Compensation.Status.INCOMPLETE);
    }

    // ---------------------------------------------------------------- recovery

    /** The scope of a handler that is known to have begun; null if the node is none. */
    @Nullable
    Scope recovered(String node, String path) {
        for (int at = 0; run != null && at < runnable.size(); at++) {
            Undo undo = runnable.get(at);
            if (undo.path().equals(path) && undo.compensation().handler().equals(node)) {
                return scope(MachineFold.iteration(run, at));
            }
        }
        return null;
    }

    /** A handler is known to have ended. */
    void foldEnded(Scope scope, long at) {
        new MachineFold(scope.machine()).iterationEnded(at);
        scope.collected = scope.machine().logSize();
        over(scope);
    }

    /** All facts were folded: the handler that was in flight runs again. */
    void goOn(long nanos) {
        GroupRun known = run;
        if (known != null) {
            for (Machine machine : List.copyOf(known.live())) {
                scope(machine).collected = machine.logSize();
                new MachineFold(machine).recovered(nanos);
            }
            advance();
        }
    }

    // ---------------------------------------------------------------- what can be seen

    /** The handlers that have ended, in that order. */
    List<Scope> ended() {
        return ended;
    }

    /** The handler that runs, if one does. */
    List<Scope> live() {
        return run == null ? List.of() : run.live().stream().map(this::scope).toList();
    }
}
