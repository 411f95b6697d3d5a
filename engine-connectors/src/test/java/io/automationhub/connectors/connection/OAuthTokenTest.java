package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Credentials;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthTokenTest {

    private static final String SECRET = "client:s3cr3t/ü";

    private final MockWebServer api = new MockWebServer();
    private final MockWebServer tokens = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final ConnectionClient client = new ConnectionClient(
            door,
            new InMemoryConnections(),
            new InMemorySecrets().put("acme", "client", SECRET),
            new InMemoryDocumentStore(),
            null);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T12:00:00Z"));

    @BeforeEach
    void start() throws IOException {
        api.start();
        tokens.start();
    }

    @AfterEach
    void stop() {
        door.close();
        api.close();
        tokens.close();
    }

    private Connection connection(String more) {
        String definition = "{'baseUrl': '" + api.url("/") + "', 'auth': {'type': 'clientCredentials', 'tokenUrl': '"
                + tokens.url("/token") + "', 'clientId': 'my client', 'clientSecret': {'$secret': 'client'}" + more
                + "}}";
        return Connection.of(
                "crm", Json.object(Json.parse(definition.replace('\'', '"'))), AuthenticationMethods.STANDARD);
    }

    private int call(Connection connection) {
        return client.exchange(
                Optional.of(connection),
                HttpCall.of("node 'n'", "GET", connection.resolve("x")),
                new ConnectionClient.Sender("acme", CancelSignal.NONE, now::get),
                (sent, answer) -> answer.status());
    }

    private void token(String value, String more) {
        tokens.enqueue(new MockResponse(
                200,
                Headers.of(),
                ("{'access_token': '" + value + "', 'token_type': 'Bearer'" + more + "}").replace('\'', '"')));
    }

    private void answers(int... statuses) {
        for (int status : statuses) {
            api.enqueue(new MockResponse(status, Headers.of(), ""));
        }
    }

    private String seen() throws InterruptedException {
        return String.valueOf(api.takeRequest().getHeaders().get("Authorization"));
    }

    @Test
    void aTokenIsUsedUntilShortlyBeforeItExpires() throws InterruptedException {
        Connection connection = connection(", 'scope': 'read write'");
        token("one", ", 'expires_in': 3600");
        token("two", ", 'expires_in': '3600'");
        answers(200, 200, 200);
        call(connection);
        now.updateAndGet(time -> time.plusSeconds(3569));
        call(connection);
        now.updateAndGet(time -> time.plusSeconds(2));
        call(connection);
        assertThat(List.of(seen(), seen(), seen())).containsExactly("Bearer one", "Bearer one", "Bearer two");
        RecordedRequest asked = tokens.takeRequest();
        assertThat(asked.getBody().utf8()).isEqualTo("grant_type=client_credentials&scope=read+write");
        assertThat(asked.getHeaders().get("Authorization"))
                .isEqualTo(Credentials.basic("my+client", "client%3As3cr3t%2F%C3%BC"));
    }

    @Test
    void aClientMayShowItselfInTheBody() throws InterruptedException {
        token("one", "");
        answers(200);
        call(connection(", 'clientAuthentication': 'body', 'audience': 'https://api'"));
        RecordedRequest asked = tokens.takeRequest();
        assertThat(asked.getHeaders().get("Authorization")).isNull();
        assertThat(asked.getBody().utf8())
                .contains(
                        "client_id=my+client", "client_secret=client%3As3cr3t%2F%C3%BC", "audience=https%3A%2F%2Fapi");
    }

    @Test
    void aTokenThatIsRefusedIsReplacedOnce() throws InterruptedException {
        Connection connection = connection("");
        token("revoked", "");
        token("fresh", "");
        token("refused too", "");
        answers(401, 200, 401, 401);
        assertThat(call(connection)).isEqualTo(200);
        assertThat(List.of(seen(), seen())).containsExactly("Bearer revoked", "Bearer fresh");
        assertThat(call(connection)).isEqualTo(401);
        assertThat(tokens.getRequestCount()).isEqualTo(3);
    }

    @Test
    void ofManyCallsOneAsks() throws InterruptedException {
        Connection connection = connection("");
        tokens.enqueue(new MockResponse.Builder()
                .body("{\"access_token\": \"one\", \"token_type\": \"bearer\", \"expires_in\": 60}")
                .headersDelay(200, TimeUnit.MILLISECONDS)
                .build());
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers(200);
            callers.add(new Thread(() -> call(connection)));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(tokens.getRequestCount()).isEqualTo(1);
        assertThat(api.getRequestCount()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | invalid_client | clientSecret",
                "400 | invalid_scope | field 'scope'",
                "400 | unauthorized_client | allow it the grant type",
                "400 | unsupported_grant_type | allow it the grant type",
                "400 | invalid_target | audience",
                "403 | odd | tokenUrl"
            })
    void eachRefusalHasItsNextStep(int status, String error, String next) {
        tokens.enqueue(new MockResponse(
                status, Headers.of(), "{\"error\": \"" + error + "\", \"error_description\": \"no " + SECRET + "\"}"));
        assertThatThrownBy(() -> call(connection("")))
                .isInstanceOfSatisfying(
                        NonRetriableException.class, e -> assertThat(e.kind()).isEqualTo("auth"))
                .hasMessageContainingAll("connection 'crm'", error, next)
                .hasMessageNotContaining(SECRET);
        assertThat(api.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"access_token\": 1, \"token_type\": \"bearer\"}",
                "{\"access_token\": \"a\", \"token_type\": \"mac\"}",
                "{\"access_token\": \" \", \"token_type\": \"bearer\"}"
            })
    void whatIsNoTokenIsRefused(String body) {
        tokens.enqueue(new MockResponse(200, Headers.of(), body));
        assertThatThrownBy(() -> call(connection("")))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContaining("no bearer token");
    }

    @Test
    void aTokenServerThatIsDownMayBeTriedAgainAndRedirectsNowhere() {
        tokens.enqueue(new MockResponse(503, Headers.of(), ""));
        assertThat(catchThrowable(() -> call(connection("")))).isInstanceOf(RetriableException.class);
        tokens.enqueue(
                new MockResponse(307, Headers.of("Location", api.url("/steal").toString()), ""));
        assertThatThrownBy(() -> call(connection(""))).isInstanceOf(NonRetriableException.class);
        assertThat(api.getRequestCount()).isZero();
    }
}
