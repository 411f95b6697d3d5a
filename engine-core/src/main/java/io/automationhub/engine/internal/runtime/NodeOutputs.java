package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.internal.machine.Plan;
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
    private final CompiledWorkflow compiled;
    private final Plan plan;

    /** The variables that each node wrote; null until one did. */
    private JsonObject @Nullable [] writes;

    NodeOutputs(Execution execution) {
        this.execution = execution;
        compiled = execution.compiled();
        plan = compiled.plan();
    }

    /** The output as it is kept: a value within its limits, seen by the host's filter. */
    @Nullable
    Object value(int slot, @Nullable Object output) {
        Object value = Json.of(output, execution.runtime().limits());
        OutputFilter filter = execution.runtime().outputFilter();
        if (filter == OutputFilter.NONE) {
            return value;
        }
        OutputFilter.Source source = new OutputFilter.Source(
                execution.tenant(),
                execution.workflowId(),
                execution.id(),
                plan.id(slot),
                compiled.programs()[slot].node().type());
        return Json.of(filter.filter(source, value), execution.runtime().limits());
    }

    /** The mask of the handles that a node took. */
    long handles(int slot, List<String> names) {
        long out = compiled.programs()[slot].outMask();
        if (out != 0 && names.size() == 1 && names.get(0).equals(WorkflowEdge.OUT)) {
            return out;
        }
        long mask = 0;
        for (String name : names) {
            long bit = name.equals(WorkflowEdge.ERROR) ? 0 : plan.handle(slot, name);
            if (bit == 0) {
                throw config("The node '" + plan.id(slot) + "' took the handle '" + name
                        + "', which its type does not have; declare it in its NodeMetadata, or correct the name");
            }
            mask |= bit;
        }
        return mask;
    }

    /** Sets variables, all or none. */
    void write(int slot, JsonObject values) {
        if (values.isEmpty()) {
            return;
        }
        for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
            VariableCheck variable = compiled.variables().get(entry.getKey());
            if (variable == null) {
                throw config("The node '" + plan.id(slot) + "' sets the variable '" + entry.getKey()
                        + "', which the workflow does not declare; known are "
                        + String.join(", ", compiled.variableNames()));
            }
            variable.objection(entry.getValue()).ifPresent(objection -> {
                throw config(objection);
            });
        }
        apply(slot, values);
    }

    /** Sets variables that were checked before. */
    void apply(int slot, JsonObject values) {
        @Nullable Object[] variables = execution.start().variables();
        values.forEach((name, value) -> variables[compiled.variableNames().indexOf(name)] = value);
        if (writes == null) {
            writes = new JsonObject[plan.size()];
        }
        writes[slot] = values;
    }

    /** The variables that a node wrote. */
    JsonObject written(int slot) {
        JsonObject values = writes == null ? null : writes[slot];
        return values == null ? JsonObject.EMPTY : values;
    }

    @Nullable
    JsonObject stopError(int slot, NodeResult.Stopped stopped) {
        String failure = stopped.failure();
        return failure == null
                ? null
                : ExecutionError.of(ExecutionError.KIND_STOP, failure, plan.id(slot))
                        .toJson();
    }

    Failure nullResult(int slot) {
        return Failure.permanent(
                ExecutionError.KIND_ERROR,
                "The executor of type '" + compiled.programs()[slot].node().type()
                        + "' returned null instead of a NodeResult; return NodeResult.completed(null)");
    }

    private static NonRetriableException config(String message) {
        return new NonRetriableException(ExecutionError.KIND_CONFIG, message, null);
    }
}
