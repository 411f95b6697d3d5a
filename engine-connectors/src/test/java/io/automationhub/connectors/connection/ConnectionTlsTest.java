package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTlsTest {

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private final HeldCertificate serverCertificate = certificate("127.0.0.1", authority);
    private final HeldCertificate clientCertificate = certificate("client", authority);
    private final MockWebServer server = new MockWebServer();
    private final InMemorySecrets secrets = new InMemorySecrets();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final ConnectionClient client =
            new ConnectionClient(door, new InMemoryConnections(), secrets, new InMemoryDocumentStore(), null);

    private static HeldCertificate certificate(String name, HeldCertificate signer) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName(name)
                .signedBy(signer)
                .build();
    }

    @BeforeEach
    void start() throws IOException {
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(serverCertificate)
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslSocketFactory());
        server.start();
        secrets.put("acme", "key", clientCertificate.privateKeyPkcs8Pem());
    }

    @AfterEach
    void stop() {
        door.close();
        server.close();
    }

    private Connection connection(JsonObject tls) {
        JsonObject definition = JsonObject.builder()
                .put("baseUrl", "https://127.0.0.1:" + server.getPort())
                .put("tls", tls)
                .build();
        return Connection.of("crm", definition, AuthenticationMethods.STANDARD);
    }

    private JsonObject withCertificate() {
        return JsonObject.builder()
                .put("authorities", authority.certificatePem())
                .put("certificate", clientCertificate.certificatePem())
                .put("key", JsonObject.of("$secret", "key"))
                .build();
    }

    private int call(Connection connection) {
        return client.exchange(
                Optional.of(connection),
                HttpCall.of("node 'n'", "GET", connection.resolve("x")),
                new ConnectionClient.Sender("acme", CancelSignal.NONE, () -> Instant.EPOCH),
                (sent, answer) -> answer.status());
    }

    @Test
    void anAuthorityOfTheConnectionIsTrustedByItAlone() {
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        assertThat(call(connection(JsonObject.of("authorities", authority.certificatePem()))))
                .isEqualTo(200);
        HeldCertificate other =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        for (JsonObject tls :
                new JsonObject[] {JsonObject.EMPTY, JsonObject.of("authorities", other.certificatePem())}) {
            assertThatThrownBy(() -> call(connection(tls)))
                    .isInstanceOfSatisfying(
                            NonRetriableException.class,
                            e -> assertThat(e.kind()).isEqualTo(HttpDoor.KIND_TLS));
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aClientCertificateShowsTheConnection() throws InterruptedException {
        server.requireClientAuth();
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        server.enqueue(new MockResponse(200, Headers.of(), ""));
        Connection connection = connection(withCertificate());
        assertThat(call(connection)).isEqualTo(200);
        assertThat(call(connection)).isEqualTo(200);
        assertThat(server.takeRequest().getHandshake().peerPrincipal().getName())
                .contains("CN=client");
        assertThat(server.takeRequest().getConnectionIndex()).isZero();
        assertThatThrownBy(() -> call(connection(JsonObject.of("authorities", authority.certificatePem()))))
                .isInstanceOfAny(NonRetriableException.class, RetriableException.class);
    }

    @Test
    void aKeyOfAnotherCertificateIsNamedAndNotShown() {
        for (String wrong : new String[] {
            "not a key",
            certificate("other", authority).privateKeyPkcs8Pem().replace("BEGIN PRIVATE", "BEGIN RSA PRIVATE")
        }) {
            secrets.put("acme", "key", wrong);
            assertThatThrownBy(() -> call(connection(withCertificate())))
                    .isInstanceOf(NonRetriableException.class)
                    .hasNoCause()
                    .hasMessageContainingAll("'key'", "connection 'crm'", "BEGIN PRIVATE KEY");
        }
    }

    @Test
    void aDefinitionThatDoesNotFitIsRefused() {
        for (JsonObject wrong : new JsonObject[] {
            JsonObject.of("authorities", "no certificate"),
            JsonObject.of("certificate", clientCertificate.certificatePem()),
            JsonObject.of("key", JsonObject.of("$secret", "key")),
            JsonObject.of("verify", false)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection(wrong))
                    .withMessageContaining("'tls.");
        }
    }
}
