package io.automationhub.engine.store;

import io.automationhub.engine.error.EngineException;

/**
 * Stands between the values of runs and the rows of a store: compresses them, encrypts them. Each row says which codecs
 * wrote it, so one can be added or taken away while there are rows; it must stay known as long as there are rows of it.
 * Implementations are safe for use by several threads.
 */
public interface PayloadCodec {

    /** What rows call it: 1 to 16 lower-case letters, digits and dashes. */
    String name();

    /** What is stored in place of these bytes; the same array if it does not apply to them. */
    byte[] encode(byte[] plain);

    /**
     * What was given to {@link #encode}.
     *
     * @throws PayloadException if it cannot be read: it was changed, or written with a key that is not known
     */
    byte[] decode(byte[] stored);

    /** A stored value cannot be read. */
    final class PayloadException extends EngineException {

        private static final long serialVersionUID = 1L;

        public PayloadException(String message, Throwable cause) {
            super(message, cause);
        }

        public PayloadException(String message) {
            super(message);
        }
    }
}
