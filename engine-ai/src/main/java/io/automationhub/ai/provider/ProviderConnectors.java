package io.automationhub.ai.provider;

import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.request.Schemas;
import java.util.List;

/**
 * The providers as connectors: a connection to one is made by {@link Connector#connection} of what a person gives, which is the key.
 */
public final class ProviderConnectors {

    private static final List<String> IDS = List.of("openai", "openai-compatible", "anthropic", "gemini");

    private ProviderConnectors() {}

    /** All of them. */
    public static List<Connector> all() {
        return IDS.stream()
                .map(id -> Connector.of(Schemas.resource(ProviderConnectors.class, id + ".connector.json")))
                .toList();
    }
}
