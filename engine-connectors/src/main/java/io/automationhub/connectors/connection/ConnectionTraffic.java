package io.automationhub.connectors.connection;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentUpdates;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What all processes know together of the requests of connections: when they began, and how many in a row failed. It is kept in
 * a document for each connection that has a rate or a circuit breaker. Safe for use by several threads.
 */
final class ConnectionTraffic {

    /** The collection in which it is kept. */
    static final String COLLECTION = "connection-traffic";

    /** The kind of failure of a server that is left alone. */
    static final String KIND_UNAVAILABLE = "unavailable";

    private static final String BEGUN = "begun";
    private static final String FAILURES = "failures";
    private static final String PAUSED_UNTIL = "pausedUntil";
    private final DocumentUpdates documents;

    ConnectionTraffic(DocumentStore documents) {
        this.documents = new DocumentUpdates(documents, COLLECTION);
    }

    // ---------------------------------------------------------------- rate

    /** When a request may begin that is counted from then on; now, or later if too many others are. */
    Instant place(String tenant, String id, RequestRate rate, Instant now) {
        Instant[] place = new Instant[1];
        JsonObject unused = documents.update(tenant, id, known -> {
            BegunRequests begun = BegunRequests.of(known.get(BEGUN), rate);
            long at = begun.next(now.toEpochMilli());
            place[0] = at <= now.toEpochMilli() ? now : Instant.ofEpochMilli(at);
            return known.with(BEGUN, begun.with(at).json());
        });
        return place[0];
    }

    // ---------------------------------------------------------------- circuit breaker

    /**
     * Lets a request go, unless the connection is left alone. Of those that come when that is over, one goes to try.
     *
     * @return how many requests in a row have failed before it
     * @throws RetriableException kind {@value #KIND_UNAVAILABLE}, if it is left alone, with the time for which it is
     */
    long admit(String tenant, String id, CircuitBreaker breaker, Instant now) {
        JsonObject known = documents.read(tenant, id);
        if (!known.containsKey(PAUSED_UNTIL)) {
            return number(known, FAILURES);
        }
        long[] failures = new long[1];
        Instant[] until = new Instant[1];
        JsonObject unused = documents.update(tenant, id, again -> {
            failures[0] = number(again, FAILURES);
            Instant paused = Instant.ofEpochMilli(number(again, PAUSED_UNTIL));
            until[0] = again.containsKey(PAUSED_UNTIL) && paused.isAfter(now) ? paused : null;
            return until[0] != null || !again.containsKey(PAUSED_UNTIL)
                    ? again
                    : again.with(PAUSED_UNTIL, now.plus(breaker.pause()).toEpochMilli());
        });
        if (until[0] != null) {
            throw new RetriableException(
                    KIND_UNAVAILABLE,
                    "The connection '" + id + "' is left alone until " + until[0] + ", because " + failures[0]
                            + " requests in a row failed; look at its server, or give the node a retry",
                    Duration.between(now, until[0]),
                    null);
        }
        return failures[0];
    }

    /** Hears that a request did not fail because of the server. */
    void succeeded(String tenant, String id) {
        JsonObject unused = documents.update(tenant, id, known -> without(without(known, FAILURES), PAUSED_UNTIL));
    }

    /** Hears that a request failed because of the server. */
    void failed(String tenant, String id, CircuitBreaker breaker, Instant now) {
        JsonObject unused = documents.update(tenant, id, known -> {
            long failures = number(known, FAILURES) + 1;
            JsonObject counted = known.with(FAILURES, failures);
            return failures < breaker.failures()
                    ? counted
                    : counted.with(PAUSED_UNTIL, now.plus(breaker.pause()).toEpochMilli());
        });
    }

    /** What is known of a connection. */
    ConnectionHealth health(String tenant, String id) {
        JsonObject known = documents.read(tenant, id);
        return new ConnectionHealth(
                number(known, FAILURES),
                known.containsKey(PAUSED_UNTIL)
                        ? Optional.of(Instant.ofEpochMilli(number(known, PAUSED_UNTIL)))
                        : Optional.empty());
    }

    private static long number(JsonObject json, String field) {
        return json.get(field) instanceof Long number ? number : 0;
    }

    private static JsonObject without(JsonObject json, String field) {
        JsonObject.Builder rest = JsonObject.builder();
        json.forEach((name, value) -> {
            if (!name.equals(field)) {
                rest.put(name, value);
            }
        });
        return rest.build();
    }
}
