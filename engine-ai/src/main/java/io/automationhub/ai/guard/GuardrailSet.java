package io.automationhub.ai.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * Guardrails, in the order in which they look.
 *
 * @param input at what goes to a model
 * @param output at what it answers
 */
public record GuardrailSet(List<Guardrail> input, List<Guardrail> output) {

    /** None. */
    public static final GuardrailSet NONE = new GuardrailSet(List.of(), List.of());

    public GuardrailSet {
        input = List.copyOf(input);
        output = List.copyOf(output);
    }

    /** These, and others behind them. */
    public GuardrailSet plus(GuardrailSet others) {
        return others.equals(NONE)
                ? this
                : new GuardrailSet(joined(input, others.input), joined(output, others.output));
    }

    private static List<Guardrail> joined(List<Guardrail> first, List<Guardrail> then) {
        List<Guardrail> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }
}
