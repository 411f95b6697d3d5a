package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks an OAuth 2.0 server for a token, and how it shows that (<a
 * href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>). Immutable.
 */
final class OAuthClient {

    private final String id;
    private final @Nullable SecretRef secret;
    private final boolean inBody;

    /** The client of a connection; one without a secret is public. */
    OAuthClient(Fields auth) {
        id = auth.text("clientId");
        secret = auth.has("clientSecret") ? auth.secret("clientSecret") : null;
        inBody = switch (auth.textOr("clientAuthentication", "basic")) {
            case "basic" -> false;
            case "body" -> true;
            default -> throw auth.invalid("clientAuthentication", "a client shows itself by 'basic' or in the 'body'");
        };
    }

    String id() {
        return id;
    }

    /** The request with the client in it. */
    HttpCall add(HttpCall call, Map<String, String> form, Authentication.Context context) {
        if (secret == null) {
            form.put("client_id", id);
            return call;
        }
        String revealed = context.reveal(secret);
        if (inBody) {
            form.put("client_id", id);
            form.put("client_secret", revealed);
            return call.secret(revealed);
        }
        // Each is encoded before they are joined.
        byte[] pair =
                (TokenServer.encoded(id) + ":" + TokenServer.encoded(revealed)).getBytes(StandardCharsets.US_ASCII);
        return call.secret(revealed)
                .credentialHeader(
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
}
