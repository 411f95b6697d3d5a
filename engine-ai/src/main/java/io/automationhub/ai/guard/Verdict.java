package io.automationhub.ai.guard;

/** What is to become of a text. */
public sealed interface Verdict {

    /** It passes. */
    Verdict PASS = new Pass();

    /** It passes as it is. */
    record Pass() implements Verdict {}

    /** Another text passes in its place. */
    record Redact(String text) implements Verdict {

        /** Without the text, in which something may be left. */
        @Override
        public String toString() {
            return "Redact";
        }
    }

    /**
     * The model is to say it otherwise. Of what goes to a model it is as {@link Fail}.
     *
     * @param reason told to the model
     */
    record Retry(String reason) implements Verdict {}

    /** It does not pass, and the call fails. */
    record Fail(String reason) implements Verdict {}
}
