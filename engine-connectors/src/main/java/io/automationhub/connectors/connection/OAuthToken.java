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
 * A token that an OAuth 2.0 server gives to a client without a user: for its credentials (<a
 * href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>), or for an assertion that it signs (<a
 * href="https://www.rfc-editor.org/rfc/rfc7523#section-2.1">RFC 7523, section 2.1</a>). The token is kept in memory until shortly
 * before it expires, or the server refuses it; of several calls that need one at the same time one asks for it.
 */
final class OAuthToken implements Authentication {

    /** A token is not used in its last moments, in which it may expire on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long LARGEST_ANSWER = 256 * 1024;
    private static final int LONGEST_REASON = 200;

    private final String tokenUrl;
    private final Grant grant;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Token token;

    /** @param until null if it does not expire, as far as its server says */
    private record Token(String value, @Nullable Instant until) {

        boolean isFresh(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** What the server gives a token for. */
    @FunctionalInterface
    private interface Grant {

        /** The request with what it has in its headers; what it has in its body is added to {@code form}. */
        HttpCall add(HttpCall call, Map<String, String> form, Context context);
    }

    private OAuthToken(String tokenUrl, Grant grant) {
        this.tokenUrl = tokenUrl;
        this.grant = grant;
    }

    /** A token for the credentials of a client. */
    static OAuthToken forCredentials(Fields auth) {
        auth.allow(
                "type",
                "tokenUrl",
                "clientId",
                "clientSecret",
                "clientAuthentication",
                "scope",
                "audience",
                "resource");
        String clientId = auth.text("clientId");
        SecretRef clientSecret = auth.secret("clientSecret");
        boolean inBody = switch (auth.textOr("clientAuthentication", "basic")) {
            case "basic" -> false;
            case "body" -> true;
            default -> throw auth.invalid("clientAuthentication", "a client shows itself by 'basic' or in the 'body'");
        };
        Map<String, String> optional = optional(auth, "scope", "audience", "resource");
        return new OAuthToken(auth.url("tokenUrl"), (call, form, context) -> {
            String secret = context.reveal(clientSecret);
            form.put("grant_type", "client_credentials");
            form.putAll(optional);
            if (inBody) {
                form.put("client_id", clientId);
                form.put("client_secret", secret);
                return call.secret(secret);
            }
            // Each is encoded before they are joined, as section 2.3.1 says.
            byte[] pair = (encoded(clientId) + ":" + encoded(secret)).getBytes(StandardCharsets.US_ASCII);
            return call.secret(secret)
                    .credentialHeader(
                            "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        });
    }

    /** A token for an assertion. */
    static OAuthToken forAssertion(Fields auth) {
        auth.allow(
                "type",
                "tokenUrl",
                "algorithm",
                "key",
                "keyId",
                "issuer",
                "subject",
                "audience",
                "lifetime",
                "claims",
                "scope");
        String tokenUrl = auth.url("tokenUrl");
        auth.text("issuer");
        JwtSigner signer = new JwtSigner(auth, tokenUrl);
        Map<String, String> optional = optional(auth, "scope");
        return new OAuthToken(tokenUrl, (call, form, context) -> {
            String assertion = signer.sign(context);
            form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            form.put("assertion", assertion);
            form.putAll(optional);
            return call.secret(assertion);
        });
    }

    private static Map<String, String> optional(Fields auth, String... names) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : names) {
            String value = auth.optionalText(name);
            if (value != null) {
                given.put(name, value);
            }
        }
        return given;
    }

    @Override
    public HttpCall authenticate(HttpCall call, Context context) {
        return call.credentialHeader("Authorization", "Bearer " + fresh(context).value());
    }

    @Override
    public boolean refused(HttpCall call, HttpAnswer answer) {
        Token known = token;
        // Another call may have brought a new one meanwhile.
        if (known != null && call.hasCredential("Authorization", ("Bearer " + known.value())::equals)) {
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
                "the client may not have a token in this way; allow client credentials or assertions for it there";
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
