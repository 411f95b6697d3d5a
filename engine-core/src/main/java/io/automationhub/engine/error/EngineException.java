package io.automationhub.engine.error;

import org.jspecify.annotations.Nullable;

/** The root of the exceptions that the engine throws. All are unchecked. */
public class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message that says what was attempted, what was found and what to do. */
    public EngineException(String message) {
        super(message);
    }

    /** An exception with a message and its cause, which may be null. */
    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
