package io.automationhub.connectors.openapi;

import io.automationhub.connectors.connector.Connector;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connector that was made of an OpenAPI document (<a href="https://spec.openapis.org/oas/v3.0.4.html">3.0</a> or <a
 * href="https://spec.openapis.org/oas/v3.1.1.html">3.1</a>, in JSON or YAML). Nothing is fetched: references lead into the
 * document itself.
 *
 * @param connector of which {@link Connector#json} is a file that can be kept and changed
 * @param notes what the connector does not have of the document, and why; each a sentence
 */
public record OpenApiConnector(Connector connector, List<String> notes) {

    public OpenApiConnector {
        notes = List.copyOf(notes);
    }

    /**
     * What to make of a document.
     *
     * @param id of the connector: lower-case letters, digits and hyphens
     * @param baseUrl where the paths begin; null for the first server of the document
     * @param wanted whether an operation is, by its id or one of its tags
     */
    public record Choice(String id, @Nullable String baseUrl, Predicate<String> wanted) {

        /** All operations. */
        public static Choice of(String id) {
            return new Choice(id, null, name -> true);
        }

        /** With paths that begin there. */
        public Choice at(String url) {
            return new Choice(id, url, wanted);
        }

        /** Only operations whose id or one of whose tags is wanted. */
        public Choice only(Predicate<String> names) {
            return new Choice(id, baseUrl, names);
        }
    }

    /**
     * Makes a connector of a document.
     *
     * @throws IllegalArgumentException if it is none, or has none of the operations
     */
    public static OpenApiConnector read(String document, Choice choice) {
        return new DocumentReader(DocumentText.read(document), choice).read();
    }

    /** Whether a JSON object is an OpenAPI document, of whatever version. */
    public static boolean isDocument(JsonObject json) {
        return json.containsKey("openapi") || json.containsKey("swagger");
    }
}
