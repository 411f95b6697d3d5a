package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;
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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A token of a client of its own, without a user: OAuth 2.0's client credentials (<a
 * href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>). The token is kept in memory until shortly
 * before it expires, or the server refuses it; of several calls that need one at the same time one asks for it.
 */
final class ClientCredentials implements Authentication {

    /** The kind of failure of credentials that are not accepted. */
    static final String KIND_AUTH = "auth";

    /** A token is not used in its last moments, in which it may expire on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long LARGEST_ANSWER = 256 * 1024;
    private static final int LONGEST_REASON = 200;

    private final String tokenUrl;
    private final String clientId;
    private final SecretRef clientSecret;
    private final boolean inBody;
    private final Map<String, String> parameters;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Token token;

    /** @param until null if it does not expire, as far as its server says */
    private record Token(String value, @Nullable Instant until) {

        boolean isFresh(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    ClientCredentials(Fields auth) {
        auth.allow(
                "type",
                "tokenUrl",
                "clientId",
                "clientSecret",
                "clientAuthentication",
                "scope",
                "audience",
                "resource");
        tokenUrl = auth.url("tokenUrl");
        clientId = auth.text("clientId");
        clientSecret = auth.secret("clientSecret");
        inBody = switch (auth.textOr("clientAuthentication", "basic")) {
            case "basic" -> false;
            case "body" -> true;
            default -> throw auth.invalid("clientAuthentication", "a client shows itself by 'basic' or in the 'body'");
        };
        parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "client_credentials");
        for (String name : new String[] {"scope", "audience", "resource"}) {
            String value = auth.optionalText(name);
            if (value != null) {
                parameters.put(name, value);
            }
        }
    }

    @Override
    public HttpCall authenticate(HttpCall call, Context context) {
        return call.credentialHeader("Authorization", "Bearer " + fresh(context).value());
    }

    @Override
    public boolean refused(HttpCall call) {
        Token known = token;
        // Another call may have brought a new one meanwhile.
        if (known != null && call.hasCredential("Authorization", "Bearer " + known.value())) {
            token = null;
        }
        return true;
    }

    private Token fresh(Context context) {
        Token known = token;
        if (known != null && known.isFresh(context.now())) {
            return known;
        }
        try {
            asking.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The wait for a token of the " + context.label() + " was cancelled");
        }
        try {
            known = token;
            if (known == null || !known.isFresh(context.now())) {
                known = ask(context);
                token = known;
            }
            return known;
        } finally {
            asking.unlock();
        }
    }

    private Token ask(Context context) {
        String secret = context.reveal(clientSecret);
        Map<String, String> form = new LinkedHashMap<>(parameters);
        HttpCall call = HttpCall.of(context.label(), "POST", tokenUrl)
                .header("accept", "application/json")
                .maxRedirects(0)
                .maxBytes(LARGEST_ANSWER)
                .timeout(TIMEOUT)
                .secret(secret);
        if (inBody) {
            form.put("client_id", clientId);
            form.put("client_secret", secret);
        } else {
            // Each is encoded before they are joined, as section 2.3.1 says.
            String pair = encoded(clientId) + ":" + encoded(secret);
            call = call.credentialHeader(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        }
        HttpCall full = call.body(
                HttpBody.of("application/x-www-form-urlencoded", form(form).getBytes(StandardCharsets.US_ASCII)));
        Instant asked = context.now();
        return context.exchange(full, answer -> token(full, answer, context.label(), asked));
    }

    private Token token(HttpCall call, HttpAnswer answer, String label, Instant asked) {
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
                    KIND_AUTH,
                    "The token server of the " + label + " gave no bearer token; look at the connection's tokenUrl",
                    null);
        }
        return new Token(value, until(json.get("expires_in"), asked));
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
                "the client may not have a token in this way; allow client credentials for it there";
            case "invalid_target" -> "it does not know what the token is for; look at 'audience' and 'resource'";
            default -> "look at the connection's tokenUrl and credentials";
        };
        String reason = json.get("error_description") instanceof String text ? call.masked(text) : "";
        return new NonRetriableException(
                KIND_AUTH,
                "The token server of the " + label + " refused by status " + status
                        + (json.containsKey("error") ? " and '" + call.masked(shortened(error)) + "'" : "")
                        + (reason.isEmpty() ? "" : " (" + shortened(reason) + ")") + ": " + next,
                JsonObject.of("status", status),
                null);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private static JsonObject object(String text) {
        try {
            return Json.parse(text) instanceof JsonObject object ? object : JsonObject.EMPTY;
        } catch (JsonException e) {
            return JsonObject.EMPTY;
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
