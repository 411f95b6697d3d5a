package io.automationhub.connectors.connector;

import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.request.NodeRequest;
import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks whether a connector's file is one, before anything is made of it. */
final class ConnectorCheck {

    private static final int SHOWN = 10;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final JsonSchema SCHEMA =
            JsonSchema.compile(Schemas.resource(ConnectorCheck.class, "connector-file.schema.json"));

    private final JsonObject file;
    private final List<String> wrong = new ArrayList<>();

    private ConnectorCheck(JsonObject file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException if it is none */
    static void check(JsonObject file) {
        ConnectorCheck check = new ConnectorCheck(file);
        SCHEMA.validate(file).forEach(violation -> check.add(violation.pointer(), violation.message()));
        if (check.wrong.isEmpty()) {
            check.meaning();
        }
        if (!check.wrong.isEmpty()) {
            throw new IllegalArgumentException("Cannot read the connector"
                    + (file.get("id") instanceof String id ? " '" + id + "'" : "") + ": "
                    + check.wrong.stream().limit(SHOWN).collect(Collectors.joining("; "))
                    + (check.wrong.size() > SHOWN ? "; and " + (check.wrong.size() - SHOWN) + " more" : ""));
        }
    }

    private void add(String pointer, String what) {
        wrong.add("at '" + pointer + "', " + what);
    }

    private void meaning() {
        url(file.get("baseUrl"), "/baseUrl");
        List<String> origins = new Part(file).texts("origins");
        for (int i = 0; i < origins.size(); i++) {
            url(origins.get(i), "/origins/" + i);
        }
        Set<String> ids = new HashSet<>();
        Map<String, Part> byId = new HashMap<>();
        List<JsonObject> operations = new Part(file).objects("operations");
        for (int i = 0; i < operations.size(); i++) {
            Part operation = new Part(operations.get(i));
            String pointer = "/operations/" + i;
            if (!ids.add(operation.text("id"))) {
                add(pointer + "/id", "'" + operation.text("id") + "' is the id of another operation, too");
            }
            operation(operation, pointer);
            byId.put(operation.text("id"), operation);
        }
        List<JsonObject> events = new Part(file).objects("events");
        for (int i = 0; i < events.size(); i++) {
            event(events.get(i), "/events/" + i, byId);
        }
    }

    private void event(JsonObject json, String pointer, Map<String, Part> operations) {
        EventSource source;
        try {
            source = EventSource.of(json);
        } catch (IllegalArgumentException e) {
            add(pointer + "/every", String.valueOf(e.getMessage()));
            return;
        }
        if (source instanceof ListedEvents listed) {
            listed(listed, pointer, operations);
        }
    }

    private void listed(ListedEvents source, String pointer, Map<String, Part> operations) {
        Part operation = operations.get(source.operation());
        if (operation == null) {
            add(pointer + "/operation", "'" + source.operation() + "' is no operation of the connector");
            return;
        }
        Set<String> fields = new HashSet<>(Parameter.RESERVED);
        operation
                .objects("parameters")
                .forEach(each -> fields.add(Parameter.of(each).field()));
        source.config().keySet().stream()
                .filter(field -> !fields.contains(field))
                .forEach(field -> add(pointer + "/config/" + field, "the operation has no such field"));
        if (!source.sinceField().isEmpty() && !fields.contains(source.sinceField())) {
            add(pointer + "/since/field", "the operation has no field '" + source.sinceField() + "'");
        }
    }

    private void url(@Nullable Object url, String pointer) {
        if (url instanceof String text && HttpDoor.origin(text).isEmpty()) {
            add(pointer, "'" + text + "' is no URL such as https://api.example.com");
        }
    }

    private void operation(Part operation, String pointer) {
        url(operation.optionalText("baseUrl"), pointer + "/baseUrl");
        Set<String> named = new LinkedHashSet<>();
        Matcher matcher = PLACEHOLDER.matcher(operation.text("path"));
        while (matcher.find()) {
            named.add(matcher.group(1));
        }
        Set<String> inPath = new HashSet<>();
        Set<String> fields = new HashSet<>(Parameter.RESERVED);
        List<JsonObject> parameters = operation.objects("parameters");
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = Parameter.of(parameters.get(i));
            if (!fields.add(parameter.field())) {
                add(
                        pointer + "/parameters/" + i,
                        "the field '" + parameter.field() + "' is taken; give the parameter another 'field'");
            }
            if (parameter.in() == Parameter.Place.PATH) {
                inPath.add(parameter.name());
            }
        }
        if (!named.equals(inPath)) {
            add(
                    pointer + "/path",
                    "the path names the parameters " + named + ", and declared with \"in\": \"path\" are " + inPath);
        }
        if (operation.json().get("pagination") instanceof JsonObject paging) {
            NodeRequest.problem(paging).ifPresent(what -> add(pointer + "/pagination", what));
            if (operation.object("result").containsKey("at")) {
                add(pointer + "/result/at", "an operation with pages gives their items; use pagination.items");
            }
        }
    }
}
