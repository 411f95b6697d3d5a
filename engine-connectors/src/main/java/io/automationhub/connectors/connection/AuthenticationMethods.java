package io.automationhub.connectors.connection;

import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The ways of authentication by the {@code type} that a connection's {@code auth} names. Immutable. */
public final class AuthenticationMethods {

    /**
     * {@code none}, {@code apiKey}, {@code basic}, {@code digest}, {@code bearer}, {@code jwt}, {@code awsSignature}, and OAuth
     * 2.0 by {@code authorizationCode}, {@code clientCredentials} and {@code jwtAssertion}.
     */
    public static final AuthenticationMethods STANDARD = new AuthenticationMethods(Map.of(
            "authorizationCode", UserAuthorization::new,
            "awsSignature", AwsSignature::new,
            "digest", DigestAuthentication::new,
            "none", auth -> Authentication.NONE,
            "apiKey", AuthenticationMethods::apiKey,
            "basic", AuthenticationMethods::basic,
            "bearer", AuthenticationMethods::bearer,
            "clientCredentials", OAuthToken::forCredentials,
            "jwtAssertion", OAuthToken::forAssertion,
            "jwt", AuthenticationMethods::jwt));

    private final Map<String, Function<Fields, Authentication>> methods;

    private AuthenticationMethods(Map<String, Function<Fields, Authentication>> methods) {
        this.methods = Collections.unmodifiableMap(new TreeMap<>(methods));
    }

    /**
     * With a method of the host's.
     *
     * @param made from the object {@code auth} of a connection
     */
    public AuthenticationMethods with(String type, Function<JsonObject, Authentication> made) {
        Map<String, Function<Fields, Authentication>> more = new TreeMap<>(methods);
        more.put(type, fields -> made.apply(fields.json()));
        return new AuthenticationMethods(more);
    }

    Authentication create(Fields auth) {
        String type = auth.text("type");
        Function<Fields, Authentication> method = methods.get(type);
        if (method == null) {
            throw auth.invalid(
                    "type",
                    "'" + type + "' is no way of authentication; use one of " + String.join(", ", methods.keySet()));
        }
        return method.apply(auth);
    }

    private static Authentication apiKey(Fields auth) {
        auth.allow("type", "in", "name", "value", "prefix");
        String name = auth.text("name");
        SecretRef value = auth.secret("value");
        String prefix = auth.textOr("prefix", "");
        return switch (auth.textOr("in", "header")) {
            case "header" -> (call, context) -> call.credentialHeader(name, prefix + context.reveal(value));
            case "query" -> (call, context) -> call.credentialQuery(name, prefix + context.reveal(value));
            default -> throw auth.invalid("in", "a key stands in the 'header' or in the 'query'");
        };
    }

    /** As <a href="https://www.rfc-editor.org/rfc/rfc7617">RFC 7617</a> says, in UTF-8. */
    private static Authentication basic(Fields auth) {
        auth.allow("type", "user", "password");
        String user = auth.text("user");
        if (user.indexOf(':') >= 0) {
            throw auth.invalid("user", "a user of basic authentication has no colon");
        }
        SecretRef password = auth.secret("password");
        return (call, context) -> {
            byte[] pair = (user + ":" + context.reveal(password)).getBytes(StandardCharsets.UTF_8);
            return call.credentialHeader(
                            "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
                    .secret(context.reveal(password));
        };
    }

    /** As <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a> says. */
    private static Authentication bearer(Fields auth) {
        auth.allow("type", "token");
        SecretRef token = auth.secret("token");
        return (call, context) -> call.credentialHeader("Authorization", "Bearer " + context.reveal(token));
    }

    /** A token that the connection signs itself, anew for each call. */
    private static Authentication jwt(Fields auth) {
        auth.allow(
                "type", "algorithm", "key", "keyId", "issuer", "subject", "audience", "lifetime", "claims", "prefix");
        JwtSigner signer = new JwtSigner(auth, null);
        String prefix = auth.textOr("prefix", "Bearer ");
        return (call, context) -> call.credentialHeader("Authorization", prefix + signer.sign(context));
    }
}
