package io.automationhub.connectors.connection;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Connections in memory, each of one tenant. */
public final class InMemoryConnections implements Connections {

    private final Map<String, Map<String, Connection>> byTenant = new ConcurrentHashMap<>();

    /** Keeps a connection, in the place of the one of the same id. */
    public InMemoryConnections put(String tenant, Connection connection) {
        byTenant.computeIfAbsent(tenant, name -> new ConcurrentSkipListMap<>()).put(connection.id(), connection);
        return this;
    }

    @Override
    public Optional<Connection> find(String tenant, String id) {
        return Optional.ofNullable(byTenant.getOrDefault(tenant, Map.of()).get(id));
    }

    @Override
    public Set<String> ids(String tenant) {
        return byTenant.getOrDefault(tenant, Map.of()).keySet();
    }
}
