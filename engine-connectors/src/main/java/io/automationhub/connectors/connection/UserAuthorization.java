package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SealedDocuments;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a person agreed to (<a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1">RFC 6749, section 4.1</a>), which
 * {@link OAuthConsent} brings here. They are kept for all processes; when they expire, or the server refuses them, one of all
 * processes asks for new ones, and the others wait for those: a refresh token that a server rotates must not be used twice.
 */
final class UserAuthorization implements Authentication {

    /** Who asks for new tokens has them by then, or has died. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    /** Tokens that are younger are not replaced because they are refused: new ones would be, too. */
    private static final Duration YOUNG = Duration.ofSeconds(60);

    private static final Duration LOOKED_AT_AGAIN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(35);
    private static final long PAUSE_MILLIS = 50;

    private final OAuthClient client;
    private final TokenServer server;
    private final String authorizationUrl;
    private final @Nullable String scope;
    private final @Nullable String issuer;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Cached cached;
    private volatile @Nullable String refusedToken;

    /** @param until when what is kept is looked at again, because somebody may have agreed anew, in another process */
    private record Cached(UserTokens tokens, Instant until) {}

    UserAuthorization(Fields auth) {
        auth.allow(
                "type",
                "authorizationUrl",
                "tokenUrl",
                "clientId",
                "clientSecret",
                "clientAuthentication",
                "scope",
                "issuer",
                "parameters");
        client = new OAuthClient(auth);
        server = new TokenServer(auth.secureUrl("tokenUrl"));
        authorizationUrl = auth.secureUrl("authorizationUrl");
        scope = auth.optionalText("scope");
        issuer = auth.optionalText("issuer");
        if (auth.has("parameters")) {
            Fields given = auth.inside("parameters");
            given.json().keySet().forEach(name -> parameters.put(name, given.text(name)));
        }
    }

    OAuthClient client() {
        return client;
    }

    TokenServer server() {
        return server;
    }

    String authorizationUrl() {
        return authorizationUrl;
    }

    /** What the person is asked to agree to; null for what the server finds usual. */
    @Nullable
    String scope() {
        return scope;
    }

    /** Who the server says it is when it sends the person back; null if that is not to be checked. */
    @Nullable
    String issuer() {
        return issuer;
    }

    /** Further parameters of the page on which the person agrees. */
    Map<String, String> parameters() {
        return parameters;
    }

    // ---------------------------------------------------------------- calls

    @Override
    public HttpCall authenticate(HttpCall call, Context context) {
        return call.credentialHeader("Authorization", "Bearer " + fresh(context));
    }

    @Override
    public boolean refused(HttpCall call, HttpAnswer answer) {
        Cached known = cached;
        if (known != null
                && call.hasCredential(
                        "Authorization", ("Bearer " + known.tokens().access())::equals)) {
            refusedToken = known.tokens().access();
            cached = null;
        }
        return true;
    }

    private String fresh(Context context) {
        Cached known = cached;
        Instant now = context.now();
        if (known != null && known.tokens().isFresh(now) && now.isBefore(known.until())) {
            return known.tokens().access();
        }
        try {
            asking.lockInterruptibly();
        } catch (InterruptedException e) {
            throw cancelled(context);
        }
        try {
            UserTokens current = current(context);
            cached = new Cached(current, context.now().plus(LOOKED_AT_AGAIN));
            return current.access();
        } finally {
            asking.unlock();
        }
    }

    private static CancellationException cancelled(Context context) {
        Thread.currentThread().interrupt();
        return new CancellationException("The wait for a token of the " + context.label() + " was cancelled");
    }

    private UserTokens current(Context context) {
        KeptCredentials kept = context.kept();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            SealedDocuments.Opened found =
                    kept.find().orElseThrow(() -> needsConsent(context, "nobody has agreed to it yet"));
            UserTokens tokens = UserTokens.parse(found.text());
            checkAreMine(tokens, context);
            Instant now = context.now();
            if (tokens.isFresh(now) && !isToBeReplaced(tokens, now)) {
                return tokens;
            }
            if (tokens.refresh() == null) {
                throw needsConsent(
                        context,
                        "the token expired, and the server gave none by which another one can be had (some give one"
                                + " only for a scope such as offline_access, or a parameter such as access_type=offline)");
            }
            if (tokens.isLeased(now)) {
                pause(context, tokens, deadline);
                continue;
            }
            UserTokens leased = tokens.leased(UUID.randomUUID().toString(), now.plus(LEASE));
            if (kept.put(found.version(), leased.text())) {
                return refreshed(leased, context);
            }
        }
    }

    private void checkAreMine(UserTokens tokens, Context context) {
        if (tokens.refused() != null) {
            throw needsConsent(context, tokens.refused());
        }
        if (!tokens.client().equals(client.id()) || !tokens.server().equals(server.url())) {
            throw needsConsent(context, "its tokens are of another client or server than the connection now has");
        }
    }

    private boolean isToBeReplaced(UserTokens tokens, Instant now) {
        return tokens.access().equals(refusedToken)
                && tokens.refresh() != null
                && now.isAfter(tokens.obtained().plus(YOUNG));
    }

    private static void pause(Context context, UserTokens tokens, long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new RetriableException(
                    ConnectionTraffic.KIND_UNAVAILABLE,
                    "Another process asks for a new token of the " + context.label() + " and does not come to an end",
                    tokens.leasedUntil() == null ? null : Duration.between(context.now(), tokens.leasedUntil()),
                    null);
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw cancelled(context);
        }
    }

    private UserTokens refreshed(UserTokens leased, Context context) {
        TokenServer.Given given;
        try {
            given = server.ask((call, form, same) -> refresh(leased, call, form, same), context);
        } catch (NonRetriableException e) {
            boolean over = "invalid_grant".equals(e.details().get("error"));
            String why = "the server no longer takes the refresh token";
            replace(leased, over ? leased.over(why) : leased.released(), context.kept());
            throw over ? needsConsent(context, why) : e;
        } catch (RuntimeException e) {
            replace(leased, leased.released(), context.kept());
            throw e;
        }
        UserTokens renewed = leased.renewed(given, context.now());
        replace(leased, renewed, context.kept());
        return renewed;
    }

    private HttpCall refresh(UserTokens tokens, HttpCall call, Map<String, String> form, Context context) {
        String refresh = String.valueOf(tokens.refresh());
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refresh);
        return client.add(call, form, context).secret(refresh);
    }

    /** Puts tokens into the place of those that were leased, unless others came there since. */
    private static void replace(UserTokens leased, UserTokens next, KeptCredentials kept) {
        boolean done = false;
        while (!done) {
            SealedDocuments.Opened found = kept.find().orElse(null);
            done = found == null
                    || !UserTokens.parse(found.text()).access().equals(leased.access())
                    || kept.put(found.version(), next.text());
        }
    }

    private static NonRetriableException needsConsent(Context context, String why) {
        return new NonRetriableException(
                KIND_AUTH,
                "The " + context.label() + " needs the consent of a person: " + why
                        + "; let somebody agree by the connection's consent",
                JsonObject.of("needsConsent", true),
                null);
    }
}
