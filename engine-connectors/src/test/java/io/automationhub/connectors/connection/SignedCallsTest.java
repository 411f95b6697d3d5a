package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digest and AWS signatures, by the examples of their specifications. */
class SignedCallsTest {

    private static Connection connection(String baseUrl, String auth) {
        String definition = "{'baseUrl': '" + baseUrl + "', 'auth': " + auth + "}";
        return Connection.of(
                "crm", Json.object(Json.parse(definition.replace('\'', '"'))), AuthenticationMethods.STANDARD);
    }

    // ---------------------------------------------------------------- AWS

    /** The key and the time of AWS's test suite for Signature Version 4. */
    private static final Authentication.Context SUITE = new Authentication.Context() {
        @Override
        public String label() {
            return "suite";
        }

        @Override
        public Instant now() {
            return Instant.parse("2015-08-30T12:36:00Z");
        }

        @Override
        public String reveal(SecretRef secret) {
            return "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        }

        @Override
        public KeptCredentials kept() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T exchange(HttpCall call, Function<HttpAnswer, T> reader) {
            throw new UnsupportedOperationException();
        }
    };

    private static Connection aws(String service) {
        return connection(
                "https://example.amazonaws.com",
                "{'type': 'awsSignature', 'accessKeyId': 'AKIDEXAMPLE', 'secretKey': {'$secret': 's'},"
                        + " 'region': 'us-east-1', 'service': '" + service + "'}");
    }

    private static boolean isSigned(HttpCall call, String signature) {
        return aws("service")
                .prepared(call, SUITE)
                .hasCredential(
                        "Authorization",
                        ("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                                + " SignedHeaders=host;x-amz-date, Signature=" + signature)::equals);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, '', 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "POST, '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "GET, ?Param2=value2&Param1=value1, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    })
    void callsAreSignedAsInAwsTestSuite(String method, String query, String signature) {
        HttpCall call = HttpCall.of("suite", method, "https://example.amazonaws.com/" + query);
        assertThat(isSigned(call, signature)).isTrue();
    }

    @Test
    void theBodyIsPartOfTheSignature() {
        HttpCall call = HttpCall.of("suite", "POST", "https://example.amazonaws.com/");
        HttpCall other = call.body(HttpBody.of("text/plain", "x".getBytes(StandardCharsets.UTF_8)));
        assertThat(isSigned(other, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"))
                .isFalse();
        assertThat(aws("s3")
                        .prepared(other, SUITE)
                        .hasCredential(
                                "x-amz-content-sha256",
                                "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"::equals))
                .isTrue();
    }

    // ---------------------------------------------------------------- Digest

    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void challengesAreAnsweredAsInRfc7616(String algorithm, String response) {
        String header = DigestAuthentication.header(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm
                        + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                        + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
                "Mufasa",
                "Circle of Life",
                "GET",
                "/dir/index.html",
                "00000001",
                "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        assertThat(header)
                .contains(
                        "response=\"" + response + "\"",
                        "username=\"Mufasa\"",
                        "qop=auth",
                        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    }

    @Test
    void theStrongestChallengeIsAnsweredUntilThereIsAnother() throws IOException, InterruptedException {
        try (MockWebServer server = new MockWebServer();
                HttpDoor door = HttpDoor.builder()
                        .addressGuard(AddressGuard.builder()
                                .allowAddress("127.0.0.0/8")
                                .build())
                        .build()) {
            server.start();
            ConnectionClient client = new ConnectionClient(
                    door,
                    new InMemoryConnections(),
                    new InMemorySecrets().put("acme", "p", "s3cr3t"),
                    new InMemoryDocumentStore(),
                    null);
            Connection connection = connection(
                    server.url("/").toString(), "{'type': 'digest', 'user': 'a\\\"b', 'password': {'$secret': 'p'}}");
            String weak =
                    "Digest realm=\"" + "\\\\r".repeat(10_000) + "r\", nonce=\"n1\", qop=\"auth\", Basic realm=\"r\"";
            server.enqueue(new MockResponse(
                    401,
                    Headers.of(
                            "WWW-Authenticate",
                            weak,
                            "WWW-Authenticate",
                            "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=SHA-256"),
                    ""));
            server.enqueue(new MockResponse(200, Headers.of(), ""));
            server.enqueue(new MockResponse(200, Headers.of(), ""));
            server.enqueue(new MockResponse(
                    401,
                    Headers.of("WWW-Authenticate", "Digest realm=\"r\", nonce=\"e\", stale=true, qop=\"auth\""),
                    ""));
            server.enqueue(new MockResponse(200, Headers.of(), ""));
            server.enqueue(new MockResponse(
                    401, Headers.of("WWW-Authenticate", "Digest realm=\"r\", nonce=\"e\", qop=\"auth\""), ""));
            int[] statuses = new int[4];
            for (int i = 0; i < statuses.length; i++) {
                statuses[i] = client.exchange(
                        Optional.of(connection),
                        HttpCall.of("node 'n'", "GET", connection.resolve("x?q=1")),
                        new ConnectionClient.Sender("acme", CancelSignal.NONE, () -> Instant.EPOCH),
                        (sent, answer) -> answer.status());
            }
            assertThat(statuses).containsExactly(200, 200, 200, 401);
            assertThat(server.takeRequest().getHeaders().get("Authorization")).isNull();
            assertThat(server.takeRequest().getHeaders().get("Authorization"))
                    .contains(
                            "username=\"a\\\"b\"",
                            "nonce=\"n2\"",
                            "nc=00000001",
                            "uri=\"/x?q=1\"",
                            "algorithm=SHA-256");
            assertThat(server.takeRequest().getHeaders().get("Authorization")).contains("nonce=\"n2\"", "nc=00000002");
            server.takeRequest();
            assertThat(server.takeRequest().getHeaders().get("Authorization")).contains("nonce=\"e\"", "nc=00000001");
        }
    }
}
