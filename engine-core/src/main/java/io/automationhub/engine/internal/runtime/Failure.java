package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a throwable of a node means to its run.
 *
 * @param retriable whether another attempt can help at all
 * @param retryAfterNanos the wait that was asked for; negative if none was
 */
record Failure(String kind, String message, boolean retriable, long retryAfterNanos, JsonObject details) {

    private static final int MAX_CAUSES = 20;

    /** A failure that no further attempt can mend. */
    static Failure permanent(String kind, String message) {
        return new Failure(kind, message, false, -1, JsonObject.EMPTY);
    }

    /** @param stopped whether the attempt had been asked to end, so that an interrupt is its answer */
    static Failure of(Throwable thrown, boolean stopped) {
        Throwable cause = unwrapped(thrown);
        if (stopped && isInterrupt(cause)) {
            return permanent(ExecutionError.KIND_CANCELLED, "The attempt was cancelled");
        }
        if (cause instanceof RetriableException e) {
            long after = e.retryAfter().map(wait -> Math.max(0, wait.toNanos())).orElse(-1L);
            return new Failure(e.kind(), message(e), true, after, e.details());
        }
        if (cause instanceof NonRetriableException e) {
            return new Failure(e.kind(), message(e), false, -1, e.details());
        }
        // A kind of its own says what it is; of any other exception its class does.
        JsonObject details = JsonObject.of("exception", cause.getClass().getName());
        boolean retriable = cause instanceof Exception && !(cause instanceof JsonException);
        return new Failure(ExecutionError.KIND_ERROR, message(cause), retriable, -1, details);
    }

    JsonObject toJson(String node) {
        return new ExecutionError(kind, message, node, details).toJson();
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isInterrupt(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof InterruptedException
                    || cause instanceof CancellationException
                    || cause instanceof ClosedByInterruptException
                    || cause instanceof java.io.InterruptedIOException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
