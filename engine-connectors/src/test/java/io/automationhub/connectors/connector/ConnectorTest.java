package io.automationhub.connectors.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connector's file, and the connections that are made for it. */
class ConnectorTest {

    private static final String FILE = """
            {'format': 1, 'id': 'crm', 'version': '1.0.0', 'title': 'CRM', 'keywords': ['sales'],
             'baseUrl': 'https://api.crm.example/v2', 'origins': ['https://files.crm.example'], 'test': '/me', 'rate': {'requests': 5, 'per': '1s'},
             'auth': [{'type': 'apiKey', 'in': 'header', 'name': 'X-Key'},
                      {'type': 'clientCredentials', 'tokenUrl': 'https://id.crm.example/token', 'scope': 'read'}],
             'operations': [{'id': 'contact.get', 'method': 'GET', 'path': '/contacts/{id}',
                             'parameters': [{'name': 'id', 'in': 'path', 'schema': {'type': 'string'}}]},
                            {'id': 'file.put', 'method': 'PUT', 'baseUrl': 'https://upload.crm.example', 'path': '/'}]}
            """;

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private final Connector connector = Connector.of(json(FILE));

    @Test
    void aConnectorIsReadFromItsFile() {
        assertThat(connector.operations())
                .extracting(connector::type)
                .containsExactly("crm.contact.get", "crm.file.put");
        assertThat(connector.origins())
                .containsExactly(
                        "https://api.crm.example:443",
                        "https://files.crm.example:443",
                        "https://upload.crm.example:443");
        assertThat(connector.operations().get(0).parameters().get(0).required()).isTrue();
    }

    @Test
    void aConnectionForItHasItsServersAndTheChosenWayOfAuthentication() {
        JsonObject connection = connector.connection(
                json("{'auth': {'type': 'clientCredentials', 'clientId': 'me', 'clientSecret': {'$secret': 's'}}}"));

        assertThat(connection).isEqualTo(json("""
                                {'connector': 'crm', 'baseUrl': 'https://api.crm.example/v2',
                                 'origins': ['https://files.crm.example:443', 'https://upload.crm.example:443'], 'test': '/me', 'rate': {'requests': 5, 'per': '1s'},
                                 'auth': {'type': 'clientCredentials', 'tokenUrl': 'https://id.crm.example/token', 'scope': 'read',
                                          'clientId': 'me', 'clientSecret': {'$secret': 's'}}}
                                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"auth": {"value": {"$secret": "s"}}}                     | several fit
            {"auth": {"type": "basic", "user": "u"}}                  | none fits
            {"auth": {"type": "apiKey", "in": "query"}}               | none fits
            {}                                                        | {"type":"apiKey","in":"header","name":"X-Key"}
            """)
    void aConnectionThatFitsNoWayOfAuthenticationIsRefused(String given, String named) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connector.connection(json(given)))
                .withMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            "format": 1            | "format": 2                   | '/format'
            "id": "crm"            | "id": "My CRM"                | '/id'
            "title": "CRM",        | -                             | title
            "method": "GET"        | "method": "FETCH"             | '/operations/0/method'
            /contacts/{id}         | /contacts/{ident}             | the path names the parameters [ident]
            "name": "id"           | "field": "body", "name": "id" | the field 'body' is taken
            file.put               | contact.get                   | is the id of another operation
            https://api.crm        | ftp://api.crm                 | '/baseUrl'
            "in": "path"           | "in": "body"                  | '/operations/0/parameters/0/in'
            "test": "/me"          | "tests": "/me"                | tests
            """)
    void aFileThatDoesNotFitIsRefusedWithItsPlace(String part, String other, String named) {
        String file = FILE.replace('\'', '"');
        String text = file.replace(part, other == null ? "" : other);
        assertThat(text).isNotEqualTo(file);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connector.of(json(text)))
                .withMessageContaining("Cannot read the connector")
                .withMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'mode': 'cursor', 'parameter': 'after'}        | next
            {'mode': 'page'}                                | parameter
            {'mode': 'leaf'}                                | '/mode'
            """)
    void pagesThatCannotBeReadAreRefused(String paging, String named) {
        String text =
                FILE.replace("'path': '/contacts/{id}',", "'path': '/contacts/{id}', 'pagination': " + paging + ",");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connector.of(json(text)))
                .withMessageContaining("/operations/0/pagination")
                .withMessageContaining(named);
    }
}
