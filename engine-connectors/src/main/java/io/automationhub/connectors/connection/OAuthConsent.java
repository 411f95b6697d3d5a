package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SealedDocuments;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a person agree that a connection acts in their name: OAuth 2.0's authorization code (<a
 * href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1">RFC 6749, section 4.1</a>) with PKCE (<a
 * href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636</a>). The host sends the person's browser to {@link Begun#url}, keeps
 * {@link Begun#state} in the person's session, and hands the parameters with which the browser comes back to {@link #complete}.
 * The two may be in different processes. Safe for use by several threads.
 */
public final class OAuthConsent {

    /** How long a person may take. */
    private static final Duration TIME = Duration.ofMinutes(15);

    /** What is not known of who comes back is the tenant. */
    private static final String OF_ALL = "*";

    private static final int RANDOM_BYTES = 32;

    private final ConnectionClient client;
    private final SealedDocuments begun;
    private final Supplier<Instant> now;
    private final SecureRandom random = new SecureRandom();

    /** @param begun where consents are that were begun */
    OAuthConsent(ConnectionClient client, SealedDocuments begun, Supplier<Instant> now) {
        this.client = client;
        this.begun = begun;
        this.now = now;
    }

    /**
     * A consent that was begun.
     *
     * @param url to which the person's browser is to be sent
     * @param state to be kept in the person's session until the browser comes back
     */
    public record Begun(String url, String state) {}

    /**
     * A consent that was given.
     *
     * @param scope what the server says was agreed to; null if it is what was asked for
     */
    public record Given(
            String tenant, String connection, @Nullable String scope) {}

    /**
     * Begins a consent.
     *
     * @param redirectUri where the server sends the browser back to, an address of the host's that the server knows
     * @throws NonRetriableException if there is no such connection, or it needs no consent
     * @throws IllegalArgumentException if the redirect URI is none
     */
    public Begun begin(String tenant, String connectionId, String redirectUri) {
        if (HttpDoor.origin(redirectUri).isEmpty() || redirectUri.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "The redirect URI of a consent is an http or https URL of the host's without a"
                            + " fragment, found '" + redirectUri + "'");
        }
        UserAuthorization asked = authorization(connection(tenant, connectionId));
        forgetOld();
        String state = randomText();
        String verifier = randomText();
        JsonObject kept = JsonObject.builder()
                .put("tenant", tenant)
                .put("connection", connectionId)
                .put("redirectUri", redirectUri)
                .put("verifier", verifier)
                .put("until", now.get().plus(TIME).toEpochMilli())
                .build();
        boolean unused = begun.put(OF_ALL, name(state), DocumentStore.ABSENT, Json.write(kept));
        Map<String, String> query = new LinkedHashMap<>(asked.parameters());
        query.put("response_type", "code");
        query.put("client_id", asked.client().id());
        query.put("redirect_uri", redirectUri);
        if (asked.scope() != null) {
            query.put("scope", asked.scope());
        }
        query.put("state", state);
        query.put("code_challenge", Digests.sha256(verifier));
        query.put("code_challenge_method", "S256");
        return new Begun(asked.authorizationUrl() + "?" + TokenServer.form(query), state);
    }

    /**
     * Completes a consent with what the browser came back with, and keeps the tokens. It counts once.
     *
     * @param state that the person's session has; null if it has none
     * @param parameters of the query with which the browser came back
     * @throws NonRetriableException kind {@value Authentication#KIND_AUTH}, if it was not begun in this session, took too
     *     long, was completed before, or the person or the server refused
     */
    public Given complete(@Nullable String state, Map<String, String> parameters) {
        String returned = parameters.get("state");
        if (state == null
                || returned == null
                || !MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8), returned.getBytes(StandardCharsets.UTF_8))) {
            throw refused("it was not begun in this session; begin it again");
        }
        JsonObject kept = taken(state);
        String tenant = Json.toText(kept.get("tenant"));
        Connection connection = connection(tenant, Json.toText(kept.get("connection")));
        UserAuthorization asked = authorization(connection);
        if (asked.issuer() != null && !asked.issuer().equals(parameters.get("iss"))) {
            throw refused("the browser was sent back by another server than '" + asked.issuer() + "'");
        }
        if (parameters.containsKey("error")) {
            String description = parameters.getOrDefault("error_description", "");
            throw refused("the person or the server refused by '" + TokenServer.shortened(parameters.get("error")) + "'"
                    + (description.isEmpty() ? "" : " (" + TokenServer.shortened(description) + ")"));
        }
        String code = Optional.ofNullable(parameters.get("code"))
                .orElseThrow(() -> refused("the browser came back without a code"));
        Authentication.Context context =
                client.context(connection, new ConnectionClient.Sender(tenant, CancelSignal.NONE, now));
        TokenServer.Given given =
                asked.server().ask((call, form, same) -> exchanged(kept, code, asked, call, form, same), context);
        keep(UserTokens.of(given, asked.client().id(), asked.server().url(), now.get()), context.kept());
        return new Given(tenant, connection.id(), given.scope());
    }

    /**
     * Forgets the tokens of a connection, which need not be there any more. The calls of each process have theirs for up to
     * half a minute; the server is not told, so that a person who no longer trusts it revokes the access there as well.
     *
     * @return whether there were any
     */
    public boolean forget(String tenant, String connectionId) {
        SealedDocuments tokens = client.tokens();
        while (true) {
            long version = tokens.version(tenant, connectionId);
            if (version == DocumentStore.ABSENT) {
                return false;
            }
            if (tokens.delete(tenant, connectionId, version)) {
                return true;
            }
        }
    }

    private static HttpCall exchanged(
            JsonObject kept,
            String code,
            UserAuthorization asked,
            HttpCall call,
            Map<String, String> form,
            Authentication.Context context) {
        String verifier = Json.toText(kept.get("verifier"));
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", Json.toText(kept.get("redirectUri")));
        form.put("code_verifier", verifier);
        return asked.client().add(call, form, context).secret(code).secret(verifier);
    }

    private static void keep(UserTokens tokens, KeptCredentials kept) {
        boolean done = false;
        while (!done) {
            long version = kept.find().map(SealedDocuments.Opened::version).orElse(DocumentStore.ABSENT);
            done = kept.put(version, tokens.text());
        }
    }

    /** Of several who complete the same consent one has it. */
    private JsonObject taken(String state) {
        SealedDocuments.Opened found = begun.find(OF_ALL, name(state))
                .orElseThrow(() -> refused("it was completed before, or took too long; begin it again"));
        if (!begun.delete(OF_ALL, name(state), found.version())) {
            throw refused("it was completed before; begin it again");
        }
        JsonObject kept = Json.object(Json.parse(found.text()));
        if (isOld(kept)) {
            throw refused("it took too long; begin it again");
        }
        return kept;
    }

    private boolean isOld(JsonObject kept) {
        return !(kept.get("until") instanceof Long until) || now.get().toEpochMilli() > until;
    }

    /** What nobody came back for. */
    private void forgetOld() {
        for (String name : begun.names(OF_ALL)) {
            begun.find(OF_ALL, name)
                    .filter(found -> isOld(Json.object(Json.parse(found.text()))))
                    .ifPresent(found -> begun.delete(OF_ALL, name, found.version()));
        }
    }

    private Connection connection(String tenant, String id) {
        return client.connections().named(tenant, id).orElseThrow();
    }

    private static UserAuthorization authorization(Connection connection) {
        return connection
                .userAuthorization()
                .orElseThrow(() -> refused("the connection '" + connection.id()
                        + "' needs none; one with the authentication 'authorizationCode' does"));
    }

    private static NonRetriableException refused(String why) {
        return new NonRetriableException(Authentication.KIND_AUTH, "Cannot complete the consent: " + why, null);
    }

    private String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Digests.base64(bytes);
    }

    /** The state itself is not kept: who reads the store cannot complete a consent. */
    private static String name(String state) {
        return Digests.sha256(state);
    }
}
