package io.automationhub.connectors.secret;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in memory, each of one tenant. */
public final class InMemorySecrets implements SecretStore {

    private final Map<Key, Secret> secrets = new ConcurrentHashMap<>();

    private record Key(String tenant, String name) {}

    /** Keeps a secret, in the place of the one of the same name. */
    public InMemorySecrets put(String tenant, String name, String value) {
        secrets.put(new Key(tenant, name), Secret.of(value));
        return this;
    }

    @Override
    public Optional<Secret> find(String tenant, String name) {
        return Optional.ofNullable(secrets.get(new Key(tenant, name)));
    }
}
