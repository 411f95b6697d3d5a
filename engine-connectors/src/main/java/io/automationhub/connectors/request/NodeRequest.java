package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt of a node sends calls and reads the answers: its connection, what is a success, and what becomes of a body.
 * For use by one thread.
 */
public final class NodeRequest {

    /** The schema of what a node's configuration says of pages. */
    public static final JsonObject PAGINATION = configured("pagination");

    /** The schema of the most pages to ask for. */
    public static final JsonObject MAX_PAGES =
            Json.object(Json.object(PAGINATION.get("properties")).get("maxPages"));

    private static final Set<String> NOT_IDEMPOTENT = Set.of("POST", "PATCH");

    private final ConnectionClient client;
    private final Optional<Connection> connection;
    private final StatusRule statuses;
    private final String response;
    private final ExecutionContext context;

    /**
     * The requests of an attempt.
     *
     * @param connection empty to send calls without credentials
     * @param response what becomes of a body: {@code auto}, {@code json}, {@code text}, {@code base64} or {@code file}
     */
    public NodeRequest(
            ConnectionClient client,
            Optional<Connection> connection,
            StatusRule statuses,
            String response,
            ExecutionContext context) {
        this.client = client;
        this.connection = connection;
        this.statuses = statuses;
        this.response = response;
        this.context = context;
    }

    /**
     * Does the work of an attempt. When a rate does not allow a request yet, the node waits without a thread, and the work is
     * done again when the time has come.
     */
    public static NodeResult result(Supplier<? extends @Nullable Object> work) {
        try {
            return NodeResult.completed(work.get());
        } catch (TooEarlyException e) {
            return NodeResult.suspended(Wake.at(e.until()));
        }
    }

    /**
     * Sends a call and reads the answer.
     *
     * @throws io.automationhub.engine.error.RetriableException if its status is no success and another attempt may help, or as
     *     {@link io.automationhub.connectors.http.HttpDoor#send} does
     * @throws io.automationhub.engine.error.NonRetriableException if none will, or the body is not what it should be
     */
    public Answer answer(HttpCall call) {
        return answer(0, call);
    }

    private Answer answer(int number, HttpCall call) {
        return exchange(number, call, (sent, answer) -> {
            statuses.check(sent, answer, context.now());
            return AnswerReader.read(sent, answer, response, context);
        });
    }

    /**
     * Sends a call and reads the answer in a way of its own.
     *
     * @param number tells one call of an attempt from another
     */
    <T> T exchange(int number, HttpCall call, ConnectionClient.Reader<T> reader) {
        ConnectionClient.Sender sender = new ConnectionClient.Sender(context.tenant(), context::onCancel, context::now);
        connection
                .filter(ConnectionClient::hasRate)
                .ifPresent(limited -> awaitPlace("place-" + context.attempt() + "-" + number, limited, sender));
        return client.exchange(connection, call, sender, reader);
    }

    /** The place is kept, so that the request has it when the wait is over. */
    private void awaitPlace(String name, Connection limited, ConnectionClient.Sender sender) {
        Object kept = context.once(name, () -> client.place(limited, sender).toEpochMilli());
        Instant place = Instant.ofEpochMilli(kept instanceof Long millis ? millis : 0);
        if (place.isAfter(context.now())) {
            throw new TooEarlyException(place);
        }
    }

    /**
     * Sends a call and goes through the pages of the answer; each is durable before the next is asked for.
     *
     * @param paging as a node {@code http.request} has it in {@code pagination}
     * @param check looks at the answer of each page before it is kept, and fails if it is none
     * @return {@code {items, pages, complete}}
     */
    public JsonObject pages(HttpCall call, JsonObject paging, UnaryOperator<Answer> check) {
        return new Pagination(paging, context).read(call, (number, at) -> check.apply(answer(number, at)));
    }

    /** What is wrong with a configuration of pages; empty if nothing is. */
    public static Optional<String> problem(JsonObject paging) {
        List<JsonSchema.Violation> violations = CheckedPaging.SCHEMA.validate(paging);
        return violations.isEmpty()
                ? Pagination.problem(paging)
                : Optional.of("at '" + violations.get(0).pointer() + "', "
                        + violations.get(0).message());
    }

    /** Compiled when it is first needed. */
    private static final class CheckedPaging {
        static final JsonSchema SCHEMA = JsonSchema.compile(PAGINATION);
    }

    /**
     * The schema of the output of pages.
     *
     * @param items the schema of the list of items
     */
    public static JsonObject pagesOf(JsonObject items) {
        return Schemas.PAGES.with(
                "properties", Json.object(Schemas.PAGES.get("properties")).with("items", items));
    }

    private static JsonObject configured(String field) {
        JsonObject config = Schemas.resource(Schemas.class, "http.request.config.json");
        return Json.object(Json.object(config.get("properties")).get(field));
    }

    /** Whether sending it twice may do more than sending it once. */
    public static boolean isNotIdempotent(HttpCall call) {
        return NOT_IDEMPOTENT.contains(call.method());
    }

    /**
     * The call with the header {@code Idempotency-Key}, unless it has one. All attempts of a node run send one key, by which a
     * server can tell a repeated request from a new one
     * (<a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">draft-ietf-httpapi-idempotency-key-header</a>).
     */
    public static HttpCall withIdempotencyKey(HttpCall call, ExecutionContext context) {
        if (call.headers().containsKey("idempotency-key")) {
            return call;
        }
        String key = context.tenant() + "/" + context.idempotencyKey();
        return call.header(
                "Idempotency-Key",
                UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString());
    }
}
