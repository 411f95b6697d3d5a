package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.model.MediaFiles;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks models over HTTP, in one of the protocols. Safe for use by several threads. */
public final class HttpProvider implements AgentProvider {

    private static final String END = "[DONE]";
    private static final int EXCERPT = 300;

    private final ConnectionClient client;
    private final ModelCatalog catalog;
    private final Protocol protocol;

    HttpProvider(ConnectionClient client, ModelCatalog catalog, Protocol protocol) {
        this.client = client;
        this.catalog = catalog;
        this.protocol = protocol;
    }

    /** OpenAI's Responses. */
    public static HttpProvider openAi(ConnectionClient client, ModelCatalog catalog) {
        return new HttpProvider(client, catalog, new OpenAiResponses());
    }

    /** Chat Completions, of servers that are compatible with OpenAI's. */
    public static HttpProvider chat(ConnectionClient client, ModelCatalog catalog, ChatQuirks quirks) {
        return new HttpProvider(client, catalog, new OpenAiChat(quirks));
    }

    /** Gemini's generateContent. */
    public static HttpProvider gemini(ConnectionClient client, ModelCatalog catalog) {
        return new HttpProvider(client, catalog, new GeminiContent());
    }

    /** Anthropic's Messages. */
    public static HttpProvider anthropic(ConnectionClient client, ModelCatalog catalog) {
        return new HttpProvider(client, catalog, new AnthropicMessages());
    }

    @Override
    public String protocol() {
        return protocol.id();
    }

    @Override
    public ModelAnswer call(ModelRequest request, ProviderCall call) {
        List<String> notes = new ArrayList<>();
        HttpCall http = http(request, call, false, notes);
        return exchange(http, call, (sent, answer) -> {
                    checkStatus(sent, answer, call);
                    return read(json(sent, answer), sent, answer, request, call);
                })
                .withNotes(notes);
    }

    @Override
    public ModelAnswer stream(ModelRequest request, ProviderCall call, Consumer<ModelDelta> listener) {
        List<String> notes = new ArrayList<>();
        HttpCall http = http(request, call, true, notes);
        return exchange(http, call, (sent, answer) -> {
                    checkStatus(sent, answer, call);
                    StreamAssembly assembly = protocol.assembly(listener);
                    try {
                        assemble(assembly, sent, answer, call);
                    } catch (RetriableException e) {
                        throw broken(e, assembly.usage(), request);
                    }
                    return read(masked(assembly.whole(), sent), sent, answer, request, call);
                })
                .withNotes(notes);
    }

    // ---------------------------------------------------------------- what is sent

    private HttpCall http(ModelRequest request, ProviderCall call, boolean stream, List<String> notes) {
        Connection connection = call.connection()
                .orElseThrow(() -> new NonRetriableException(
                        ExecutionError.KIND_CONFIG,
                        "Cannot ask the model '" + request.model() + "' for " + call.label()
                                + ": no connection is named by which its provider is reached; give the node 'connection'",
                        null));
        ModelRequest read = MediaFiles.read(request, call);
        JsonObject body = protocol.body(read, catalog.traits(request.model()), stream, notes);
        HttpCall http = HttpCall.of(call.label(), "POST", connection.resolve(protocol.path(request, stream)))
                .header("accept", stream ? "text/event-stream" : "application/json")
                .body(HttpBody.of("application/json", Json.writeUtf8(merged(body, request.options()))))
                .timeout(call.timeout());
        if (stream) {
            http = http.idleTimeout(call.idleTimeout());
        }
        for (Map.Entry<String, String> header : protocol.headers().entrySet()) {
            http = http.header(header.getKey(), header.getValue());
        }
        return http;
    }

    /** Objects that both have become one; of anything else the option counts. */
    private static JsonObject merged(JsonObject body, JsonObject options) {
        JsonObject merged = body;
        for (Map.Entry<String, Object> option : options.entrySet()) {
            Object own = merged.get(option.getKey());
            merged = merged.with(
                    option.getKey(),
                    own instanceof JsonObject inner && option.getValue() instanceof JsonObject more
                            ? merged(inner, more)
                            : option.getValue());
        }
        return merged;
    }

    private <T> T exchange(HttpCall http, ProviderCall call, ConnectionClient.Reader<T> reader) {
        return client.exchange(
                call.connection(), http, new ConnectionClient.Sender(call.tenant(), call.cancel(), call.now()), reader);
    }

    // ---------------------------------------------------------------- what comes back

    private ModelAnswer read(
            JsonObject body, HttpCall sent, HttpAnswer answer, ModelRequest request, ProviderCall call) {
        try {
            // Not every server counts.
            return TokenEstimate.counted(protocol.answer(body, request), request)
                    .withHead(ProviderFailures.requestId(answer).orElse(null), limits(answer));
        } catch (ProviderRefusal refusal) {
            throw ProviderFailures.of(refusal, sent, answer, call);
        }
    }

