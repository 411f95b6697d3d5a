package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.validation.VariableCheck;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks what a run is to begin with: trigger, input, variables. */
final class StartCheck {

    private static final @Nullable Object[] NO_VARIABLES = new @Nullable Object[0];

    private final CompiledWorkflow compiled;
    private final StartRequest request;
    private final JsonLimits limits;

    StartCheck(CompiledWorkflow compiled, StartRequest request, JsonLimits limits) {
        this.compiled = compiled;
        this.request = request;
        this.limits = limits;
    }

    /** The slot to begin at: the trigger that is named, the only one, the manual one; -1 if there are none. */
    int trigger() {
        String named = request.trigger();
        List<Integer> triggers = compiled.triggers();
        if (named == null && triggers.size() == 1) {
            return triggers.get(0);
        }
        return named != null ? namedTrigger(named) : triggers.isEmpty() ? noTrigger() : preferredTrigger();
    }

    private int noTrigger() {
        boolean disabled = compiled.workflow().nodes().stream().anyMatch(node -> NodeTypes.isTrigger(node.type()));
        if (disabled) {
            throw refused(Problem.of(
                    ProblemCode.TRIGGER_REQUIRED, "", null, "All triggers are disabled", "enable the one to begin at"));
        }
        return -1;
    }

    private int namedTrigger(String id) {
        int slot = compiled.plan().slot(id);
        if (compiled.triggers().contains(slot)) {
            return slot;
        }
        throw refused(Problem.of(
                ProblemCode.UNKNOWN_TRIGGER,
                "",
                id,
                "'" + id + "' is no trigger that a run can begin at" + NearestName.hint(id, triggerIds()),
                triggerIds().isEmpty()
                        ? "the workflow has none; name none"
                        : "use one of " + String.join(", ", triggerIds())));
    }

    private int preferredTrigger() {
        List<Integer> manual = compiled.triggers().stream()
                .filter(slot -> compiled.top().programs()[slot].node().type().equals(NodeTypes.MANUAL_TRIGGER))
                .toList();
        if (manual.size() == 1) {
            return manual.get(0);
        }
        throw refused(Problem.of(
                ProblemCode.TRIGGER_REQUIRED,
                "",
                null,
                "The workflow has several triggers, and " + (manual.isEmpty() ? "none" : "more than one")
                        + " of them is manual",
                "name the one to begin at: " + String.join(", ", triggerIds())));
    }

    private List<String> triggerIds() {
        Plan plan = compiled.plan();
        return compiled.triggers().stream().map(plan::id).toList();
    }

    @Nullable
    Object input() {
        Object input;
        try {
            input = Json.of(request.input(), limits);
        } catch (JsonException e) {
            throw refused(Problem.of(ProblemCode.INVALID_INPUT, "", null, String.valueOf(e.getMessage()), null));
        }
        JsonSchema schema = compiled.inputSchema();
        List<Problem> problems = new ArrayList<>();
        if (schema != null) {
            for (JsonSchema.Violation violation : schema.validate(input)) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_INPUT,
                        violation.pointer(),
                        null,
                        "The input does not match the workflow's input schema: " + violation.message(),
                        null));
            }
        }
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        return input;
    }

    @Nullable
    Object[] variables() {
        List<String> names = compiled.top().variableNames();
        if (names.isEmpty() && request.variables().isEmpty()) {
            return NO_VARIABLES;
        }
        List<Problem> problems = new ArrayList<>();
        @Nullable Object[] values = new @Nullable Object[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(Objects.requireNonNull(compiled.top().variables().get(names.get(i))), problems);
        }
        for (String name : request.variables().keySet()) {
            if (!compiled.top().variables().containsKey(name)) {
                problems.add(Problem.of(
                        ProblemCode.UNKNOWN_VARIABLE,
                        "",
                        null,
                        "The workflow declares no variable '" + name + "'" + NearestName.hint(name, names),
                        names.isEmpty() ? "it declares none" : "known are " + String.join(", ", names)));
            }
        }
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        return values;
    }

    private @Nullable Object value(VariableCheck check, List<Problem> problems) {
        WorkflowVariable variable = check.variable();
        Map<String, ?> given = request.variables();
        Object value = variable.defaultValue();
        try {
            value = given.containsKey(variable.name()) ? Json.of(given.get(variable.name()), limits) : value;
        } catch (JsonException e) {
            problems.add(problem(variable, String.valueOf(e.getMessage()), null));
        }
        if (value == null && variable.required()) {
            problems.add(problem(
                    variable,
                    "The variable '" + variable.name() + "' is required and has no value",
                    "set it at the start"));
            return null;
        }
        check.objection(value)
                .ifPresent(objection -> problems.add(problem(variable, objection, "give it a value of its type")));
        return value;
    }

    private static Problem problem(WorkflowVariable variable, String message, @Nullable String hint) {
        return Problem.of(ProblemCode.VARIABLE_VALUE, "/variables/" + variable.name(), null, message, hint);
    }

    private InvalidWorkflowException refused(Problem problem) {
        return refused(List.of(problem));
    }

    private InvalidWorkflowException refused(List<Problem> problems) {
        return new InvalidWorkflowException(
                "Cannot start workflow '" + compiled.workflow().id() + "'", problems);
    }
}
