package io.automationhub.engine.error;

import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a node whose failure may pass: a time-out, a busy server. The node's retry policy decides whether it is
 * tried again; this type adds a kind for {@code retryOn} and {@code abortOn}, and a wait that the other side asked for.
 */
public class RetriableException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String kind;
    private final @Nullable Duration retryAfter;

    /** A failure of kind {@code error}. */
    public RetriableException(String message) {
        this(ExecutionError.KIND_ERROR, message, null, null);
    }

    /**
     * @param kind a lower-case word such as {@code rate-limit}
     * @param retryAfter how long the other side asked to wait; null if it did not. It takes the place of the policy's
     *     delay and is not capped by {@code maxDelay}, but never reaches beyond a deadline
     * @param cause may be null
     */
    public RetriableException(String kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        this(kind, message, JsonObject.EMPTY, retryAfter, cause);
    }

    /**
     * @param kind a lower-case word such as {@code rate-limit}
     * @param details facts beyond the message
     * @param retryAfter how long the other side asked to wait; null if it did not
     * @param cause may be null
     */
    public RetriableException(
            String kind, String message, JsonObject details, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, details, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** The kind of failure, a lower-case word. */
    public final String kind() {
        return kind;
    }

    /** How long the other side asked to wait. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