    private void checkStatus(HttpCall sent, HttpAnswer answer, ProviderCall call) {
        if (answer.status() / 100 == 2) {
            return;
        }
        String text = text(sent, answer);
        JsonObject body = JsonObject.EMPTY;
        try {
            Object parsed = Json.parse(text);
            // Gemini wraps the error of a stream in a list.
            Object inner = parsed instanceof JsonArray list && !list.isEmpty() ? list.get(0) : parsed;
            body = inner instanceof JsonObject object ? object : body;
        } catch (JsonException e) {
            body = JsonObject.of("text", shortened(text));
        }
        throw ProviderFailures.of(protocol.refusal(answer.status(), body), sent, answer, call);
    }

    private static String text(HttpCall sent, HttpAnswer answer) {
        return sent.masked(new String(answer.bytes(), answer.charset()));
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").trim();
        return line.length() > EXCERPT ? line.substring(0, EXCERPT) + "…" : line;
    }

    private static JsonObject json(HttpCall sent, HttpAnswer answer) {
        String text = text(sent, answer);
        try {
            if (Json.parse(text) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonException e) {
            throw noJson(sent, answer, text, e);
        }
        throw noJson(sent, answer, text, null);
    }

    private static NonRetriableException noJson(
            HttpCall sent, HttpAnswer answer, String text, @Nullable JsonException cause) {
        return new NonRetriableException(
                HttpDoor.KIND_CONTENT,
                "The answer to " + sent + " for " + sent.label() + " is no JSON object but "
                        + answer.mediaType().orElse("of no known type") + ", and begins with '" + shortened(text)
                        + "'; look at the base URL of the connection",
                JsonObject.of("status", answer.status()),
                cause);
    }

    private Map<String, String> limits(HttpAnswer answer) {
        Map<String, String> limits = new TreeMap<>();
        answer.headers().forEach((name, value) -> {
            if (protocol.isLimit(name)) {
                limits.put(name, value);
            }
        });
        return limits;
    }

    // ---------------------------------------------------------------- streams

    private static void assemble(StreamAssembly assembly, HttpCall sent, HttpAnswer answer, ProviderCall call) {
        // Some servers that are compatible with a provider's do not say what it is.
        if (!answer.mediaType().orElse("text/event-stream").equals("text/event-stream")) {
            throw noJson(sent, answer, text(sent, answer), null);
        }
        ServerEvents events = new ServerEvents(answer.body());
        try {
            for (ServerEvents.Event event = events.next(); event != null; event = events.next()) {
                if (event.data().equals(END)) {
                    break;
                }
                assembly.accept(object(sent.masked(event.data()), sent));
            }
        } catch (ProviderRefusal refusal) {
            throw ProviderFailures.of(refusal, sent, answer, call);
        } catch (IOException e) {
            throw endedEarly(sent, e);
        }
        if (!assembly.isComplete()) {
            throw endedEarly(sent, null);
        }
    }

    /** A credential that came in two pieces is one only in the whole. */
    private static JsonObject masked(JsonObject whole, HttpCall sent) {
        String text = Json.write(whole);
        String masked = sent.masked(text);
        return masked.equals(text) ? whole : Json.object(Json.parse(masked));
    }

    private static JsonObject object(String data, HttpCall sent) {
        try {
            Object event = Json.parse(data);
            Object inner = event instanceof JsonArray list && !list.isEmpty() ? list.get(0) : event;
            if (inner instanceof JsonObject object) {
                return object;
            }
        } catch (JsonException e) {
            throw new RetriableException(
                    HttpDoor.KIND_NETWORK,
                    "The stream that answers " + sent + " for " + sent.label() + " has an event that is no JSON: "
                            + shortened(data),
                    null,
                    e);
        }
        return JsonObject.EMPTY;
    }

    private static RetriableException endedEarly(HttpCall sent, @Nullable IOException cause) {
        return new RetriableException(
                HttpDoor.KIND_NETWORK,
                "The stream that answers " + sent + " for " + sent.label() + " ended before the answer was complete",
                null,
                cause);
    }

    /** A stream that breaks has used what it has used. */
    private static RetriableException broken(RetriableException failure, Usage usage, ModelRequest request) {
        Usage used = usage.input() == 0 ? TokenEstimate.of(request).plus(usage) : usage;
        return new RetriableException(
                failure.kind(),
                String.valueOf(failure.getMessage()),
                failure.details().with("usage", used.asEstimate().toJson()),
                failure.retryAfter().orElse(null),
                failure);
    }
}
