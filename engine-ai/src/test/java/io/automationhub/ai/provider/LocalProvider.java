package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import okio.Buffer;
import okio.BufferedSink;

/** A server on this machine that answers as a test says, and the providers that ask it. */
final class LocalProvider implements AutoCloseable {

    static final String KEY = "sk-0123456789-abcdefghij";
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    static final String TENANT = "acme";

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final ConnectorsModule connectors = ConnectorsModule.builder()
            .door(door)
            .connections(connections)
            .secrets(new InMemorySecrets().put(TENANT, "key", KEY))
            .build();

    void start() throws IOException {
        server.start();
        for (Connector connector : ProviderConnectors.all()) {
            boolean header =
                    connector.id().equals("anthropic") || connector.id().equals("gemini");
            JsonObject given = Json.object(Json.parse("{\"baseUrl\": \"" + server.url("/") + "\", \"auth\": "
                    + (header
                            ? "{\"type\": \"apiKey\", \"value\": {\"$secret\": \"key\"}}"
                            : "{\"type\": \"bearer\", \"token\": {\"$secret\": \"key\"}}")
                    + "}"));
            connections.put(
                    TENANT, Connection.of(connector.id(), connector.connection(given), AuthenticationMethods.STANDARD));
        }
    }

    MockWebServer server() {
        return server;
    }

    ConnectorsModule connectors() {
        return connectors;
    }

    HttpProvider provider(WireProtocol protocol) {
        return new HttpProvider(connectors.client(), ModelCatalog.standard(), protocol.protocol());
    }

    ProviderCall call(WireProtocol protocol) {
        return call(protocol, Duration.ofSeconds(20), CancelSignal.NONE);
    }

    ProviderCall call(WireProtocol protocol, Duration timeout, CancelSignal cancel) {
        return call(protocol, timeout, timeout, cancel);
    }

    ProviderCall call(WireProtocol protocol, Duration timeout, Duration idleTimeout, CancelSignal cancel) {
        return new ProviderCall(
                "node 'ask'",
                TENANT,
                Optional.of(connections.find(TENANT, protocol.connector()).orElseThrow()),
                timeout,
                idleTimeout,
                cancel,
                () -> NOW,
                file -> {
                    throw new IOException("There are no files here");
                });
    }

    /** Bytes that come in pieces, each of which is sent by itself. */
    void enqueueStream(byte[] bytes, int... cuts) {
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .addHeader("Content-Type", "text/event-stream")
                .body(new MockResponseBody() {
                    @Override
                    public long getContentLength() {
                        return bytes.length;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        int from = 0;
                        for (int cut : cuts) {
                            sink.write(bytes, from, cut - from).flush();
                            from = cut;
                        }
                        sink.write(bytes, from, bytes.length - from).flush();
                    }
                })
                .build());
    }

    void enqueue(int status, String mediaType, String body) {
        server.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", mediaType)
                .body(new Buffer().writeUtf8(body))
                .build());
    }

    @Override
    public void close() {
        door.close();
        server.close();
    }
}
