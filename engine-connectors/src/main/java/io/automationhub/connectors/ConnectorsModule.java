package io.automationhub.connectors;

import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.connection.Connections;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.request.GraphQlRequestNode;
import io.automationhub.connectors.request.HttpRequestNode;
import io.automationhub.connectors.secret.SecretStore;
import io.automationhub.engine.EngineModule;
import io.automationhub.engine.WorkflowEngine;

/**
 * The node types that reach other systems, to be installed by {@link WorkflowEngine.Builder#install}. Without more it has a door
 * to public addresses, no connections and no secrets. Immutable; one module may be installed in several engines.
 */
public final class ConnectorsModule implements EngineModule {

    private final HttpDoor door;
    private final Connections connections;
    private final SecretStore secrets;

    private ConnectorsModule(Builder builder) {
        door = builder.door;
        connections = builder.connections;
        secrets = builder.secrets;
    }

    public static ConnectorsModule create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(WorkflowEngine.Builder engine) {
        ConnectionClient client = new ConnectionClient(door, connections, secrets);
        engine.node(HttpRequestNode.TYPE, new HttpRequestNode(client));
        engine.node(GraphQlRequestNode.TYPE, new GraphQlRequestNode(client));
    }

    /** What the node types work with. */
    public static final class Builder {

        private HttpDoor door = HttpDoor.create();
        private Connections connections = new InMemoryConnections();
        private SecretStore secrets = SecretStore.NONE;

        private Builder() {}

        /** The door for all HTTP requests; who made it closes it. */
        public Builder door(HttpDoor httpDoor) {
            door = httpDoor;
            return this;
        }

        /** The connections that nodes may name. */
        public Builder connections(Connections known) {
            connections = known;
            return this;
        }

        /** The secrets that connections may name. */
        public Builder secrets(SecretStore store) {
            secrets = store;
            return this;
        }

        public ConnectorsModule build() {
            return new ConnectorsModule(this);
        }
    }
}
