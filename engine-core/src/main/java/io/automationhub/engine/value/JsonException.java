package io.automationhub.engine.value;

/**
 * Something could not become a JSON value: text that is not JSON, a Java object without a JSON form, or a value beyond
 * its limits. The message says where, what was found and what to do.
 */
public final class JsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** What kind of trouble it was. */
    public enum Reason {
        /** The text is not JSON. */
        MALFORMED,
        /** An object of the text has the same key twice. */
        DUPLICATE_KEY,
        /** Larger than the limit. */
        TOO_LARGE,
        /** Nested deeper than the limit; a value that contains itself is too deep, too. */
        TOO_DEEP,
        /** A Java object (or a number such as NaN) that has no JSON form. */
        NOT_JSON
    }

    private final Reason reason;

    JsonException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    JsonException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of trouble it was. */
    public Reason reason() {
        return reason;
    }
}
