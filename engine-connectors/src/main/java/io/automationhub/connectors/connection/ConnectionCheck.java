package io.automationhub.connectors.connection;

import org.jspecify.annotations.Nullable;

/**
 * Whether a connection works, as it was tried.
 *
 * @param kind of the failure, as a node's error would have it; null if it works
 * @param message what was found, and what to do if it does not work; without secrets
 */
public record ConnectionCheck(@Nullable String kind, String message) {

    /** Whether its server was reached and took the credentials. */
    public boolean works() {
        return kind == null;
    }
}
