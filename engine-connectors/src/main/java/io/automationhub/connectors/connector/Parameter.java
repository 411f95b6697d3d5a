package io.automationhub.connectors.connector;

import io.automationhub.engine.value.JsonObject;
import java.util.Locale;
import java.util.Set;

/**
 * A parameter of an operation, written into a call as <a
 * href="https://spec.openapis.org/oas/v3.1.1.html#style-values">OpenAPI</a> says.
 *
 * @param name as the server knows it
 * @param field of the node's configuration that has its value
 * @param style how a list or an object is written
 * @param explode whether each element of a list or an object stands for itself
 * @param json whether the value is written as JSON instead
 * @param description what it is for; empty if nothing is said
 * @param schema of its value
 */
public record Parameter(
        String name,
        String field,
        Place in,
        boolean required,
        Style style,
        boolean explode,
        boolean json,
        String description,
        JsonObject schema) {

    /** Fields of a node's configuration that are no parameters. */
    public static final Set<String> RESERVED = Set.of("body", "pagination", "maxPages");

    /** Where in a call it stands. */
    public enum Place {
        PATH(Style.SIMPLE),
        QUERY(Style.FORM),
        HEADER(Style.SIMPLE),
        COOKIE(Style.FORM);

        private final Style usual;

        Place(Style usual) {
            this.usual = usual;
        }
    }

    /** How a list or an object is written. */
    public enum Style {
        SIMPLE,
        LABEL,
        MATRIX,
        FORM,
        SPACE_DELIMITED,
        PIPE_DELIMITED,
        DEEP_OBJECT;

        static Style of(String text) {
            return valueOf(text.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT));
        }
    }

    static Parameter of(JsonObject json) {
        Part part = new Part(json);
        Place in = Place.valueOf(part.text("in").toUpperCase(Locale.ROOT));
        String style = part.optionalText("style");
        Style written = style == null ? in.usual : Style.of(style);
        return new Parameter(
                part.text("name"),
                part.textOr("field", part.text("name")),
                in,
                in == Place.PATH || part.flag("required"),
                written,
                json.get("explode") instanceof Boolean explode ? explode : written == Style.FORM,
                part.flag("json"),
                part.textOr("description", ""),
                part.object("schema"));
    }
}
