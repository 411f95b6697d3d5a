package io.automationhub.connectors.request;

import io.automationhub.connectors.connection.Authentication;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which statuses are a success, which a failure that may pass, and which one that will not.
 *
 * @param success statuses such as {@code 200}, or classes such as {@code 2xx}
 * @param retry in the same form
 * @param meanings what some failures mean to this server, by status or class
 */
public record StatusRule(List<String> success, List<String> retry, Map<String, Meaning> meanings) {

    /**
     * What a failure means to a server.
     *
     * @param kind of the error; null for the usual one
     * @param text what it means, as a part of a sentence; empty for what is usual
     */
    public record Meaning(@Nullable String kind, String text) {

        private static final Meaning USUAL = new Meaning(null, "");
    }

    /** The kind of failure of status 429. */
    static final String KIND_RATE_LIMIT = "rate-limit";

    /** The kind of failure of status 408 and 5xx. */
    static final String KIND_UNAVAILABLE = "unavailable";

    /** The kind of failure of any other status. */
    static final String KIND_STATUS = "http-status";

    private static final List<String> SUCCESS = List.of("2xx");
    private static final List<String> RETRY = List.of("408", "425", "429", "500", "502", "503", "504");
    private static final int NOT_MODIFIED = 304;
    private static final int EXCERPT = 4096;

    /** The rule of lists as a node has them in its configuration; null for what is usual. */
    public static StatusRule of(@Nullable Object success, @Nullable Object retry) {
        return new StatusRule(texts(success, SUCCESS), texts(retry, RETRY), Map.of());
    }

    /** This rule for a server whose failures mean this. */
    public StatusRule withMeanings(Map<String, Meaning> known) {
        return new StatusRule(success, retry, known);
    }

    private static List<String> texts(@Nullable Object value, List<String> otherwise) {
        return value instanceof JsonArray list ? list.stream().map(Json::toText).toList() : otherwise;
    }

    private static boolean contains(List<String> statuses, int status) {
        return statuses.contains(Integer.toString(status)) || statuses.contains(status / 100 + "xx");
    }

    /**
     * Refuses an answer whose status is no success.
     *
     * @throws RetriableException if another attempt may help, with the wait that the server asked for
     * @throws NonRetriableException if none will
     */
    void check(HttpCall call, HttpAnswer answer, Instant now) {
        int status = answer.status();
        boolean asked =
                call.headers().containsKey("if-none-match") || call.headers().containsKey("if-modified-since");
        if (contains(success, status) || status == NOT_MODIFIED && asked) {
            return;
        }
        JsonObject details = details(call, answer);
        Meaning meaning = meaning(status);
        String kind = meaning.kind() == null ? kind(status) : meaning.kind();
        String message = call + " for " + call.label() + " was answered by status " + status
                + (meaning.text().isEmpty() ? advice(status) : ": " + meaning.text());
        if (contains(retry, status)) {
            throw new RetriableException(
                    kind, message, details, answer.retryAfter(now).orElse(null), null);
        }
        throw new NonRetriableException(kind, message, details, null);
    }

    private Meaning meaning(int status) {
        Meaning exact = meanings.get(Integer.toString(status));
        return exact == null ? meanings.getOrDefault(status / 100 + "xx", Meaning.USUAL) : exact;
    }

    private static String kind(int status) {
        return switch (status) {
            case 429 -> KIND_RATE_LIMIT;
            case 401, 403 -> Authentication.KIND_AUTH;
            case 408, 425 -> KIND_UNAVAILABLE;
            default -> status >= 500 ? KIND_UNAVAILABLE : KIND_STATUS;
        };
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> ": it does not know who asks; look at the authentication of the connection";
            case 403 -> ": who asks may not do this; look at the rights of the connection's account";
            case 404 -> ": there is no such resource; look at the URL";
            case 429 -> ": too many requests; limit their rate, or give the node a retry";
            default ->
                status >= 500
                        ? ": the server failed; give the node a retry"
                        : "; what the server said is in the error's details, and successStatus allows the status";
        };
    }

    private static JsonObject details(HttpCall call, HttpAnswer answer) {
        JsonObject.Builder details = JsonObject.builder().put("status", answer.status());
        try {
            // More than is shown, so that no credential is cut in two where the text ends.
            String text = call.masked(new String(answer.body().readNBytes(2 * EXCERPT), answer.charset()));
            if (!text.isEmpty()) {
                details.put("body", parsed(call, text));
            }
        } catch (IOException | RetriableException | NonRetriableException e) {
            // The status says enough where the rest of the answer did not come.
            return details.build();
        }
        return details.build();
    }

    private static @Nullable Object parsed(HttpCall call, String text) {
        if (text.length() > EXCERPT) {
            return text.substring(0, EXCERPT);
        }
        try {
            return MaskedValue.of(call, Json.parse(text));
        } catch (JsonException e) {
            return text;
        }
    }
}
