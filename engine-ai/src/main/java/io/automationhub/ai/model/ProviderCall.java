package io.automationhub.ai.model;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The circumstances of a request to a model.
 *
 * @param label whose request it is, for errors: {@code node 'summary'}
 * @param connection with which the provider is reached; empty for one that needs none
 * @param timeout the most time until the answer is complete
 * @param idleTimeout the most time in which nothing of a stream comes
 * @param cancel ends the request
 * @param now the time on the engine's clock
 * @param files opens the files of messages
 */
public record ProviderCall(
        String label,
        String tenant,
        Optional<Connection> connection,
        Duration timeout,
        Duration idleTimeout,
        CancelSignal cancel,
        Supplier<Instant> now,
        Files files) {

    /** Opens a file of the tenant. Who opens it closes it. */
    @FunctionalInterface
    public interface Files {
        InputStream open(BinaryRef file) throws IOException;
    }
}
