package io.automationhub.ai.model;

/** Whether a model calls tools. Some models decide that themselves, and take {@link Auto} and {@link None} alone. */
public sealed interface ToolChoice {

    /** As it likes. */
    record Auto() implements ToolChoice {}

    /** None. */
    record None() implements ToolChoice {}

    /** At least one. */
    record Required() implements ToolChoice {}

    /** This one. */
    record Named(String tool) implements ToolChoice {}
}
