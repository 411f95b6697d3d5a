package io.automationhub.engine;

import io.automationhub.engine.workflow.Workflow;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to be started. Immutable: each method returns a new one.
 *
 * @param input anything with a JSON form
 * @param trigger the id of the trigger to begin at; null to let the workflow decide: its only one, or its manual one
 * @param variables values of workflow variables, in place of their defaults
 */
public record ExecutionRequest(
        Workflow workflow, @Nullable Object input, @Nullable String trigger, Map<String, @Nullable Object> variables) {

    public ExecutionRequest {
        variables = variables.isEmpty() ? Map.of() : Collections.unmodifiableMap(new HashMap<>(variables));
    }

    /** A run without input. */
    public static ExecutionRequest of(Workflow workflow) {
        return new ExecutionRequest(workflow, null, null, Map.of());
    }

    /** With this input. */
    public ExecutionRequest input(@Nullable Object value) {
        return new ExecutionRequest(workflow, value, trigger, variables);
    }

    /** Beginning at this trigger. */
    public ExecutionRequest trigger(String id) {
        return new ExecutionRequest(workflow, input, id, variables);
    }

    /** With this value of a variable. */
    public ExecutionRequest variable(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new HashMap<>(variables);
        more.put(name, value);
        return new ExecutionRequest(workflow, input, trigger, more);
    }
}
