package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final MockWebServer server = new MockWebServer();
    private final InMemorySecrets secrets = new InMemorySecrets();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final ConnectionClient client =
            new ConnectionClient(door, new InMemoryConnections(), secrets, new InMemoryDocumentStore(), null);

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        door.close();
        server.close();
    }

    private Connection connection(String auth) {
        String definition = "{'baseUrl': '" + server.url("/") + "', 'auth': " + auth + "}";
        return Connection.of(
                "crm", Json.object(Json.parse(definition.replace('\'', '"'))), AuthenticationMethods.STANDARD);
    }

    private void call(Connection connection) {
        int unused = client.exchange(
                Optional.of(connection),
                HttpCall.of("node 'n'", "GET", connection.resolve("x")),
                new ConnectionClient.Sender("acme", CancelSignal.NONE, () -> NOW),
                (sent, answer) -> answer.status());
    }

    private static KeyPair pair(String algorithm) throws Exception {
        String curve = switch (algorithm) {
            case "ES256" -> "secp256r1";
            case "ES384" -> "secp384r1";
            case "ES512" -> "secp521r1";
            default -> "";
        };
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(algorithm.equals("EdDSA") ? "Ed25519" : curve.isEmpty() ? "RSA" : "EC");
        if (!curve.isEmpty()) {
            generator.initialize(new ECGenParameterSpec(curve));
        } else if (!algorithm.equals("EdDSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static boolean verifies(JWSObject jwt, KeyPair pair) throws Exception {
        if (jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.EdDSA)) {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(pair.getPublic());
            signature.update(jwt.getSigningInput());
            return signature.verify(jwt.getSignature().decode());
        }
        JWSVerifier verifier = pair.getPublic() instanceof ECPublicKey ec
                ? new ECDSAVerifier(ec)
                : new RSASSAVerifier((RSAPublicKey) pair.getPublic());
        return jwt.verify(verifier);
    }

    private JWSObject sentToken() throws Exception {
        String header = String.valueOf(server.takeRequest().getHeaders().get("Authorization"));
        assertThat(header).startsWith("Bearer ");
        return JWSObject.parse(header.substring("Bearer ".length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
    void aTokenIsSignedByAPrivateKey(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        secrets.put("acme", "key", pem(pair));
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        call(
                connection(
                        "{'type': 'jwt', 'algorithm': '" + algorithm
                                + "', 'key': {'$secret': 'key'}, 'keyId': 'k7', 'issuer': 'app', 'lifetime': '10m', 'claims': {'org': [1]}}"));
        JWSObject jwt = sentToken();
        assertThat(verifies(jwt, pair)).isTrue();
        assertThat(verifies(jwt, pair(algorithm))).isFalse();
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k7");
        JsonObject claims = Json.object(Json.parse(jwt.getPayload().toString()));
        assertThat(claims)
                .containsEntry("iss", "app")
                .containsEntry("iat", NOW.getEpochSecond())
                .containsEntry("exp", NOW.getEpochSecond() + 600)
                .containsKeys("jti", "org")
                .doesNotContainKeys("sub", "aud");
    }

    @Test
    void aTokenIsSignedByASharedText() throws Exception {
        String key = "0123456789abcdef0123456789abcdef";
        secrets.put("acme", "key", key);
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        call(connection("{'type': 'jwt', 'algorithm': 'HS256', 'key': {'$secret': 'key'}}"));
        assertThat(sentToken().verify(new MACVerifier(key))).isTrue();
    }

    @Test
    void anAssertionIsExchangedForAToken() throws Exception {
        KeyPair pair = pair("RS256");
        secrets.put("acme", "key", pem(pair));
        server.enqueue(new MockResponse(
                200, Headers.of(), "{\"access_token\": \"one\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"));
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        Connection connection = connection("{'type': 'jwtAssertion', 'tokenUrl': '" + server.url("/token")
                + "', 'issuer': 'app@example', 'subject': 'ada', 'scope': 'mail', 'key': {'$secret': 'key'}}");
        call(connection);
        call(connection);
        String form = server.takeRequest().getBody().utf8();
        assertThat(form).contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "scope=mail");
        String assertion =
                URLDecoder.decode(form.replaceAll("(?s).*assertion=([^&]*).*", "$1"), StandardCharsets.UTF_8);
        JWSObject jwt = JWSObject.parse(assertion);
        assertThat(verifies(jwt, pair)).isTrue();
        assertThat(Json.object(Json.parse(jwt.getPayload().toString())))
                .containsEntry("aud", server.url("/token").toString())
                .containsEntry("sub", "ada");
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer one");
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer one");
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, not a key",
        "RS256, -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----",
        "RS256, -----BEGIN RSA PRIVATE KEY-----AAAA-----END RSA PRIVATE KEY-----",
        "ES256, ''",
        "EdDSA, not a key",
        "HS256, too-short"
    })
    void aSecretThatIsNoKeyIsNamedAndNotShown(String algorithm, String key) {
        secrets.put("acme", "key", key);
        Connection connection =
                connection("{'type': 'jwt', 'algorithm': '" + algorithm + "', 'key': {'$secret': 'key'}}");
        assertThatThrownBy(() -> call(connection))
                .isInstanceOf(NonRetriableException.class)
                .hasNoCause()
                .hasMessageContainingAll("'key'", algorithm, "connection 'crm'")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("AAAA", "too-short"));
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        secrets.put("acme", "key", pem(pair("RS256")));
        for (String algorithm : new String[] {"ES256", "EdDSA"}) {
            assertThatThrownBy(() -> call(
                            connection("{'type': 'jwt', 'algorithm': '" + algorithm + "', 'key': {'$secret': 'key'}}")))
                    .hasMessageContaining("no key for " + algorithm);
        }
        secrets.put("acme", "key", pem(pair("ES384")));
        assertThatThrownBy(() -> call(connection("{'type': 'jwt', 'algorithm': 'ES256', 'key': {'$secret': 'key'}}")))
                .hasMessageContaining("no key for ES256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'jwt', 'algorithm': 'none', 'key': {'$secret': 'k'}} | RS256",
                "{'type': 'jwt', 'lifetime': 'long', 'key': {'$secret': 'k'}} | 5m",
                "{'type': 'jwt', 'lifetime': '0s', 'key': {'$secret': 'k'}} | at least a second",
                "{'type': 'jwt'} | $secret",
                "{'type': 'jwtAssertion', 'tokenUrl': 'https://x', 'key': {'$secret': 'k'}} | issuer"
            })
    void aDefinitionThatDoesNotFitIsRefused(String auth, String named) {
        assertThatIllegalArgumentException().isThrownBy(() -> connection(auth)).withMessageContaining(named);
    }
}
