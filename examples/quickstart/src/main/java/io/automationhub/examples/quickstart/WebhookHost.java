package io.automationhub.examples.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.automationhub.connectors.webhook.WebhookAnswer;
import io.automationhub.connectors.webhook.WebhookRequest;
import io.automationhub.connectors.webhook.Webhooks;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Hands the calls of an HTTP server to the workflows that wait for them: here the JDK's own server, below {@code /hooks}. With a
 * servlet or a web framework the same few lines stand in a handler.
 */
public final class WebhookHost implements AutoCloseable {

    private static final String PLACE = "/hooks";

    private final Webhooks webhooks;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * A host on this port of this machine.
     *
     * @param port 0 for a free one
     */
    public WebhookHost(Webhooks webhooks, int port) throws IOException {
        this.webhooks = webhooks;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext(PLACE, this::handle);
        server.start();
    }

    /** Where it is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PLACE;
    }

    private void handle(HttpExchange call) throws IOException {
        try (call) {
            WebhookAnswer answer = webhooks.handle(new WebhookRequest(
                    WorkflowEngine.DEFAULT_TENANT,
                    call.getRequestMethod(),
                    "http://" + call.getRequestHeaders().getFirst("Host") + call.getRequestURI(),
                    call.getRequestURI().getRawPath().substring(PLACE.length()),
                    call.getRequestHeaders(),
                    call.getRequestBody()));
            send(call, answer);
        } catch (EngineException e) {
            // The store cannot be reached; the caller tries again.
            call.sendResponseHeaders(503, -1);
        }
    }

    private static void send(HttpExchange call, WebhookAnswer answer) throws IOException {
        answer.headers().forEach(call.getResponseHeaders()::set);
        if (answer.body() == null) {
            call.sendResponseHeaders(answer.status(), -1);
            return;
        }
        call.getResponseHeaders().set("Content-Type", answer.body().mediaType());
        call.sendResponseHeaders(answer.status(), answer.body().length());
        try (OutputStream out = call.getResponseBody()) {
            answer.body().writeTo(out);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
