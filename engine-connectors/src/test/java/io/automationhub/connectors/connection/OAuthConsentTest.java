package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.connectors.secret.SecretKeys;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person agrees to a connection; its tokens are kept, renewed by one process, and over when the server says so. */
class OAuthConsentTest {

    private static final String BACK = "https://app.example/oauth/back";
    private static final String SECRET = "client-s3cr3t";

    private final MockWebServer api = new MockWebServer();
    private final MockWebServer tokens = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final InMemoryDocumentStore documents = new InMemoryDocumentStore();
    private final SecretKeys keys = SecretKeys.random();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T12:00:00Z"));
    private final ConnectionClient client = client();
    private final OAuthConsent consent = client.consent(now::get);

    @BeforeEach
    void start() throws IOException {
        api.start();
        tokens.start();
        api.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse(
                        200, Headers.of(), String.valueOf(request.getHeaders().get("Authorization")));
            }
        });
    }

    @AfterEach
    void stop() {
        door.close();
        api.close();
        tokens.close();
    }

    /** A client as each process has one. */
    private ConnectionClient client() {
        return new ConnectionClient(
                door, connections, new InMemorySecrets().put("acme", "client", SECRET), documents, keys);
    }

    private Connection connect(String authorizationUrl, String tokenUrl, String more) {
        String definition = "{'baseUrl': '" + api.url("/")
                + "', 'auth': {'type': 'authorizationCode', 'authorizationUrl': '"
                + authorizationUrl + "', 'tokenUrl': '" + tokenUrl
                + "', 'clientId': 'me', 'clientSecret': {'$secret': 'client'}, 'scope': 'openid read'" + more + "}}";
        Connection connection = Connection.of(
                "crm", Json.object(Json.parse(definition.replace('\'', '"'))), AuthenticationMethods.STANDARD);
        connections.put("acme", connection);
        return connection;
    }

    private Connection connect() {
        return connect("https://id.example/authorize", tokens.url("/token").toString(), "");
    }

    private String call(ConnectionClient by, Connection connection) {
        return by.exchange(
                Optional.of(connection),
                HttpCall.of("node 'n'", "GET", connection.resolve("x")),
                new ConnectionClient.Sender("acme", CancelSignal.NONE, now::get),
                (sent, answer) -> new String(answer.bytes(), StandardCharsets.UTF_8));
    }

    private static Map<String, String> query(String url) {
        Map<String, String> query = new HashMap<>();
        for (String pair : URI.create(url).getRawQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private void token(String json) {
        tokens.enqueue(new MockResponse(200, Headers.of(), json.replace('\'', '"')));
    }

    /** Agrees, and gets these tokens. */
    private Connection agreed(String json) {
        Connection connection = connect();
        token(json);
        OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
        OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de"));
        return connection;
    }

    // ---------------------------------------------------------------- consent

    @Test
    void aPersonAgreesAtARealServerAndCallsHaveTheToken() throws Exception {
        MockOAuth2Server server = new MockOAuth2Server();
        server.start();
        try {
            Connection connection = connect(
                    server.authorizationEndpointUrl("default").toString(),
                    server.tokenEndpointUrl("default").toString(),
                    ", 'issuer': '" + server.issuerUrl("default") + "'");
            now.set(Instant.now());
            OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
            HttpResponse<Void> back = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(begun.url())).build(),
                            HttpResponse.BodyHandlers.discarding());
            String location = back.headers().firstValue("location").orElseThrow();
            assertThat(location).startsWith(BACK + "?");
            Map<String, String> parameters = query(location);
            parameters.put("iss", server.issuerUrl("default").toString());

            OAuthConsent.Given given = consent.complete(begun.state(), parameters);

            assertThat(given.connection()).isEqualTo("crm");
            assertThat(call(client, connection)).startsWith("Bearer ey");
            now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
            String renewed = call(client, connection);
            assertThat(renewed).startsWith("Bearer ey");
            assertThat(call(client(), connection)).isEqualTo(renewed);
        } finally {
            server.shutdown();
        }
    }

    @Test
    void thePageHasWhatTheServerNeedsAndTheCodeIsExchangedWithItsVerifier() throws Exception {
        Connection connection = connect(
                "https://id.example/authorize",
                tokens.url("/token").toString(),
                ", 'parameters': {'access_type': 'offline'}");
        OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
        Map<String, String> page = query(begun.url());
        assertThat(begun.url()).startsWith("https://id.example/authorize?").doesNotContain(SECRET);
        assertThat(page)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "me")
                .containsEntry("redirect_uri", BACK)
                .containsEntry("scope", "openid read")
                .containsEntry("access_type", "offline")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("state", begun.state());

        token("{'access_token': 'one', 'token_type': 'bearer'}");
        OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de"));

        String form = tokens.takeRequest().getBody().utf8();
        Map<String, String> sent = query("http://x?" + form);
        assertThat(sent).containsEntry("grant_type", "authorization_code").containsEntry("code", "c0de");
        byte[] hash = Digests.of("SHA-256").digest(sent.get("code_verifier").getBytes(StandardCharsets.US_ASCII));
        assertThat(java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(hash))
                .isEqualTo(page.get("code_challenge"));
        assertThat(call(client, connection)).isEqualTo("Bearer one");
    }

    @Test
    void aConsentCountsOnceInItsOwnSessionAndForAWhile() {
        Connection connection = connect();
        OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
        Map<String, String> back = Map.of("state", begun.state(), "code", "c0de");
        assertRefused(() -> consent.complete("another session", back), "not begun in this session");
        assertRefused(() -> consent.complete(null, back), "not begun in this session");
        assertRefused(() -> consent.complete(begun.state(), Map.of("code", "c0de")), "not begun in this session");
        assertThat(tokens.getRequestCount()).isZero();

        token("{'access_token': 'one', 'token_type': 'bearer'}");
        OAuthConsent.Given unused = consent.complete(begun.state(), back);
        assertRefused(() -> consent.complete(begun.state(), back), "completed before");

        OAuthConsent.Begun late = consent.begin("acme", "crm", BACK);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(16)));
        assertRefused(
                () -> consent.complete(late.state(), Map.of("state", late.state(), "code", "c")), "took too long");
        OAuthConsent.Begun abandoned = consent.begin("acme", "crm", BACK);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(16)));
        OAuthConsent.Begun last = consent.begin("acme", "crm", BACK);
        assertThat(List.of(abandoned, last)).doesNotHaveDuplicates();
        assertThat(documents
                        .list(DocumentQuery.of("connection-consents", "*", 10))
                        .items())
                .hasSize(1);
        assertThat(call(client, connection)).isEqualTo("Bearer one");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("auth"))
                .hasMessageContaining(why);
    }

    @Test
    void whatThePersonOrTheServerRefusesIsSaid() {
        Connection unused = connect(
                "https://id.example/authorize", tokens.url("/token").toString(), ", 'issuer': 'https://id.example'");
        OAuthConsent.Begun denied = consent.begin("acme", "crm", BACK);
        assertRefused(
                () -> consent.complete(
                        denied.state(),
                        Map.of("state", denied.state(), "iss", "https://id.example", "error", "access_denied")),
                "'access_denied'");
        OAuthConsent.Begun mixed = consent.begin("acme", "crm", BACK);
        assertRefused(
                () -> consent.complete(
                        mixed.state(), Map.of("state", mixed.state(), "iss", "https://evil", "code", "c")),
                "another server than 'https://id.example'");
        tokens.enqueue(new MockResponse(400, Headers.of(), "{\"error\": \"invalid_grant\"}"));
        OAuthConsent.Begun expired = consent.begin("acme", "crm", BACK);
        assertRefused(
                () -> consent.complete(
                        expired.state(),
                        Map.of("state", expired.state(), "iss", "https://id.example", "code", "c0de-1234")),
                "invalid_grant");
        assertThatIllegalArgumentException().isThrownBy(() -> consent.begin("acme", "crm", "javascript:alert(1)"));
    }

    @Test
    void aConnectionToWhichNobodyAgreedSaysSo() {
        Connection connection = connect();

        assertThatThrownBy(() -> call(client, connection))
                .isInstanceOfSatisfying(
                        NonRetriableException.class,
                        e -> assertThat(e.details()).containsEntry("needsConsent", true))
                .hasMessageContaining("nobody has agreed");
        ConnectionClient without = new ConnectionClient(door, connections, new InMemorySecrets(), documents, null);
        assertThatThrownBy(() -> call(without, connection)).hasMessageContaining("ConnectorsModule.builder().keys");
    }

    // ---------------------------------------------------------------- renewal

    @Test
    void ofManyProcessesAndThreadsOneRenewsATokenThatIsRotated() throws Exception {
        Connection connection =
                agreed("{'access_token': 'a0', 'refresh_token': 'r0', 'expires_in': 3600, 'token_type': 'bearer'}");
        AtomicInteger renewals = new AtomicInteger();
        tokens.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                int number = renewals.incrementAndGet();
                boolean rotated = request.getBody().utf8().contains("refresh_token=r" + (number - 1));
                return rotated
                        ? new MockResponse(
                                        200,
                                        Headers.of(),
                                        ("{'access_token': 'a" + number + "', 'refresh_token': 'r" + number
                                                        + "', 'expires_in': 3600, 'token_type': 'bearer'}")
                                                .replace('\'', '"'))
                                .newBuilder()
                                .headersDelay(200, TimeUnit.MILLISECONDS)
                                .build()
                        : new MockResponse(400, Headers.of(), "{\"error\": \"invalid_grant\"}");
            }
        });
        List<ConnectionClient> processes = List.of(client(), client(), client());
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            for (int round = 1; round <= 3; round++) {
                now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
                List<Future<String>> calls = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    // Each process reads the connection for itself.
                    Connection own = i < 3 ? connection : connect();
                    ConnectionClient process = processes.get(i % 3);
                    calls.add(threads.submit(() -> call(process, own)));
                }
                for (Future<String> each : calls) {
                    assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo("Bearer a" + round);
                }
                assertThat(renewals).hasValue(round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aTokenThatTheServerRefusesIsReplacedOnceAndNotAllTheTime() throws Exception {
        Connection connection =
                agreed("{'access_token': 'old', 'refresh_token': 'r', 'token_type': 'bearer', 'expires_in': 86400}");
        api.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String seen = String.valueOf(request.getHeaders().get("Authorization"));
                return new MockResponse(seen.equals("Bearer good") ? 200 : 401, Headers.of(), seen);
            }
        });
        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
        token("{'access_token': 'good', 'token_type': 'bearer', 'expires_in': 86400}");
        assertThat(call(client, connection)).isEqualTo("Bearer good");
        assertThat(tokens.getRequestCount()).isEqualTo(2);

        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));
        token("{'access_token': 'bad', 'token_type': 'bearer', 'expires_in': 86400}");
        for (int i = 0; i < 3; i++) {
            assertThat(call(client, connection)).isEqualTo("Bearer bad");
        }
        assertThat(tokens.getRequestCount()).isEqualTo(3);
    }

    @Test
    void aRefreshTokenThatIsOverMarksTheConnectionUntilSomebodyAgreesAgain() {
        Connection connection =
                agreed("{'access_token': 'a', 'refresh_token': 'r-12345', 'token_type': 'bearer', 'expires_in': 3600}");
        now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
        tokens.enqueue(new MockResponse(
                400, Headers.of(), "{\"error\": \"invalid_grant\", \"error_description\": \"r-12345 was revoked\"}"));

        for (ConnectionClient process : List.of(client, client())) {
            assertThatThrownBy(() -> call(process, connection))
                    .hasMessageContaining("needs the consent of a person")
                    .hasMessageNotContaining("r-12345");
        }
        assertThat(tokens.getRequestCount()).isEqualTo(2);

        token("{'access_token': 'again', 'token_type': 'bearer'}");
        OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
        OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de"));
        assertThat(call(client, connection)).isEqualTo("Bearer again");
    }

    @Test
    void whatSomebodyAgreesToAnewIsSoonUsedByAllProcesses() {
        Connection connection = agreed("{'access_token': 'ann', 'token_type': 'bearer'}");
        ConnectionClient other = client();
        assertThat(call(other, connection)).isEqualTo("Bearer ann");
        token("{'access_token': 'ben', 'token_type': 'bearer'}");
        OAuthConsent.Begun begun = consent.begin("acme", "crm", BACK);
        OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de"));

        now.updateAndGet(time -> time.plusSeconds(31));

        assertThat(call(other, connection)).isEqualTo("Bearer ben");
    }

    @Test
    void tokensAreForgottenInAllProcesses() {
        Connection connection = agreed("{'access_token': 'ann', 'token_type': 'bearer'}");
        assertThat(call(client, connection)).isEqualTo("Bearer ann");

        assertThat(consent.forget("acme", "crm")).isTrue();
        assertThat(consent.forget("acme", "crm")).isFalse();

        now.updateAndGet(time -> time.plusSeconds(31));
        assertThatThrownBy(() -> call(client, connection)).hasMessageContaining("nobody has agreed");
        assertThatThrownBy(() -> call(client(), connection)).hasMessageContaining("nobody has agreed");
    }

    @Test
    void aServerThatFailsIsNoEndOfTheTokensAndAProcessThatDiedWhileItAskedNeither() {
        Connection connection =
                agreed("{'access_token': 'a', 'refresh_token': 'r', 'token_type': 'bearer', 'expires_in': 3600}");
        now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
        tokens.enqueue(new MockResponse(503, Headers.of(), ""));
        assertThatThrownBy(() -> call(client, connection)).hasMessageContaining("status 503");

        Document kept = documents.find("connection-tokens", "acme", "crm").orElseThrow();
        KeptCredentials mine = client.context(
                        connection, new ConnectionClient.Sender("acme", CancelSignal.NONE, now::get))
                .kept();
        UserTokens tokensNow = UserTokens.parse(mine.find().orElseThrow().text());
        assertThat(mine.put(
                        kept.version(),
                        tokensNow.leased("dead", now.get().plusSeconds(60)).text()))
                .isTrue();
        now.updateAndGet(time -> time.plusSeconds(61));
        token("{'access_token': 'b', 'token_type': 'bearer', 'expires_in': 3600}");
        assertThat(call(client, connection)).isEqualTo("Bearer b");
    }

    @Test
    void tokensAreNotReadableInTheStoreNorSentToAnotherServer() {
        Connection unused = agreed(
                "{'access_token': 'acc3ss-token', 'refresh_token': 'r3fresh-token', 'token_type': 'bearer', 'expires_in': 3600}");
        String stored = documents
                .find("connection-tokens", "acme", "crm")
                .orElseThrow()
                .body()
                .toString();
        assertThat(stored).doesNotContain("acc3ss-token", "r3fresh-token");

        now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
        Connection moved =
                connect("https://id.example/authorize", api.url("/token").toString(), "");
        assertThatThrownBy(() -> call(client, moved)).hasMessageContaining("of another client or server");
        assertThat(api.getRequestCount()).isZero();
    }

    @Test
    void secretsGoToNoServerWithoutEncryption() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connect("https://id.example/a", "http://id.example/token", ""))
                .withMessageContaining("must be an https URL");
    }
}
