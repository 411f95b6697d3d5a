package io.automationhub.connectors.openapi;

import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes the file of a connector of a document. For one use. */
final class DocumentReader {

    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete", "options");

    private static final int MOST_KEYWORDS = 20;
    private static final int LONGEST_ID = 120;
    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_VERSION = 64;

    private final Document document;
    private final OpenApiConnector.Choice choice;
    private final SchemaReader schemas;
    private final List<String> notes = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> scopes = new TreeSet<>();

    DocumentReader(JsonObject json, OpenApiConnector.Choice choice) {
        document = new Document(json);
        this.choice = choice;
        schemas = new SchemaReader(document);
    }

    OpenApiConnector read() {
        String version = Json.toText(document.json().get("openapi"));
        if (!version.startsWith("3.")) {
            throw new IllegalArgumentException("Cannot read the OpenAPI document: its version is "
                    + (document.json().containsKey("swagger")
                            ? "Swagger " + Json.toText(document.json().get("swagger"))
                            : "'" + version + "'")
                    + ", and 3.0 and 3.1 are read; convert it first");
        }
        List<JsonObject> operations = operations();
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("Cannot make a connector of the OpenAPI document: it has none of the"
                    + " operations that are wanted; look at their ids and tags");
        }
        JsonObject.Builder file = head();
        List<JsonObject> auth = new SecurityReader(document, scopes, notes).read();
        if (!auth.isEmpty()) {
            file.put("auth", auth);
        }
        if (!schemas.named().isEmpty()) {
            file.put("schemas", schemas.named());
        }
        return new OpenApiConnector(
                Connector.of(file.put("operations", operations).build()), notes);
    }

    private JsonObject.Builder head() {
        JsonObject info = document.object("info");
        JsonObject.Builder file = JsonObject.builder()
                .put("format", 1)
                .put("id", choice.id())
                .put("version", cut(textOr(info, "version", "1"), LONGEST_VERSION))
                .put("title", cut(textOr(info, "title", choice.id()), LONGEST_TITLE));
        if (info.get("description") instanceof String text) {
            file.put("description", text);
        }
        List<String> keywords = new ArrayList<>();
        for (Object tag : array(document.json(), "tags")) {
            if (document.resolved(tag).get("name") instanceof String name && keywords.size() < MOST_KEYWORDS) {
                keywords.add(name);
            }
        }
        if (!keywords.isEmpty()) {
            file.put("keywords", keywords);
        }
        baseUrl().ifPresent(url -> file.put("baseUrl", url));
        return file;
    }

    private Optional<String> baseUrl() {
        if (choice.baseUrl() != null) {
            return Optional.of(choice.baseUrl());
        }
        Optional<String> url = server(document.json());
        if (url.isEmpty()) {
            notes.add("The document names no server by an absolute URL, so that each connection needs a baseUrl.");
        }
        return url;
    }

    /** The URL of the first server, with the usual values of its variables; empty if there is no absolute one. */
    private Optional<String> server(JsonObject of) {
        for (Object each : array(of, "servers")) {
            JsonObject server = document.resolved(each);
            String url = textOr(server, "url", "");
            for (Map.Entry<String, @Nullable Object> variable :
                    document.resolved(server.get("variables")).entrySet()) {
                Object usual = document.resolved(variable.getValue()).get("default");
                url = url.replace("{" + variable.getKey() + "}", usual == null ? "" : Json.toText(usual));
            }
            if (HttpDoor.origin(url).isPresent()) {
                return Optional.of(url);
            }
        }
        return Optional.empty();
    }

    // ---------------------------------------------------------------- operations

    private List<JsonObject> operations() {
        List<JsonObject> all = new ArrayList<>();
        document.object("paths").forEach((path, value) -> {
            JsonObject item = document.resolved(value);
            for (String method : METHODS) {
                if (item.get(method) instanceof JsonObject operation && isWanted(path, method, operation)) {
                    if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0 || !path.startsWith("/")) {
                        notes.add("The operation " + method + " " + path + " is left out: its path is none.");
                    } else {
                        all.add(operation(path, method, item, operation));
                    }
                }
            }
        });
        return all;
    }

    private boolean isWanted(String path, String method, JsonObject operation) {
        if (choice.wanted().test(textOr(operation, "operationId", method + " " + path))) {
            return true;
        }
        return array(operation, "tags").stream().anyMatch(tag -> choice.wanted().test(Json.toText(tag)));
    }

    private JsonObject operation(String path, String method, JsonObject item, JsonObject operation) {
        String id = id(textOr(operation, "operationId", method + path));
        scopesOf(operation);
        JsonObject.Builder read = JsonObject.builder()
                .put("id", id)
                .put("title", cut(textOr(operation, "summary", id), LONGEST_TITLE))
                .put("method", method.toUpperCase(Locale.ROOT));
        if (operation.get("description") instanceof String text) {
            read.put("description", text);
        }
        if (Boolean.TRUE.equals(operation.get("deprecated"))) {
            read.put("deprecated", true);
        }
        server(operation).or(() -> server(item)).ifPresent(url -> read.put("baseUrl", url));
        new CallReader(document, schemas, notes, id).read(path, item, operation, read);
        new AnswersReader(document, schemas).read(operation, read);
        return read.build();
    }

    private String id(String wanted) {
        String id =
                cut(wanted.replaceAll("[{}]", "").replace('/', '.').replaceAll("[^A-Za-z0-9_.-]", "-"), LONGEST_ID - 4);
        id = id.replaceFirst("^[^A-Za-z0-9]+", "");
        String free = id.isEmpty() ? "operation" : id;
        for (int i = 2; !ids.add(free); i++) {
            free = id + "-" + i;
        }
        return free;
    }

    /** What the chosen operations need, and no more. */
    private void scopesOf(JsonObject operation) {
        JsonObject from = operation.containsKey("security") ? operation : document.json();
        for (Object requirement : array(from, "security")) {
            document.resolved(requirement).forEach((scheme, needed) -> {
                if (needed instanceof JsonArray list) {
                    list.forEach(scope -> scopes.add(Json.toText(scope)));
                }
            });
        }
    }

    // ---------------------------------------------------------------- reading

    static JsonArray array(JsonObject json, String field) {
        return json.get(field) instanceof JsonArray list ? list : JsonArray.EMPTY;
    }

    static String textOr(JsonObject json, String field, String otherwise) {
        return json.get(field) instanceof String text && !text.isBlank() ? text : otherwise;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
