package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.connectors.secret.SecretStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends calls with the credentials of the connection that a node names. Safe for use by several threads. */
public final class ConnectionClient {

    private static final int UNAUTHORIZED = 401;

    private final HttpDoor door;
    private final Connections connections;
    private final SecretStore secrets;

    /**
     * @param connections that nodes may name
     * @param secrets that connections may name
     */
    public ConnectionClient(HttpDoor door, Connections connections, SecretStore secrets) {
        this.door = door;
        this.connections = connections;
        this.secrets = secrets;
    }

    /** The connections that nodes may name. */
    public Connections connections() {
        return connections;
    }

    /**
     * Who sends.
     *
     * @param now the time on the engine's clock
     */
    public record Sender(String tenant, CancelSignal cancel, Supplier<Instant> now) {}

    /** Reads an answer, with the call as it was sent: only that one can mask its credentials. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(HttpCall sent, HttpAnswer answer);
    }

    /**
     * Sends a call and reads the answer. When the server does not accept the credentials, and the authentication can have
     * others, it is sent once more. Fails as {@link HttpDoor#send} does.
     *
     * @param connection empty to send it without credentials
     */
    public <T> T exchange(Optional<Connection> connection, HttpCall call, Sender sender, Reader<T> reader) {
        if (connection.isEmpty()) {
            return read(call, sender, reader);
        }
        Connection used = connection.get();
        Authentication.Context context = new CallContext("connection '" + used.id() + "'", sender);
        HttpCall first = used.prepared(call, context);
        HttpAnswer answer = door.send(first, sender.cancel());
        try (answer) {
            if (answer.status() != UNAUTHORIZED || !used.refused(first, answer)) {
                return reader.read(first, answer);
            }
        }
        return read(used.prepared(call, context), sender, reader);
    }

    private <T> T read(HttpCall call, Sender sender, Reader<T> reader) {
        try (HttpAnswer answer = door.send(call, sender.cancel())) {
            return reader.read(call, answer);
        }
    }

    /** What an authentication sees of one call. */
    private final class CallContext implements Authentication.Context {

        private final String label;
        private final Sender sender;

        CallContext(String label, Sender sender) {
            this.label = label;
            this.sender = sender;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public Instant now() {
            return sender.now().get();
        }

        @Override
        public String reveal(SecretRef secret) {
            return secret.in(secrets, sender.tenant()).reveal();
        }

        @Override
        public <T> T exchange(HttpCall call, Function<HttpAnswer, T> reader) {
            return read(call, sender, (sent, answer) -> reader.apply(answer));
        }
    }
}
