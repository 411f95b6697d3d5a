package io.automationhub.connectors;

import io.automationhub.connectors.connection.ConnectionCheck;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.connection.ConnectionHealth;
import io.automationhub.connectors.connection.Connections;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connection.OAuthConsent;
import io.automationhub.connectors.connector.CalledEvents;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.connector.EventSource;
import io.automationhub.connectors.connector.ListedEvents;
import io.automationhub.connectors.connector.Operation;
import io.automationhub.connectors.connector.OperationNode;
import io.automationhub.connectors.event.CalledEventTrigger;
import io.automationhub.connectors.event.EventPolls;
import io.automationhub.connectors.event.ListedEventTrigger;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.request.GraphQlRequestNode;
import io.automationhub.connectors.request.HttpRequestNode;
import io.automationhub.connectors.secret.SecretKeys;
import io.automationhub.connectors.secret.SecretStore;
import io.automationhub.connectors.webhook.WebhookAnswers;
import io.automationhub.connectors.webhook.WebhookResponse;
import io.automationhub.connectors.webhook.WebhookTrigger;
import io.automationhub.connectors.webhook.Webhooks;
import io.automationhub.engine.EngineModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node types that reach other systems, to be installed by {@link WorkflowEngine.Builder#install}. Without more it has a door
 * to public addresses, no connections and no secrets. Immutable; one module may be installed in several engines.
 */
public final class ConnectorsModule implements EngineModule {

    private final ConnectionClient client;
    private final List<Connector> connectors;
    private final DocumentStore documents;
    private final WebhookAnswers answers;

    private ConnectorsModule(Builder builder) {
        client = new ConnectionClient(
                builder.door, builder.connections, builder.secrets, builder.documents, builder.keys);
        connectors = List.copyOf(builder.connectors);
        documents = builder.documents;
        answers = new WebhookAnswers(documents);
    }

    public static ConnectorsModule create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(WorkflowEngine.Builder engine) {
        engine.node(HttpRequestNode.TYPE, new HttpRequestNode(client));
        engine.node(GraphQlRequestNode.TYPE, new GraphQlRequestNode(client));
        engine.node(WebhookTrigger.TYPE, new WebhookTrigger());
        engine.node(WebhookResponse.TYPE, new WebhookResponse(answers));
        for (Connector connector : connectors) {
            for (Operation operation : connector.operations()) {
                engine.node(connector.type(operation), new OperationNode(client, connector, operation));
            }
            for (EventSource source : connector.events()) {
                engine.node(connector.trigger(source), trigger(connector, source));
            }
        }
    }

    /**
     * Tries whether a connection works: its server is reached and takes the credentials. Waits for the server's answer.
     *
     * @param id of the connection
     */
    public ConnectionCheck check(String tenant, String id) {
        return client.check(tenant, id, Instant::now);
    }

    private NodeExecutor trigger(Connector connector, EventSource source) {
        String name = connector.id() + "." + source.id();
        if (source instanceof CalledEvents called) {
            return new CalledEventTrigger(name, called);
        }
        ListedEvents listed = (ListedEvents) source;
        Operation listing = connector.operations().stream()
                .filter(operation -> operation.id().equals(listed.operation()))
                .findFirst()
                .orElseThrow();
        return new ListedEventTrigger(name, listed, new OperationNode(client, connector, listing));
    }

    /** The events of other systems for an engine in which this module is installed. */
    public EventPolls eventPolls(WorkflowEngine engine) {
        return new EventPolls(engine, documents, Instant::now);
    }

    /** The calls that come in for an engine in which this module is installed. */
    public Webhooks webhooks(WorkflowEngine engine) {
        return new Webhooks(engine, client, answers, documents, Instant::now);
    }

    /**
     * Lets people agree that connections act in their name.
     *
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code config}, if there are no keys for their tokens
     */
    public OAuthConsent consent() {
        return client.consent(Instant::now);
    }

    /**
     * Encrypts the tokens of a tenant's connections under the current key.
     *
     * @return how many it encrypted anew
     */
    public int rotateKeys(String tenant) {
        return client.rotate(tenant);
    }

    /** What sends calls through the connections of this module, for modules that build on it. */
    public ConnectionClient client() {
        return client;
    }

    /**
     * How a connection fares that has a circuit breaker.
     *
     * @param id of the connection
     */
    public ConnectionHealth health(String tenant, String id) {
        return client.health(tenant, id);
    }

    /** What the node types work with. */
    public static final class Builder {

        private HttpDoor door = HttpDoor.create();
        private Connections connections = new InMemoryConnections();
        private SecretStore secrets = SecretStore.NONE;
        private DocumentStore documents = new InMemoryDocumentStore();
        private @Nullable SecretKeys keys = SecretKeys.random();
        private boolean keysGiven;
        private final List<Connector> connectors = new ArrayList<>();

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

        /**
         * Where processes share what they know of connections: their rates, whether their servers fail, and, under {@link #keys},
         * the tokens that people agreed to. Without it that is in memory, and gone with the process.
         */
        public Builder documents(DocumentStore shared) {
            documents = shared;
            keys = keysGiven ? keys : null;
            return this;
        }

        /** The keys under which tokens are kept. */
        public Builder keys(SecretKeys secretKeys) {
            keys = secretKeys;
            keysGiven = true;
            return this;
        }

        /** A connector, each of whose operations becomes a node type. */
        public Builder connector(Connector known) {
            connectors.add(known);
            return this;
        }

        public ConnectorsModule build() {
            return new ConnectorsModule(this);
        }
    }
}
