package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.JsonObject;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final InMemoryDocumentStore documents = new InMemoryDocumentStore();
    private final StoredConnections stored = new StoredConnections(documents, AuthenticationMethods.STANDARD);

    private static JsonObject definition(String baseUrl) {
        return JsonObject.of("baseUrl", baseUrl);
    }

    @Test
    void aConnectionBelongsToItsTenantAndCanBeChanged() {
        long first = stored.create("acme", "crm", definition("https://one.example/v1/"));
        assertThat(stored.find("acme", "crm").orElseThrow().resolve("x")).isEqualTo("https://one.example/v1/x");
        assertThat(stored.find("other", "crm")).isEmpty();
        long second = stored.replace("acme", "crm", first, definition("https://two.example"));
        assertThat(stored.find("acme", "crm").orElseThrow().resolve("x")).isEqualTo("https://two.example/x");
        assertThatThrownBy(() -> stored.replace("acme", "crm", first, definition("https://three.example")))
                .isInstanceOf(VersionMismatchException.class);
        assertThatThrownBy(() -> stored.create("acme", "crm", definition("https://three.example")))
                .isInstanceOf(VersionMismatchException.class);
        assertThat(stored.definition("acme", "crm").orElseThrow().body()).isEqualTo(definition("https://two.example"));
        stored.delete("acme", "crm", second);
        assertThat(stored.find("acme", "crm")).isEmpty();
    }

    @Test
    void oneThatDidNotChangeStaysTheSame() {
        long version = stored.create("acme", "crm", definition("https://one.example"));
        Connection before = stored.find("acme", "crm").orElseThrow();
        assertThat(stored.find("acme", "crm").orElseThrow()).isSameAs(before);
        // Another process changes it.
        new StoredConnections(documents, AuthenticationMethods.STANDARD)
                .replace("acme", "crm", version, definition("https://one.example"));
        assertThat(stored.find("acme", "crm").orElseThrow()).isNotSameAs(before);
    }

    @Test
    void aDefinitionThatDoesNotFitIsNotKept() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stored.create("acme", "crm", definition("ftp://one.example")))
                .withMessageContaining("baseUrl");
        assertThat(stored.find("acme", "crm")).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedWithWhatIsThere() {
        stored.create("acme", "crm", definition("https://one.example"));
        stored.create("other", "secret-project", definition("https://one.example"));
        assertThat(stored.named("acme", null)).isEmpty();
        assertThatThrownBy(() -> stored.named("acme", "cmr"))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContainingAll("'cmr'", "crm")
                .hasMessageNotContaining("secret-project");
    }

    @Test
    void credentialsGoToTheOriginsOfAConnectionAlone() {
        Connection connection = Connection.of(
                "crm",
                JsonObject.builder()
                        .put("baseUrl", "https://api.example/v1")
                        .put("origins", "https://files.example:8443")
                        .build(),
                AuthenticationMethods.STANDARD);
        assertThat(connection.resolve("https://API.example/other")).isEqualTo("https://API.example/other");
        assertThat(connection.resolve("https://files.example:8443/f")).isEqualTo("https://files.example:8443/f");
        for (String elsewhere : new String[] {
            "http://api.example/", "https://api.example:444/", "https://api.example.evil.example/",
            "https://api.example@evil.example/", "https://files.example/", "file:///etc/passwd"
        }) {
            assertThatThrownBy(() -> connection.resolve(elsewhere))
                    .isInstanceOf(NonRetriableException.class)
                    .hasMessageContainingAll("'crm'", "origins");
        }
    }

    @Test
    void aHostAddsAWayOfAuthentication() {
        AuthenticationMethods methods = AuthenticationMethods.STANDARD.with(
                "stamp",
                auth -> (call, context) -> call.credentialHeader("X-Stamp", String.valueOf(auth.get("stamp"))));
        JsonObject definition = JsonObject.builder()
                .put("baseUrl", "https://api.example")
                .put(
                        "auth",
                        JsonObject.builder()
                                .put("type", "stamp")
                                .put("stamp", "s")
                                .build())
                .build();
        assertThat(Connection.of("crm", definition, methods)).hasToString("Connection crm to https://api.example");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connection.of("crm", definition, AuthenticationMethods.STANDARD))
                .withMessageContaining("'stamp' is no way of authentication");
    }
}
