package io.automationhub.ai.node;

import io.automationhub.ai.budget.TokenRates;
import io.automationhub.ai.call.ModelCaller;
import io.automationhub.ai.call.ModelTarget;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the node types have in common.
 *
 * @param providers by their names, which connections have as their {@code connector}
 * @param inPlaceOfAll is asked whatever a node names; null if none is
 */
public record ModelNodes(
        ModelCaller caller,
        ConnectionClient client,
        TokenRates tokenRates,
        Map<String, AgentProvider> providers,
        @Nullable AgentProvider inPlaceOfAll) {

    public ModelNodes {
        providers = Map.copyOf(providers);
    }

    /**
     * A model that a node names.
     *
     * @param connection null if the provider needs none
     * @param provider null if the connection says it
     */
    ModelTarget target(String tenant, @Nullable String connection, @Nullable String provider, String model) {
        if (inPlaceOfAll != null) {
            return new ModelTarget(inPlaceOfAll.protocol(), inPlaceOfAll, Optional.empty(), model);
        }
        Optional<Connection> found = client.connections().named(tenant, connection);
        String name = provider == null ? found.flatMap(Connection::connector).orElse(null) : provider;
        if (name == null) {
            throw wrong(
                    connection == null
                            ? "the node has neither 'connection' nor 'provider'"
                            : "the connection '" + connection
                                    + "' does not say of which provider it is in 'connector'");
        }
        AgentProvider known = providers.get(name);
        if (known == null) {
            throw wrong("there is no provider '" + name + "'");
        }
        return new ModelTarget(name, known, found, model);
    }

    /** Whether requests of a connection have to wait for their places. */
    boolean isBounded(Connection connection) {
        return ConnectionClient.hasRate(connection) || tokenRates.bounds(connection.id());
    }

    /** When a request may begin, by the rates of requests and of tokens. */
    Instant place(Connection connection, ModelRequest request, ConnectionClient.Sender sender) {
        Instant byRequests = client.place(connection, sender);
        Instant byTokens = tokenRates.place(
                sender.tenant(), connection.id(), TokenEstimate.most(request).total(), byRequests);
        return byTokens.isAfter(byRequests) ? byTokens : byRequests;
    }

    private NonRetriableException wrong(String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "Cannot ask a model: " + why + "; providers are "
                        + String.join(", ", new TreeSet<>(providers.keySet())),
                null);
    }
}
