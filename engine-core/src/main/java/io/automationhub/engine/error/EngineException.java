package io.automationhub.engine.error;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/** The root of the exceptions that the engine throws. All are unchecked. */
public class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient JsonObject details;

    /** An exception with a message that says what was attempted, what was found and what to do. */
    public EngineException(String message) {
        this(message, null);
    }

    /** An exception with a message and its cause, which may be null. */
    public EngineException(String message, @Nullable Throwable cause) {
        this(message, JsonObject.EMPTY, cause);
    }

    /**
     * @param details facts beyond the message, which become those of the node's error; no secrets
     * @param cause may be null
     */
    public EngineException(String message, JsonObject details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    /** Facts beyond the message, such as the status of an answer; empty if there are none. */
    @SuppressWarnings("NullAway") // the field is not kept when an exception is serialized
    public final JsonObject details() {
        return details == null ? JsonObject.EMPTY : details;
    }
}
