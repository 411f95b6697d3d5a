package io.automationhub.ai.call;

import io.automationhub.engine.error.RetriableException;
import java.time.Duration;
import java.util.List;

/** A provider asks to wait for longer than a thread should; whoever can wait otherwise does, and calls again. */
public final class LongWaitException extends RetriableException {

    private static final long serialVersionUID = 1L;

    private final transient List<ModelAttempt> attempts;

    LongWaitException(RetriableException cause, Duration wait, List<ModelAttempt> attempts) {
        super(cause.kind(), String.valueOf(cause.getMessage()), cause.details(), wait, cause);
        this.attempts = List.copyOf(attempts);
    }

    /** What was tried until then. */
    public List<ModelAttempt> attempts() {
        return attempts;
    }
}
