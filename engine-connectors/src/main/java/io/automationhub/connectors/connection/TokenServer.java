package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2.0 server that gives tokens (<a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749, section 5</a>).
 * Immutable.
 */
final class TokenServer {

    /** A token is not used in its last moments, in which it may expire on its way, or clocks may differ. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long LARGEST_ANSWER = 256 * 1024;
    private static final int LONGEST_REASON = 200;

    private final String tokenUrl;

    TokenServer(String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    /** What the server gives a token for. */
    @FunctionalInterface
    interface Grant {

        /** The request with what it has in its headers; what it has in its body is added to {@code form}. */
        HttpCall add(HttpCall call, Map<String, String> form, Authentication.Context context);
    }

    /**
     * What the server gave.
     *
     * @param until null if the token does not expire, as far as its server says
     * @param refresh what another token can be had for; null if it gave none
     * @param scope null if it is the one that was asked for
     */
    record Given(
            String access,
            @Nullable Instant until,
            @Nullable String refresh,
            @Nullable String scope) {}

    String url() {
        return tokenUrl;
    }

    /**
     * Asks for a token.
     *
     * @throws NonRetriableException kind {@value Authentication#KIND_AUTH}, if the server refuses; the details have its
     *     {@code error}
     * @throws RetriableException if it cannot be reached or fails
     */
    Given ask(Grant grant, Authentication.Context context) {
        Map<String, String> form = new LinkedHashMap<>();
        HttpCall call = HttpCall.of(context.label(), "POST", tokenUrl)
                .header("accept", "application/json")
                .maxRedirects(0)
                .maxBytes(LARGEST_ANSWER)
                .timeout(TIMEOUT);
        HttpCall granted = grant.add(call, form, context);
        HttpCall full = granted.body(
                HttpBody.of("application/x-www-form-urlencoded", form(form).getBytes(StandardCharsets.US_ASCII)));
        Instant asked = context.now();
        return context.exchange(full, answer -> given(full, answer, context.label(), asked));
    }

    private Given given(HttpCall call, HttpAnswer answer, String label, Instant asked) {
        String text = new String(answer.bytes(), StandardCharsets.UTF_8);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw new RetriableException(
                    "unavailable",
                    "The token server of the " + label + " answered by status " + answer.status() + "; try later",
                    null,
                    null);
        }
        JsonObject json = object(text);
        if (answer.status() != 200) {
            throw refusal(call, json, answer.status(), label);
        }
        if (!(json.get("access_token") instanceof String value)
                || value.isBlank()
                || !"bearer".equalsIgnoreCase(String.valueOf(json.get("token_type")))) {
            throw new NonRetriableException(
                    Authentication.KIND_AUTH,
                    "The token server of the " + label + " gave no bearer token; look at the connection's tokenUrl",
                    null);
        }
        return new Given(value, until(json.get("expires_in"), asked), text(json, "refresh_token"), text(json, "scope"));
    }

    private static @Nullable String text(JsonObject json, String field) {
        return json.get(field) instanceof String text && !text.isBlank() ? text : null;
    }

    private static @Nullable Instant until(@Nullable Object expiresIn, Instant asked) {
        if (!(expiresIn instanceof Number) && !(expiresIn instanceof String)) {
            return null;
        }
        long seconds;
        try {
            seconds = Math.min(
                    new BigDecimal(expiresIn.toString()).longValue(),
                    Duration.ofDays(365).toSeconds());
        } catch (NumberFormatException e) {
            return null;
        }
        // Of a token that lives shorter than twice the margin, half its life.
        return asked.plusSeconds(Math.max(seconds - MARGIN.toSeconds(), seconds / 2));
    }

    private NonRetriableException refusal(HttpCall call, JsonObject json, int status, String label) {
        String error = String.valueOf(json.get("error"));
        String next = switch (error) {
            case "invalid_client" -> "it does not know the client; look at clientId and clientSecret";
            case "invalid_scope" -> "it does not grant the scope; look at the field 'scope'";
            case "unauthorized_client", "unsupported_grant_type" ->
                "the client may not have a token in this way; allow it the grant type there";
            case "invalid_grant" -> "what it was asked for is over or was given to somebody else";
            case "invalid_target" -> "it does not know what the token is for; look at 'audience' and 'resource'";
            default -> "look at the connection's tokenUrl and credentials";
        };
        String reason = json.get("error_description") instanceof String text ? call.masked(text) : "";
        return new NonRetriableException(
                Authentication.KIND_AUTH,
                "The token server of the " + label + " refused by status " + status
                        + (json.containsKey("error") ? " and '" + call.masked(shortened(error)) + "'" : "")
                        + (reason.isEmpty() ? "" : " (" + shortened(reason) + ")") + ": " + next,
                JsonObject.of("status", status)
                        .with("error", json.containsKey("error") ? call.masked(shortened(error)) : null),
                null);
    }

    static String shortened(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private static JsonObject object(String text) {
        try {
            return Json.parse(text) instanceof JsonObject object ? object : JsonObject.EMPTY;
        } catch (JsonException e) {
            return JsonObject.EMPTY;
        }
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
