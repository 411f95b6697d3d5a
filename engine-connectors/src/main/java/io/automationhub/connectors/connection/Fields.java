package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a connection's definition, and says of one that does not fit where it stands. */
record Fields(String connection, String path, JsonObject json) {

    private static final Pattern LOCAL =
            Pattern.compile("(?i)http://(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?(/.*)?");
    private static final long MOST = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(365);

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

    /** A URL to which secrets are sent: of https, but for this machine itself. */
    String secureUrl(String name) {
        String url = url(name);
        if (url.regionMatches(true, 0, "http:", 0, 5) && !LOCAL.matcher(url).matches()) {
            throw invalid(name, "secrets are sent there, so it must be an https URL");
        }
        return url;
    }

    String textOr(String name, String other) {
        return json.containsKey(name) ? text(name) : other;
    }

    boolean has(String name) {
        return json.containsKey(name);
    }

    /** A whole number from 1 to a million. */
    long count(String name) {
        if (json.get(name) instanceof Long number && number >= 1 && number <= MOST) {
            return number;
        }
        throw invalid(name, "it must be a whole number from 1 to " + MOST + ", found " + Json.write(json.get(name)));
    }

    /** A time from a millisecond to a year. */
    Duration duration(String name) {
        Duration duration;
        try {
            duration = DurationText.parse(json.get(name));
        } catch (IllegalArgumentException e) {
            throw invalid(name, String.valueOf(e.getMessage()));
        }
        if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
            throw invalid(name, "it must be a time from 1ms to 365d");
        }
        return duration;
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
