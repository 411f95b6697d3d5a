package io.automationhub.ai.guard;

/** Looks at each text that goes to a model, or comes from one. Implementations are safe for use by several threads and quick. */
public interface Guardrail {

    /** What it is called in errors and notes. */
    String name();

    /** What is to become of a text. */
    Verdict check(String text);
}
