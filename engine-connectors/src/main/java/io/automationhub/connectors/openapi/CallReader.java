package io.automationhub.connectors.openapi;

import io.automationhub.connectors.connector.Parameter;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an operation sends: its parameters and its body. */
final class CallReader {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** Which headers a document cannot declare, because the body, the answer and the security schemes say them. */
    private static final Set<String> SAID_ELSEWHERE = Set.of("accept", "content-type", "authorization");

    private final Document document;
    private final SchemaReader schemas;
    private final List<String> notes;
    private final String id;

    CallReader(Document document, SchemaReader schemas, List<String> notes, String id) {
        this.document = document;
        this.schemas = schemas;
        this.notes = notes;
        this.id = id;
    }

    void read(String path, JsonObject item, JsonObject operation, JsonObject.Builder read) {
        read.put("path", path);
        List<JsonObject> parameters = parameters(path, item, operation);
        if (!parameters.isEmpty()) {
            read.put("parameters", parameters);
        }
        JsonObject body = document.resolved(operation.get("requestBody"));
        String mediaType = preferred(document.resolved(body.get("content")));
        if (mediaType != null) {
            read.put("body", body(body, mediaType));
        }
    }

    private record Place(String in, String name) {}

    /** An operation's own parameters take the place of those of its path. */
    private List<JsonObject> parameters(String path, JsonObject item, JsonObject operation) {
        Map<Place, JsonObject> all = new LinkedHashMap<>();
        for (JsonObject from : List.of(item, operation)) {
            for (Object each : DocumentReader.array(from, "parameters")) {
                JsonObject parameter = document.resolved(each);
                String in = DocumentReader.textOr(parameter, "in", "");
                String name = DocumentReader.textOr(parameter, "name", "");
                all.put(new Place(in, name), parameter);
            }
        }
        Set<String> inPath = new HashSet<>();
        Matcher placeholders = PLACEHOLDER.matcher(path);
        while (placeholders.find()) {
            inPath.add(placeholders.group(1));
            all.putIfAbsent(
                    new Place("path", placeholders.group(1)), JsonObject.of("schema", JsonObject.of("type", "string")));
        }
        Set<String> fields = new HashSet<>(Parameter.RESERVED);
        List<JsonObject> parameters = new ArrayList<>();
        all.forEach((place, parameter) -> {
            if (isKept(place, inPath)) {
                parameters.add(parameter(place, parameter, fields));
            }
        });
        return parameters;
    }

    private boolean isKept(Place place, Set<String> inPath) {
        boolean known = Set.of("path", "query", "header", "cookie").contains(place.in())
                && !place.name().isEmpty();
        if (!known) {
            notes.add("The operation '" + id + "' has a parameter '" + place.name() + "' in '" + place.in()
                    + "', which is left out.");
        }
        return known
                && !(place.in().equals("header")
                        && SAID_ELSEWHERE.contains(place.name().toLowerCase(Locale.ROOT)))
                && !(place.in().equals("path") && !inPath.contains(place.name()));
    }

    private JsonObject parameter(Place place, JsonObject parameter, Set<String> fields) {
        JsonObject.Builder read = JsonObject.builder().put("name", place.name()).put("in", place.in());
        String field = place.name();
        while (!fields.add(field)) {
            field += "_" + place.in();
        }
        if (!field.equals(place.name())) {
            read.put("field", field);
        }
        for (String same : List.of("required", "style", "explode", "description")) {
            read.putIfPresent(same, parameter.get(same));
        }
        Object schema = parameter.get("schema");
        JsonObject content = document.resolved(parameter.get("content"));
        String mediaType = preferred(content);
        if (mediaType != null) {
            schema = document.resolved(content.get(mediaType)).get("schema");
            read.put("json", true);
        }
        return read.put("schema", schemas.read(schema)).build();
    }

    private JsonObject body(JsonObject body, String mediaType) {
        JsonObject.Builder read = JsonObject.builder().put("mediaType", mediaType);
        read.putIfPresent("required", body.get("required"));
        read.putIfPresent("description", body.get("description"));
        Object content = document.resolved(body.get("content")).get(mediaType);
        return read.put("schema", schemas.read(document.resolved(content).get("schema")))
                .build();
    }

    /** The media type that says most of its values: JSON if there is one, else the first; null if there is none. */
    static @Nullable String preferred(JsonObject content) {
        String first = null;
        for (String mediaType : content.keySet()) {
            if (mediaType.startsWith("application/json") || mediaType.endsWith("+json")) {
                return mediaType;
            }
            first = first == null ? mediaType : first;
        }
        return first;
    }
}
