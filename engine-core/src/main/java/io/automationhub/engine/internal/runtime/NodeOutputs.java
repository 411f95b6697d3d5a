package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.validation.VariableCheck;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what nodes give back before the machine gets it: output, handles, variables. Used by the run's writer. */
final class NodeOutputs {

    private final Execution execution;

    NodeOutputs(Execution execution) {
        this.execution = execution;
    }

    /** The output as it is kept: a value within its limits, seen by the host's filter. */
    @Nullable
    Object value(Scope scope, int slot, @Nullable Object output) {
        Object value = Json.of(output, execution.runtime().limits());
        OutputFilter filter = execution.runtime().outputFilter();
        if (filter == OutputFilter.NONE) {
            return value;
        }
        OutputFilter.Source source = new OutputFilter.Source(
                execution.tenant(),
                execution.workflowId(),
                execution.id(),
                scope.id(slot),
                scope.program(slot).node().type());
        return Json.of(filter.filter(source, value), execution.runtime().limits());
    }

    /** The mask of the handles that a node took. */
    long handles(Scope scope, int slot, List<String> names) {
        long out = scope.program(slot).outMask();
        if (out != 0 && names.size() == 1 && names.get(0).equals(WorkflowEdge.OUT)) {
            return out;
        }
        long mask = 0;
        for (String name : names) {
            long bit = name.equals(WorkflowEdge.ERROR)
                    ? 0
                    : scope.compiled().plan().handle(slot, name);
            if (bit == 0) {
                throw config("The node '" + scope.id(slot) + "' took the handle '" + name
                        + "', which its type does not have; declare it in its NodeMetadata, or correct the name");
            }
            mask |= bit;
        }
        return mask;
    }

    /** Sets variables, all or none. */
    void write(Scope scope, int slot, JsonObject values) {
        if (values.isEmpty()) {
            return;
        }
        for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
            Scope owner = owner(scope, entry.getKey());
            VariableCheck variable =
                    owner == null ? null : owner.compiled().variables().get(entry.getKey());
            if (variable == null) {
                throw config("The node '" + scope.id(slot) + "' sets the variable '" + entry.getKey()
                        + "', which the workflow does not declare; known are "
                        + String.join(", ", execution.compiled().top().variableNames()));
            }
            variable.objection(entry.getValue()).ifPresent(objection -> {
                throw config(objection);
            });
        }
        apply(scope, slot, values);
    }

    /** The innermost scope that declares a variable; null if none does. */
    private static @Nullable Scope owner(Scope scope, String variable) {
        Scope here = scope;
        while (here != null && !here.compiled().variableNames().contains(variable)) {
            here = here.parent();
        }
        return here;
    }

    /** Sets variables that were checked before. */
    void apply(Scope scope, int slot, JsonObject values) {
        values.forEach((name, value) -> {
            Scope owner = owner(scope, name);
            if (owner != null) {
                owner.variables()[owner.compiled().variableNames().indexOf(name)] = value;
            }
        });
        scope.wrote(slot, values);
    }

    @Nullable
    JsonObject stopError(Scope scope, int slot, NodeResult.Stopped stopped) {
        String failure = stopped.failure();
        return failure == null
                ? null
                : ExecutionError.of(ExecutionError.KIND_STOP, failure, scope.id(slot))
                        .toJson();
    }

    Failure nullResult(Scope scope, int slot) {
        return Failure.permanent(
                ExecutionError.KIND_ERROR,
                "The executor of type '" + scope.program(slot).node().type()
                        + "' returned null instead of a NodeResult; return NodeResult.completed(null)");
    }

    private static NonRetriableException config(String message) {
        return new NonRetriableException(ExecutionError.KIND_CONFIG, message, null);
    }
}
