package io.automationhub.connectors.openapi;

import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what an operation's answers mean: its result, its pages and its failures. */
final class AnswersReader {

    private static final Pattern STATUS = Pattern.compile("[1-5]([0-9]{2}|XX|xx)");

    /** Descriptions that say no more than the status does. */
    private static final Set<String> PHRASES = Set.of(
            "bad request",
            "unauthorized",
            "forbidden",
            "not found",
            "resource not found",
            "conflict",
            "gone",
            "unprocessable entity",
            "too many requests",
            "requires authentication",
            "internal error",
            "internal server error",
            "service unavailable",
            "error");

    private final Document document;
    private final SchemaReader schemas;

    AnswersReader(Document document, SchemaReader schemas) {
        this.document = document;
        this.schemas = schemas;
    }

    void read(JsonObject operation, JsonObject.Builder read) {
        List<JsonObject> errors = new ArrayList<>();
        boolean[] found = new boolean[1];
        document.resolved(operation.get("responses")).forEach((status, value) -> {
            JsonObject response = document.resolved(value);
            if (!STATUS.matcher(status).matches()) {
                return;
            }
            if (status.startsWith("2") && !found[0]) {
                found[0] = result(response, read);
            } else if (status.startsWith("4") || status.startsWith("5")) {
                error(status, DocumentReader.textOr(response, "description", ""), errors);
            }
        });
        if (!errors.isEmpty()) {
            read.put("errors", errors);
        }
    }

    /** True if the response says what its body is. */
    private boolean result(JsonObject response, JsonObject.Builder read) {
        JsonObject content = document.resolved(response.get("content"));
        String mediaType = CallReader.preferred(content);
        if (mediaType == null) {
            return false;
        }
        Object written = document.resolved(content.get(mediaType)).get("schema");
        JsonObject schema = schemas.read(written);
        if (mediaType.startsWith("application/json") || mediaType.endsWith("+json")) {
            read.put("result", JsonObject.of("schema", schema));
            paging(response, document.resolved(written), read);
        }
        return true;
    }

    /** A list whose answer declares the header {@code Link} goes on by it (RFC 8288). */
    private void paging(JsonObject response, JsonObject schema, JsonObject.Builder read) {
        boolean links = document.resolved(response.get("headers")).keySet().stream()
                .anyMatch(name -> name.equalsIgnoreCase("link"));
        if (!links) {
            return;
        }
        if ("array".equals(schema.get("type"))) {
            read.put("pagination", JsonObject.of("mode", "link"));
            return;
        }
        List<String> lists = new ArrayList<>();
        document.resolved(schema.get("properties")).forEach((name, property) -> {
            if ("array".equals(document.resolved(property).get("type"))) {
                lists.add(name);
            }
        });
        if (lists.size() == 1) {
            String pointer = "/" + lists.get(0).replace("~", "~0").replace("/", "~1");
            read.put("pagination", JsonObject.of("mode", "link").with("items", pointer));
        }
    }

    private static void error(String status, String description, List<JsonObject> errors) {
        String said = description.strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
        if (said.isEmpty() || PHRASES.contains(said.toLowerCase(Locale.ROOT))) {
            return;
        }
        Object key =
                status.toLowerCase(Locale.ROOT).endsWith("xx") ? status.toLowerCase(Locale.ROOT) : Long.valueOf(status);
        errors.add(JsonObject.of("status", key)
                .with("description", said.length() > 300 ? said.substring(0, 300) + "…" : said));
    }
}
