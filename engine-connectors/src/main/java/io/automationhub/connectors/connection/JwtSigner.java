package io.automationhub.connectors.connection;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs JSON Web Tokens (<a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>) with a key that is a secret: the text of
 * at least 32 bytes for HS256 and its kin, a private key in PEM (PKCS #8) for RS, PS, ES and EdDSA (<a
 * href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037</a>, Ed25519).
 */
final class JwtSigner {

    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final JWSAlgorithm algorithm;
    private final SecretRef key;
    private final @Nullable String keyId;
    private final Duration lifetime;
    private final Map<String, Object> claims = new LinkedHashMap<>();

    JwtSigner(Fields auth, @Nullable String usualAudience) {
        algorithm = algorithm(auth);
        key = auth.secret("key");
        keyId = auth.optionalText("keyId");
        lifetime = lifetime(auth);
        put("iss", auth.optionalText("issuer"));
        put("sub", auth.optionalText("subject"));
        String audience = auth.optionalText("audience");
        put("aud", audience == null ? usualAudience : audience);
        if (auth.json().containsKey("claims")) {
            auth.inside("claims").json().forEach((name, value) -> put(name, value));
        }
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    private static JWSAlgorithm algorithm(Fields auth) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(auth.textOr("algorithm", "RS256"));
        if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)
                || JWSAlgorithm.Family.RSA.contains(algorithm)
                || JWSAlgorithm.ES256.equals(algorithm)
                || JWSAlgorithm.ES384.equals(algorithm)
                || JWSAlgorithm.ES512.equals(algorithm)
                || JWSAlgorithm.EdDSA.equals(algorithm)) {
            return algorithm;
        }
        throw auth.invalid(
                "algorithm",
                "'" + algorithm
                        + "' is not known; use RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA,"
                        + " HS256, HS384 or HS512");
    }

    private static Duration lifetime(Fields auth) {
        String text = auth.optionalText("lifetime");
        if (text == null) {
            return LIFETIME;
        }
        try {
            Duration given = DurationText.parse(text);
            if (given.toSeconds() > 0) {
                return given;
            }
        } catch (IllegalArgumentException e) {
            throw auth.invalid("lifetime", "'" + text + "' is no duration; write 5m");
        }
        throw auth.invalid("lifetime", "a token lives at least a second");
    }

    /** A token that is valid from now on, with an id of its own. */
    String sign(Authentication.Context context) {
        Instant now = context.now();
        JsonObject.Builder payload = JsonObject.builder();
        claims.forEach(payload::put);
        payload.put("iat", now.getEpochSecond())
                .put("exp", now.plus(lifetime).getEpochSecond())
                .put("jti", UUID.randomUUID().toString());
        JWSObject jwt = new JWSObject(
                new JWSHeader.Builder(algorithm)
                        .type(JOSEObjectType.JWT)
                        .keyID(keyId)
                        .build(),
                new Payload(Json.write(payload.build())));
        try {
            jwt.sign(signer(context.reveal(key)));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            // The cause may show a part of the key.
            throw new NonRetriableException(
                    SecretRef.KIND_SECRET,
                    "The secret '" + key.name() + "' of the " + context.label() + " is no key for " + algorithm
                            + "; it must be "
                            + (isMac() ? "a text of at least as many bits as the algorithm's name says" : Pem.FORM),
                    null);
        }
        return jwt.serialize();
    }

    private boolean isMac() {
        return JWSAlgorithm.Family.HMAC_SHA.contains(algorithm);
    }

    private JWSSigner signer(String text) throws JOSEException, GeneralSecurityException {
        if (isMac()) {
            return new MACSigner(text);
        }
        if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
            return new RSASSASigner(Pem.privateKey("RSA", text));
        }
        if (JWSAlgorithm.EdDSA.equals(algorithm)) {
            return new EdDsaSigner(Pem.privateKey("Ed25519", text));
        }
        return new ECDSASigner((ECPrivateKey) Pem.privateKey("EC", text));
    }

    /** By the JDK, because the library's own needs another library. */
    private static final class EdDsaSigner implements JWSSigner {

        private final PrivateKey key;
        private final JCAContext jca = new JCAContext();

        EdDsaSigner(PrivateKey key) {
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(input);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new JOSEException(e.getMessage(), e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return jca;
        }
    }
}
