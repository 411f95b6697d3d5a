package io.automationhub.connectors.openapi;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes the ways of authentication of a document's security schemes, as connections have them. */
final class SecurityReader {

    private final Document document;
    private final Set<String> scopes;
    private final List<String> notes;
    private final Set<JsonObject> ways = new LinkedHashSet<>();

    /** @param scopes that the chosen operations need */
    SecurityReader(Document document, Set<String> scopes, List<String> notes) {
        this.document = document;
        this.scopes = scopes;
        this.notes = notes;
    }

    List<JsonObject> read() {
        document.object("components", "securitySchemes")
                .forEach((name, value) -> scheme(name, document.resolved(value)));
        return new ArrayList<>(ways);
    }

    private void scheme(String name, JsonObject scheme) {
        switch (DocumentReader.textOr(scheme, "type", "")) {
            case "apiKey" -> apiKey(scheme);
            case "http" -> http(name, DocumentReader.textOr(scheme, "scheme", ""));
            case "oauth2" -> oauth(document.resolved(scheme.get("flows")));
            case "openIdConnect" -> ways.add(JsonObject.of("type", "bearer"));
            case "mutualTLS" ->
                notes.add(
                        "The security scheme '" + name + "' is a client certificate, which a connection has in 'tls'.");
            default ->
                notes.add("The security scheme '" + name + "' of the type " + Json.write(scheme.get("type"))
                        + " is left out.");
        }
    }

    private void apiKey(JsonObject scheme) {
        String name = DocumentReader.textOr(scheme, "name", "");
        JsonObject way = JsonObject.of("type", "apiKey");
        switch (DocumentReader.textOr(scheme, "in", "")) {
            case "query" -> ways.add(way.with("in", "query").with("name", name));
            case "cookie" ->
                ways.add(way.with("in", "header").with("name", "Cookie").with("prefix", name + "="));
            default -> ways.add(way.with("in", "header").with("name", name));
        }
    }

    private void http(String name, String scheme) {
        switch (scheme.toLowerCase(Locale.ROOT)) {
            case "basic", "bearer", "digest" -> ways.add(JsonObject.of("type", scheme.toLowerCase(Locale.ROOT)));
            default -> notes.add("The security scheme '" + name + "' of HTTP's '" + scheme + "' is left out.");
        }
    }

    private void oauth(JsonObject flows) {
        JsonObject client = document.resolved(flows.get("clientCredentials"));
        if (client.get("tokenUrl") instanceof String url) {
            ways.add(scoped(JsonObject.of("type", "clientCredentials").with("tokenUrl", url), client));
        }
        JsonObject user = document.resolved(flows.get("authorizationCode"));
        if (user.get("tokenUrl") instanceof String url && user.get("authorizationUrl") instanceof String page) {
            JsonObject way = JsonObject.of("type", "authorizationCode").with("authorizationUrl", page);
            ways.add(scoped(way.with("tokenUrl", url), user));
        }
        // A token that was got elsewhere does for each of the flows.
        ways.add(JsonObject.of("type", "bearer"));
    }

    private JsonObject scoped(JsonObject way, JsonObject flow) {
        Set<String> known = new LinkedHashSet<>(scopes);
        known.retainAll(document.resolved(flow.get("scopes")).keySet());
        return known.isEmpty() ? way : way.with("scope", String.join(" ", known));
    }
}
