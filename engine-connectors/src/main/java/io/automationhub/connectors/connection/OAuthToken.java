package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A token that an OAuth 2.0 server gives to a client without a user: for its credentials (<a
 * href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>), or for an assertion that it signs (<a
 * href="https://www.rfc-editor.org/rfc/rfc7523#section-2.1">RFC 7523, section 2.1</a>). The token is kept in memory until shortly
 * before it expires, or the server refuses it; of several calls that need one at the same time one asks for it.
 */
final class OAuthToken implements Authentication {

    private final TokenServer server;
    private final TokenServer.Grant grant;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Token token;

    /** @param until null if it does not expire, as far as its server says */
    private record Token(String value, @Nullable Instant until) {

        boolean isFresh(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    private OAuthToken(TokenServer server, TokenServer.Grant grant) {
        this.server = server;
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
        auth.secret("clientSecret");
        OAuthClient client = new OAuthClient(auth);
        Map<String, String> optional = optional(auth, "scope", "audience", "resource");
        return new OAuthToken(new TokenServer(auth.secureUrl("tokenUrl")), (call, form, context) -> {
            form.put("grant_type", "client_credentials");
            form.putAll(optional);
            return client.add(call, form, context);
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
        String tokenUrl = auth.secureUrl("tokenUrl");
        auth.text("issuer");
        JwtSigner signer = new JwtSigner(auth, tokenUrl);
        Map<String, String> optional = optional(auth, "scope");
        return new OAuthToken(new TokenServer(tokenUrl), (call, form, context) -> {
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
                TokenServer.Given given = server.ask(grant, context);
                known = new Token(given.access(), given.until());
                token = known;
            }
            return known;
        } finally {
            asking.unlock();
        }
    }
}
