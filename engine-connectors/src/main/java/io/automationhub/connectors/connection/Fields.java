package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a connection's definition, and says of one that does not fit where it stands. */
record Fields(String connection, String path, JsonObject json) {

    void allow(String... names) {
        Set<String> known = Set.of(names);
        for (String name : json.keySet()) {
            if (!known.contains(name)) {
                throw invalid(name, "it is not known; known are " + String.join(", ", List.of(names)));
            }
        }
    }

    String text(String name) {
        if (json.get(name) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw invalid(name, "it must be a text, found " + Json.typeName(json.get(name)));
    }

    /** An absolute URL without user, query and fragment. */
    String url(String name) {
        String url = text(name);
        if (HttpDoor.origin(url).isEmpty()) {
            throw invalid(name, "it must be a URL such as https://api.example.com");
        }
        if (url.indexOf('?') >= 0 || url.indexOf('#') >= 0 || url.indexOf('@') >= 0) {
            throw invalid(name, "it has no user, query and fragment; put credentials into 'auth'");
        }
        return url;
    }

    String textOr(String name, String other) {
        return json.containsKey(name) ? text(name) : other;
    }

    @Nullable
    String optionalText(String name) {
        return json.containsKey(name) ? text(name) : null;
    }

    List<String> texts(String name) {
        Object value = json.get(name);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof JsonArray array ? array : JsonArray.of(value)) {
            if (!(element instanceof String text)) {
                throw invalid(name, "it must be a list of texts, found " + Json.typeName(element) + " in it");
            }
            texts.add(text);
        }
        return texts;
    }

    Fields inside(String name) {
        Object value = json.get(name);
        if (value instanceof JsonObject object) {
            return new Fields(connection, path + name + ".", object);
        }
        throw invalid(name, "it must be an object, found " + Json.typeName(value));
    }

    SecretRef secret(String name) {
        return SecretRef.of(json.get(name))
                .orElseThrow(() -> invalid(
                        name,
                        "it must name a secret, as {\"$secret\": \"name\"}; the value itself does not stand here"));
    }

    IllegalArgumentException invalid(String name, String what) {
        return new IllegalArgumentException(
                "Cannot read the connection '" + connection + "': the field '" + path + name + "' is wrong: " + what);
    }
}
