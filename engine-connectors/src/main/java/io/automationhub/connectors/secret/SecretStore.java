package io.automationhub.connectors.secret;

import java.util.Optional;

/** Where secrets are. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface SecretStore {

    /** No secrets. */
    SecretStore NONE = (tenant, name) -> Optional.empty();

    /**
     * A secret; empty if there is none of that name.
     *
     * @param name as a connection writes it in {@code {"$secret": "name"}}
     */
    Optional<Secret> find(String tenant, String name);

    /** What to do so that there is a secret of that name, as the end of a sentence. */
    default String remedy(String name) {
        return "add it to the store of secrets";
    }
}
