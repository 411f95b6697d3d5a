package io.automationhub.connectors.request;

import java.time.Instant;

/** A request has its place in a rate, and the time of that has not come. */
final class TooEarlyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Instant until;

    TooEarlyException(Instant until) {
        super("Not before " + until, null, false, false);
        this.until = until;
    }

    Instant until() {
        return until;
    }
}
