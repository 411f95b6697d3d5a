package io.automationhub.engine.error;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/** Thrown by a node whose failure will not pass: wrong configuration, a refused request. It is never retried. */
public class NonRetriableException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String kind;

    /** A failure of kind {@code error}. */
    public NonRetriableException(String message) {
        this(ExecutionError.KIND_ERROR, message, null);
    }

    /**
     * @param kind a lower-case word such as {@code config}
     * @param cause may be null
     */
    public NonRetriableException(String kind, String message, @Nullable Throwable cause) {
        this(kind, message, JsonObject.EMPTY, cause);
    }

    /**
     * @param kind a lower-case word such as {@code config}
     * @param details facts beyond the message
     * @param cause may be null
     */
    public NonRetriableException(String kind, String message, JsonObject details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.kind = kind;
    }

    /** The kind of failure, a lower-case word. */
    public final String kind() {
        return kind;
    }
}
