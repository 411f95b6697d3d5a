package io.automationhub.ai.mcp;

import io.automationhub.ai.provider.ServerEvents;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpTransportException;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Streamable HTTP of MCP through the door, with the credentials of a connection. Each message is a POST, whose answer is a message, a
 * stream of them, or nothing; messages that a server sends unasked on a stream of its own are not heard. Safe for use by several threads.
 */
final class DoorTransport implements McpClientTransport {

    private static final String EVENTS = "text/event-stream";
    private static final int NOT_FOUND = 404;
    private static final int ERROR = 400;
    private static final int MOST_SHOWN = 300;

    private final ConnectionClient client;
    private final Optional<Connection> connection;
    private final String tenant;
    private final String label;
    private final String url;
    private final Duration timeout;
    private final McpJsonMapper json;
    private final AtomicReference<@Nullable String> session = new AtomicReference<>();
    private final AtomicReference<@Nullable String> version = new AtomicReference<>();
    private volatile @Nullable Function<Mono<McpSchema.JSONRPCMessage>, Mono<McpSchema.JSONRPCMessage>> handler;

    DoorTransport(
            ConnectionClient client,
            Optional<Connection> connection,
            String tenant,
            String label,
            String url,
            Duration timeout,
            McpJsonMapper json) {
        this.client = client;
        this.connection = connection;
        this.tenant = tenant;
        this.label = label;
        this.url = url;
        this.timeout = timeout;
        this.json = json;
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2025_03_26, ProtocolVersions.MCP_2025_06_18, ProtocolVersions.MCP_2025_11_25);
    }

    @Override
    public Mono<Void> connect(Function<Mono<McpSchema.JSONRPCMessage>, Mono<McpSchema.JSONRPCMessage>> received) {
        handler = received;
        session.set(null);
        version.set(null);
        return Mono.empty();
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        return Mono.<Void>fromRunnable(() -> post(message)).subscribeOn(Schedulers.boundedElastic());
    }

    private void post(McpSchema.JSONRPCMessage message) {
        try {
            HttpCall call = call("POST")
                    .header("Accept", "application/json, " + EVENTS)
                    .body(HttpBody.of(
                            "application/json", json.writeValueAsString(message).getBytes(StandardCharsets.UTF_8)));
            Boolean unused = exchange(call);
        } catch (IOException e) {
            throw new McpTransportException("Cannot write a message for " + label, e);
        }
    }

    private HttpCall call(String method) {
        HttpCall call = HttpCall.of(label, method, url).timeout(timeout);
        String current = session.get();
        String spoken = version.get();
        call = current == null ? call : call.header(HttpHeaders.MCP_SESSION_ID, current);
        return spoken == null ? call : call.header(HttpHeaders.PROTOCOL_VERSION, spoken);
    }

    private Boolean exchange(HttpCall call) {
        ConnectionClient.Sender sender = new ConnectionClient.Sender(tenant, action -> () -> {}, Instant::now);
        return client.exchange(connection, call, sender, (sent, answer) -> {
            try {
                read(sent, answer);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(sent.masked(String.valueOf(e.getMessage())), e);
            }
        });
    }

    private void read(HttpCall sent, HttpAnswer answer) throws IOException {
        answer.header(HttpHeaders.MCP_SESSION_ID).ifPresent(session::set);
        if (answer.status() == NOT_FOUND && sent.headers().containsKey(HttpHeaders.MCP_SESSION_ID)) {
            throw new McpTransportSessionNotFoundException(session.get());
        }
        if (answer.status() >= ERROR) {
            throw new McpTransportException(label + " answers " + answer.status() + ": "
                    + sent.masked(shortened(new String(answer.bytes(), answer.charset()))));
        }
        String type = answer.mediaType().orElse("");
        if (type.equals(EVENTS)) {
            ServerEvents events = new ServerEvents(answer.body());
            for (ServerEvents.Event event = events.next(); event != null; event = events.next()) {
                receive(event.data());
            }
        } else if (type.equals("application/json")) {
            receive(new String(answer.bytes(), StandardCharsets.UTF_8));
        }
    }

    private void receive(String text) throws IOException {
        Function<Mono<McpSchema.JSONRPCMessage>, Mono<McpSchema.JSONRPCMessage>> to = handler;
        if (text.isBlank() || to == null) {
            return;
        }
        McpSchema.JSONRPCMessage message = McpSchema.deserializeJsonRpcMessage(json, text);
        if (message instanceof McpSchema.JSONRPCResponse response
                && response.result() instanceof Map<?, ?> result
                && result.get("protocolVersion") instanceof String spoken) {
            version.set(spoken);
        }
        McpSchema.JSONRPCMessage unused = to.apply(Mono.just(message)).block();
    }

    private static String shortened(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    }

    /** The server may forget the session; whether it does is its own affair. */
    @Override
    public Mono<Void> closeGracefully() {
        return session.get() == null
                ? Mono.empty()
                : Mono.<Void>fromRunnable(() -> {
                            Boolean unused = exchange(call("DELETE"));
                        })
                        .subscribeOn(Schedulers.boundedElastic())
                        .onErrorComplete();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }
}
