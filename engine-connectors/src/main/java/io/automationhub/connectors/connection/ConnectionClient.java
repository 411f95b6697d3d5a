package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SealedDocuments;
import io.automationhub.connectors.secret.SecretKeys;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.connectors.secret.SecretStore;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.store.DocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends calls with the credentials of the connection that a node names. Safe for use by several threads. */
public final class ConnectionClient {

    /** The collections of tokens that people agreed to, and of consents that were begun. */
    private static final String TOKENS = "connection-tokens";

    private static final String CONSENTS = "connection-consents";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;
    private static final Set<String> SERVER_FAILURES = Set.of(HttpDoor.KIND_NETWORK, ExecutionError.KIND_TIMEOUT);
    private static final String KIND_STATUS = "http-status";
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(30);

    private final HttpDoor door;
    private final Connections connections;
    private final SecretStore secrets;
    private final ConnectionTraffic traffic;
    private final DocumentStore documents;
    private final @Nullable SecretKeys keys;

    /**
     * @param connections that nodes may name
     * @param secrets that connections may name
     * @param documents in which processes share what they know of connections
     * @param keys under which tokens are kept there; null if none are to be
     */
    public ConnectionClient(
            HttpDoor door,
            Connections connections,
            SecretStore secrets,
            DocumentStore documents,
            @Nullable SecretKeys keys) {
        this.door = door;
        this.connections = connections;
        this.secrets = secrets;
        this.documents = documents;
        this.keys = keys;
        traffic = new ConnectionTraffic(documents);
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

    /** Whether a connection bounds how many requests it begins. */
    public static boolean hasRate(Connection connection) {
        return connection.rate().isPresent();
    }

    /**
     * When a request of a connection may begin, which is counted from then on: now, or later if the rate of the connection
     * does not allow it yet. Others that come later begin later.
     */
    public Instant place(Connection connection, Sender sender) {
        Instant now = sender.now().get();
        return connection
                .rate()
                .map(rate -> traffic.place(sender.tenant(), connection.id(), rate, now))
                .orElse(now);
    }

    Authentication.Context context(Connection connection, Sender sender) {
        return new CallContext(connection.id(), sender);
    }

    /**
     * Lets people agree to connections.
     *
     * @throws NonRetriableException kind {@code config}, if there are no keys
     */
    public OAuthConsent consent(Supplier<Instant> now) {
        return new OAuthConsent(this, sealed(CONSENTS, "consent"), now);
    }

    /**
     * Encrypts the tokens of a tenant's connections under the current key, as {@link
     * io.automationhub.connectors.secret.StoredSecrets#rotate} does with secrets.
     *
     * @return how many it encrypted anew
     */
    public int rotate(String tenant) {
        return tokens().rotate(tenant);
    }

    /** What people agreed to, by the connection's id. */
    SealedDocuments tokens() {
        return sealed(TOKENS, "tokens of the connection");
    }

    private SealedDocuments sealed(String collection, String what) {
        if (keys == null) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "Tokens that people agree to are kept encrypted, and there are no keys for that; give them by"
                            + " ConnectorsModule.builder().keys(…)",
                    null);
        }
        return new SealedDocuments(documents, keys, collection, what);
    }

    /** The value of a secret that a connection of a tenant names. */
    public WebhookSignature.Revealer revealer(String tenant) {
        return secret -> secret.in(secrets, tenant).reveal();
    }

    /** How a connection fares. */
    public ConnectionHealth health(String tenant, String id) {
        return traffic.health(tenant, id);
    }

    /**
     * Sends a call and reads the answer. When the server does not accept the credentials, and the authentication can have
     * others, it is sent once more. Fails as {@link HttpDoor#send} does.
     *
     * @param connection empty to send it without credentials
     * @throws RetriableException kind {@code unavailable}, if the connection is left alone because its server fails
     */
    public <T> T exchange(Optional<Connection> connection, HttpCall call, Sender sender, Reader<T> reader) {
        if (connection.isEmpty()) {
            return read(call, sender, reader);
        }
        Connection used = connection.get();
        Optional<CircuitBreaker> breaker = used.breaker();
        return breaker.isPresent()
                ? guarded(used, breaker.get(), call, sender, reader)
                : authenticated(used, call, sender, reader);
    }

    /** Watches whether the server fails; what it refuses is no failure of it. */
    private <T> T guarded(Connection used, CircuitBreaker breaker, HttpCall call, Sender sender, Reader<T> reader) {
        String tenant = sender.tenant();
        long failures = traffic.admit(tenant, used.id(), breaker, sender.now().get());
        int[] status = new int[1];
        boolean serverFailed = false;
        try {
            return authenticated(used, call, sender, (sent, answer) -> {
                status[0] = answer.status();
                return reader.read(sent, answer);
            });
        } catch (RetriableException e) {
            serverFailed = SERVER_FAILURES.contains(e.kind());
            throw e;
        } finally {
            if (serverFailed || status[0] >= SERVER_ERROR) {
                traffic.failed(tenant, used.id(), breaker, sender.now().get());
            } else if (failures > 0 && status[0] != 0) {
                traffic.succeeded(tenant, used.id());
            }
        }
    }

    private <T> T authenticated(Connection used, HttpCall call, Sender sender, Reader<T> reader) {
        Authentication.Context context = context(used, sender);
        HttpCall first = used.prepared(call, context);
        HttpAnswer answer = door.send(first, sender.cancel());
        try (answer) {
            if (answer.status() != UNAUTHORIZED || !used.refused(first, answer)) {
                return reader.read(first, answer);
            }
        }
        return read(used.prepared(call, context), sender, reader);
    }

    /**
     * Tries whether a connection works, by a GET of its {@code test}, or of its base URL if it has none.
     *
     * @param now the time on the engine's clock
     */
    public ConnectionCheck check(String tenant, String id, Supplier<Instant> now) {
        try {
            Connection connection = connections.named(tenant, id).orElseThrow();
            HttpCall call = HttpCall.of("the check of connection '" + id + "'", "GET", connection.testUrl());
            return exchange(
                    Optional.of(connection),
                    call.timeout(CHECK_TIMEOUT),
                    new Sender(tenant, CancelSignal.NONE, now),
                    (sent, answer) -> checked(sent, answer, connection.hasTest()));
        } catch (RetriableException | NonRetriableException | IllegalArgumentException e) {
            String kind = e instanceof RetriableException passing
                    ? passing.kind()
                    : e instanceof NonRetriableException lasting ? lasting.kind() : Connections.KIND_CONNECTION;
            return new ConnectionCheck(kind, String.valueOf(e.getMessage()));
        }
    }

    private static ConnectionCheck checked(HttpCall call, HttpAnswer answer, boolean certain) {
        int status = answer.status();
        String found = call + " was answered by status " + status;
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return new ConnectionCheck(
                    Authentication.KIND_AUTH,
                    found + ": the credentials are not accepted; look at 'auth' and its secrets");
        }
        if (certain) {
            return status / 100 == 2
                    ? new ConnectionCheck(null, found)
                    : new ConnectionCheck(KIND_STATUS, found + "; look at 'test' and 'baseUrl'");
        }
        return status >= SERVER_ERROR
                ? new ConnectionCheck(KIND_STATUS, found + ": the server failed")
                : new ConnectionCheck(
                        null, found + "; a path in 'test' would show whether the credentials are accepted");
    }

    private <T> T read(HttpCall call, Sender sender, Reader<T> reader) {
        try (HttpAnswer answer = door.send(call, sender.cancel())) {
            return reader.read(call, answer);
        }
    }

    /** What an authentication sees of one call. */
    private final class CallContext implements Authentication.Context {

        private final String connection;
        private final Sender sender;

        CallContext(String connection, Sender sender) {
            this.connection = connection;
            this.sender = sender;
        }

        @Override
        public String label() {
            return "connection '" + connection + "'";
        }

        @Override
        public KeptCredentials kept() {
            SealedDocuments tokens = tokens();
            return new KeptCredentials() {
                @Override
                public Optional<SealedDocuments.Opened> find() {
                    return tokens.find(sender.tenant(), connection);
                }

                @Override
                public boolean put(long expected, String text) {
                    return tokens.put(sender.tenant(), connection, expected, text);
                }
            };
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
