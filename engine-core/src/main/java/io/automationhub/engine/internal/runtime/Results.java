package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes what a finished run, or an iteration of a group, came to: its status, output and error. */
final class Results {

    /** So many later failures stand in the error of a run. */
    private static final int MAX_OTHERS = 20;

    private final Execution execution;
    private final Scope scope;
    private final CompiledScope compiled;
    private final Machine machine;

    Results(Execution execution, Scope scope) {
        this.execution = execution;
        this.scope = scope;
        compiled = scope.compiled();
        machine = scope.machine();
    }

    Execution.Ending ending() {
        Outcome outcome = machine.outcome();
        long nanos = machine.now();
        Machine stopped = execution.tree().stopMachine();
        if (stopped != null) {
            return new Execution.Ending(
                    Facts.executionStatus(outcome),
                    stopped.returned(execution.tree().stopSlot()),
                    execution.facts().endingError(),
                    nanos);
        }
        if (outcome == Outcome.SUCCEEDED) {
            return succeeded(nanos);
        }
        ExecutionError error =
                machine.firstFailure() >= 0 ? firstFailure() : execution.facts().endingError();
        return new Execution.Ending(Facts.executionStatus(outcome), null, error, nanos);
    }

    private Execution.Ending succeeded(long nanos) {
        try {
            return new Execution.Ending(ExecutionStatus.SUCCEEDED, output(), null, nanos);
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e, false);
            ExecutionError error = ExecutionError.of(
                    failure.kind(), "The output of the workflow cannot be rendered: " + failure.message(), null);
            return new Execution.Ending(ExecutionStatus.FAILED, null, error, nanos);
        }
    }

    /** The output template; else the output of the only sink; else an object of those of the sinks that succeeded. */
    @Nullable
    Object output() {
        ValueTemplate template = compiled.output();
        if (template != null) {
            return Json.of(
                    template.render(scope.environment().at(-1)),
                    execution.runtime().limits());
        }
        int[] sinks = compiled.sinks();
        if (sinks.length == 1) {
            return machine.output(sinks[0]);
        }
        JsonObject.Builder outputs = JsonObject.builder();
        for (int sink : sinks) {
            if (machine.status(sink) == Status.SUCCEEDED) {
                outputs.put(compiled.plan().id(sink), machine.output(sink));
            }
        }
        return outputs.build();
    }

    /** The first failure by sequence; those that came later stand in its details. */
    ExecutionError firstFailure() {
        JsonObject json = machine.error(machine.firstFailure());
        ExecutionError first = ExecutionError.fromJson(json == null ? JsonObject.EMPTY : json);
        List<JsonObject> others = new ArrayList<>();
        for (int entry = 0; entry < machine.logSize() && others.size() < MAX_OTHERS; entry++) {
            int slot = machine.logSlot(entry);
            boolean failed = machine.logKind(entry) == Machine.LOG_ENDED
                    && machine.status(slot) == Status.FAILED
                    && machine.handles(slot) == 0
                    && slot != machine.firstFailure();
            JsonObject other = failed ? machine.error(slot) : null;
            if (other != null) {
                others.add(other);
            }
        }
        return others.isEmpty()
                ? first
                : new ExecutionError(
                        first.kind(),
                        first.message(),
                        first.node(),
                        first.details().with("others", others));
    }
}
