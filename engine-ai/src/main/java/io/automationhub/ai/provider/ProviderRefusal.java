package io.automationhub.ai.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A provider says that it does not answer. On its way from a protocol to {@link HttpProvider}, which says it to the caller. */
final class ProviderRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What may be done about it. */
    enum Reason {
        /** Too much was asked; later it will do. */
        RATE_LIMIT,
        /** It cannot at the moment. */
        UNAVAILABLE,
        /** The account has no means left, and waiting does not help. */
        QUOTA,
        /** It does not know, or not admit, who asks. */
        AUTH,
        /** There is no such model. */
        MODEL,
        /** What is asked does not fit into the model's window. */
        CONTEXT,
        /** It does not take the request as it is. */
        REQUEST
    }

    private final Reason reason;
    private final String code;
    private final transient @Nullable Duration retryAfter;

    /**
     * @param code what the provider calls it; empty if it has no name for it
     * @param text what the provider says
     * @param retryAfter how long it asks to wait, in its body; null if it does not say so there
     */
    ProviderRefusal(Reason reason, String code, String text, @Nullable Duration retryAfter) {
        super(text, null, false, false);
        this.reason = reason;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    Reason reason() {
        return reason;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
