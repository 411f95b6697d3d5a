package io.automationhub.connectors.webhook;

import io.automationhub.engine.value.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The path of a webhook, with a part that may be anything as {@code {name}}. */
record PathTemplate(List<String> parts) {

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.~-]+|\\{[A-Za-z_][A-Za-z0-9_]*}");

    /** @throws IllegalArgumentException if it is none */
    static PathTemplate of(String text) {
        PathTemplate template = new PathTemplate(parts(text));
        for (String part : template.parts) {
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("'" + text
                        + "' is no path of a webhook; write parts of letters, digits, '-', '_', '.' and '~', and one that may be"
                        + " anything as {name}: orders/{shop}");
            }
        }
        List<String> names =
                template.parts.stream().filter(part -> part.startsWith("{")).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("'" + text + "' has two parts of the same name");
        }
        return template;
    }

    private static List<String> parts(String path) {
        String inner = path.replaceFirst("^/", "").replaceFirst("/$", "");
        return inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
    }

    /** What the named parts are in a path; empty if it does not fit. */
    Optional<JsonObject> match(String path) {
        List<String> given = parts(path);
        if (given.size() != parts.size()) {
            return Optional.empty();
        }
        JsonObject.Builder values = JsonObject.builder();
        for (int i = 0; i < given.size(); i++) {
            String value = decoded(given.get(i));
            String part = parts.get(i);
            if (part.startsWith("{") && !value.isEmpty()) {
                values.put(part.substring(1, part.length() - 1), value);
            } else if (!part.equals(value)) {
                return Optional.empty();
            }
        }
        return Optional.of(values.build());
    }

    /** How many parts are what they are: of two that fit, the one with more counts. */
    long fixedParts() {
        return parts.stream().filter(part -> !part.startsWith("{")).count();
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedCallException(400, "bad-request", "The path is not encoded as a URL demands");
        }
    }
}
