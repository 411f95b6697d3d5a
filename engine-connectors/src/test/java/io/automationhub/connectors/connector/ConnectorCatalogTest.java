package io.automationhub.connectors.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connectors come in by a review, and are found by words. */
class ConnectorCatalogTest {

    private final ConnectorCatalog catalog = new ConnectorCatalog(new InMemoryDocumentStore());

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static Connector connector(String id, String version, String server, String scope, String more) {
        return Connector.of(json("{'format': 1, 'id': '" + id + "', 'version': '" + version + "', " + more
                + "'baseUrl': 'https://" + server + "', 'auth': [{'type': 'clientCredentials', 'tokenUrl': 'https://id."
                + server
                + "/t', 'scope': '" + scope + "'}], 'operations': [{'id': 'op-" + version
                + "', 'method': 'GET', 'path': '/'}]}"));
    }

    private void accept(Connector connector) {
        catalog.accept(catalog.review(connector));
    }

    @Test
    void aReviewNamesServersAndScopesAndWhatIsNew() {
        accept(connector("crm", "1", "crm.example", "read", "'title': 'CRM', "));

        ConnectorReview review =
                catalog.review(connector("crm", "2", "elsewhere.example", "read write", "'title': 'CRM', "));

        assertThat(review.replaces()).isEqualTo("1");
        assertThat(review.servers())
                .containsExactly("https://elsewhere.example:443", "https://id.elsewhere.example:443");
        assertThat(review.newServers()).isEqualTo(review.servers());
        assertThat(review.scopes()).containsExactly("read", "write");
        assertThat(review.newScopes()).containsExactly("write");
        assertThat(review.goneOperations()).containsExactly("op-1");
        assertThat(catalog.find("crm").orElseThrow().version()).isEqualTo("1");

        catalog.accept(review);

        assertThat(catalog.find("crm").orElseThrow().version()).isEqualTo("2");
        assertThat(catalog.all()).extracting(Connector::id).containsExactly("crm");
    }

    @Test
    void aReviewThatIsNoLongerTrueIsNotAccepted() {
        ConnectorReview early = catalog.review(connector("crm", "1", "crm.example", "read", "'title': 'CRM', "));
        accept(connector("crm", "1", "other.example", "all", "'title': 'CRM', "));

        assertThatThrownBy(() -> catalog.accept(early)).isInstanceOf(VersionMismatchException.class);
        assertThat(catalog.find("crm").orElseThrow().baseUrl()).contains("https://other.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mail          | mail,crm
            MAIL crm      | crm
            sales         | crm
            nothing       | none
            ''            | crm,mail
            """)
    void connectorsAreFoundByTheirWordsTheBestFirst(String words, String ids) {
        accept(connector("mail", "1", "mail.example", "send", "'title': 'Mail', "));
        accept(connector(
                "crm",
                "1",
                "crm.example",
                "read",
                "'title': 'CRM', 'keywords': ['sales'], 'description': 'People and mail', "));

        assertThat(catalog.search(words).stream().map(ConnectorListing::id).toList())
                .isEqualTo(ids.equals("none") ? java.util.List.of() : java.util.List.of(ids.split(",", -1)));
        assertThat(catalog.search("crm").get(0).servers()).containsExactly("https://crm.example:443");
    }

    @Test
    void aConnectorThatIsTakenAwayIsGone() {
        accept(connector("crm", "1", "crm.example", "read", "'title': 'CRM', "));

        assertThat(catalog.remove("crm")).isTrue();
        assertThat(catalog.remove("crm")).isFalse();
        assertThat(catalog.find("crm")).isEmpty();
        assertThat(catalog.search("")).isEmpty();
    }
}
