package io.automationhub.connectors.connection;

import io.automationhub.connectors.secret.SecretRef;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a system that calls shows who it is. Immutable. */
public interface WebhookSignature {

    /**
     * What a check may use.
     *
     * @param now the time on the engine's clock
     */
    record Context(Instant now, Revealer revealer) {}

    /** Gives the value of a secret that a connection names. */
    @FunctionalInterface
    interface Revealer {
        String reveal(SecretRef secret);
    }

    /**
     * That a call is from whom it should be.
     *
     * @param id what the call and its repetitions have in common, and no other call has, as far as the caller signed it; null if
     *     it cannot be told
     * @param reply what the caller is to be answered, and no more, as when it tries whether the address is right; null for a
     *     call like any other
     */
    record Verified(@Nullable String id, @Nullable String reply) {}

    /** A call is not from whom it should be, or is too old. */
    final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Looks whether a call is from whom it should be.
     *
     * @throws RefusedException if it is not, or its time is too far from now; the message says which, without secrets
     */
    Verified verify(WebhookDelivery delivery, Context context);

    /** The headers that have credentials, by lower-case name: no workflow sees them. */
    Set<String> credentialHeaders();
}
