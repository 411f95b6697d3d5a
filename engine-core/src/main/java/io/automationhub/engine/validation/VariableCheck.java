package io.automationhub.engine.validation;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A variable with its schema compiled. Immutable and safe for use by several threads. */
public final class VariableCheck {

    private final WorkflowVariable variable;
    private final @Nullable JsonSchema schema;

    private VariableCheck(WorkflowVariable variable, @Nullable JsonSchema schema) {
        this.variable = variable;
        this.schema = schema;
    }

    /**
     * The check of a variable.
     *
     * @throws IllegalArgumentException if its schema is none
     */
    public static VariableCheck of(WorkflowVariable variable) {
        JsonObject schema = variable.schema();
        return new VariableCheck(variable, schema == null ? null : JsonSchema.compileChecked(schema));
    }

    /** The variable. */
    public WorkflowVariable variable() {
        return variable;
    }

    /** Why the variable cannot hold a value; empty if it can. Null fits every variable that is not required. */
    public Optional<String> objection(@Nullable Object value) {
        if (value == null) {
            return variable.required()
                    ? Optional.of("The variable '" + variable.name() + "' is required, so it cannot be null")
                    : Optional.empty();
        }
        if (!variable.type().accepts(value)) {
            return Optional.of(variable.mismatch(value));
        }
        return schema == null
                ? Optional.empty()
                : schema.validate(value).stream()
                        .findFirst()
                        .map(violation -> "The variable '" + variable.name() + "' does not fit its schema"
                                + (violation.pointer().isEmpty() ? "" : " at " + violation.pointer()) + ": "
                                + violation.message());
    }
}
