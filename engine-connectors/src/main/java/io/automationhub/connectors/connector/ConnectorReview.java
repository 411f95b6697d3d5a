package io.automationhub.connectors.connector;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What whoever lets a connector in should know: which servers get the data of workflows and the credentials of connections, what
 * those credentials are to be allowed to do, and what is different from the version that is there.
 *
 * @param connector the connector that wants to come in
 * @param replaces the version that is there; null if there is none
 * @param servers that it calls, each with scheme and port
 * @param authentication the types of its ways of authentication
 * @param scopes that it asks OAuth 2.0 servers for
 * @param newServers those that the version that is there does not call
 * @param newScopes those that the version that is there does not ask for
 * @param goneOperations that the version that is there has and it has not, so that workflows with them no longer run
 */
public record ConnectorReview(
        Connector connector,
        @Nullable String replaces,
        Set<String> servers,
        List<String> authentication,
        Set<String> scopes,
        Set<String> newServers,
        Set<String> newScopes,
        Set<String> goneOperations) {

    /** @param there the version that is there; null if there is none */
    public static ConnectorReview of(Connector connector, @Nullable Connector there) {
        Set<String> servers = servers(connector);
        Set<String> scopes = scopes(connector);
        Set<String> newServers = new LinkedHashSet<>(servers);
        Set<String> newScopes = new LinkedHashSet<>(scopes);
        Set<String> gone = new LinkedHashSet<>();
        if (there != null) {
            newServers.removeAll(servers(there));
            newScopes.removeAll(scopes(there));
            there.operations().forEach(operation -> gone.add(operation.id()));
            connector.operations().forEach(operation -> gone.remove(operation.id()));
        }
        return new ConnectorReview(
                connector,
                there == null ? null : there.version(),
                servers,
                connector.auth().stream()
                        .map(way -> Json.toText(way.get("type")))
                        .distinct()
                        .toList(),
                scopes,
                newServers,
                newScopes,
                gone);
    }

    /** Servers of tokens get credentials, too. */
    private static Set<String> servers(Connector connector) {
        Set<String> servers = new LinkedHashSet<>(connector.origins());
        servers.addAll(connector.tokenServers());
        return servers;
    }

    private static Set<String> scopes(Connector connector) {
        Set<String> scopes = new TreeSet<>();
        for (JsonObject way : connector.auth()) {
            if (way.get("scope") instanceof String all) {
                scopes.addAll(List.of(all.trim().split("\\s+", -1)));
            }
        }
        return scopes;
    }

    /** As JSON, for an interface that shows it. */
    public JsonObject json() {
        List<JsonObject> operations = new ArrayList<>();
        for (Operation operation : connector.operations()) {
            operations.add(JsonObject.of("type", connector.type(operation))
                    .with("title", operation.title())
                    .with("call", operation.method() + " " + operation.path()));
        }
        return JsonObject.builder()
                .put("id", connector.id())
                .put("version", connector.version())
                .put("title", connector.title())
                .put("replaces", replaces)
                .put("servers", servers)
                .put("authentication", authentication)
                .put("scopes", scopes)
                .put("newServers", newServers)
                .put("newScopes", newScopes)
                .put("goneOperations", goneOperations)
                .put("operations", operations)
                .build();
    }
}
