package io.automationhub.ai.budget;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentUpdates;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Bounds how many tokens begin to be used of a connection in any time of some length, by all processes together. A request counts with
 * what it may use at most, as providers count it themselves. Who comes first is first; nobody is refused. Safe for use by several
 * threads.
 */
public final class TokenRates {

    private static final String COLLECTION = "model-tokens";
    private static final String BEGUN = "begun";
    private static final String AT = "at";
    private static final String TOKENS = "tokens";
    private static final int GROUPS = 50;

    private final DocumentUpdates updates;
    private final Map<String, Rate> byConnection;

    /**
     * A bound.
     *
     * @param tokens in each time of that length
     */
    public record Rate(long tokens, Duration per) {

        public Rate {
            if (tokens < 1 || per.isNegative() || per.isZero()) {
                throw new IllegalArgumentException(
                        "A rate is at least one token in some time, found " + tokens + " in " + per);
            }
        }
    }

    /** @param byConnection by the id of the connection that it bounds */
    public TokenRates(DocumentStore documents, Map<String, Rate> byConnection) {
        updates = new DocumentUpdates(documents, COLLECTION);
        this.byConnection = Map.copyOf(byConnection);
    }

    /** Whether a connection is bounded. */
    public boolean bounds(String connection) {
        return byConnection.containsKey(connection);
    }

    /**
     * When a request may begin, which is counted from then on; now, if it may at once. One that may use more than the rate has at all
     * begins when nothing else does.
     */
    public Instant place(String tenant, String connection, long tokens, Instant now) {
        Rate rate = byConnection.get(connection);
        if (rate == null) {
            return now;
        }
        long[] place = new long[1];
        long asked = Math.min(tokens, rate.tokens());
        JsonObject unused = updates.update(tenant, connection, known -> {
            List<long[]> begun = begun(known, now.toEpochMilli() - rate.per().toMillis());
            place[0] = next(begun, asked, rate, now.toEpochMilli());
            add(begun, place[0], asked, rate);
            return JsonObject.of(BEGUN, JsonArray.of(begun, TokenRates::json));
        });
        return place[0] <= now.toEpochMilli() ? now : Instant.ofEpochMilli(place[0]);
    }

    /** Times that are close together are one, by the last of them, so that the bound holds and the list is short. */
    private static void add(List<long[]> begun, long at, long tokens, Rate rate) {
        long step = Math.max(1, rate.per().toMillis() / GROUPS);
        long[] last = begun.isEmpty() ? null : begun.get(begun.size() - 1);
        if (last != null && last[0] / step == at / step) {
            last[0] = at;
            last[1] += tokens;
        } else {
            begun.add(new long[] {at, tokens});
        }
    }

    /** Not before those that came before, and when enough of them is long enough ago. */
    private static long next(List<long[]> begun, long asked, Rate rate, long now) {
        long at = begun.isEmpty() ? now : Math.max(now, begun.get(begun.size() - 1)[0]);
        long used = begun.stream().mapToLong(each -> each[1]).sum();
        for (long[] each : begun) {
            boolean past = each[0] + rate.per().toMillis() <= at;
            if (!past && used + asked <= rate.tokens()) {
                break;
            }
            at = Math.max(at, each[0] + rate.per().toMillis());
            used -= each[1];
        }
        return at;
    }

    private static List<long[]> begun(JsonObject known, long after) {
        List<long[]> begun = new ArrayList<>();
        for (Object each : known.get(BEGUN) instanceof JsonArray list ? list : JsonArray.EMPTY) {
            JsonObject one = each instanceof JsonObject object ? object : JsonObject.EMPTY;
            if (one.get(AT) instanceof Long at && one.get(TOKENS) instanceof Long tokens && at > after) {
                begun.add(new long[] {at, tokens});
            }
        }
        return begun;
    }

    private static JsonObject json(long[] one) {
        return JsonObject.builder().put(AT, one[0]).put(TOKENS, one[1]).build();
    }
}
