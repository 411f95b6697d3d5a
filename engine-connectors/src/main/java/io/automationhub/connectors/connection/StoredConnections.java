package io.automationhub.connectors.connection;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections in a document store, which processes share: a change counts from the next call on. A connection that did not change
 * stays the same object, with the tokens that it has.
 */
public final class StoredConnections implements Connections {

    /** The collection in which they are. */
    public static final String COLLECTION = "connections";

    private static final int MOST_NAMED = 50;

    private final DocumentStore documents;
    private final AuthenticationMethods methods;
    private final Map<Key, Read> read = new ConcurrentHashMap<>();

    private record Key(String tenant, String id) {}

    private record Read(long version, Connection connection) {}

    /**
     * Connections in this store.
     *
     * @param methods of authentication that they may have
     */
    public StoredConnections(DocumentStore documents, AuthenticationMethods methods) {
        this.documents = documents;
        this.methods = methods;
    }

    /**
     * Keeps a connection that is not there yet.
     *
     * @return its version
     * @throws IllegalArgumentException if the definition does not fit; the message names the field
     * @throws VersionMismatchException if there is one of that id
     */
    public long create(String tenant, String id, JsonObject definition) {
        return replace(tenant, id, DocumentStore.ABSENT, definition);
    }

    /**
     * Keeps a connection in the place of the version that somebody saw.
     *
     * @return its new version
     * @throws IllegalArgumentException if the definition does not fit; the message names the field
     * @throws VersionMismatchException if it was changed or deleted meanwhile
     */
    public long replace(String tenant, String id, long seen, JsonObject definition) {
        Connection unused = Connection.of(id, definition, methods);
        return documents.put(COLLECTION, tenant, id, seen, definition, Map.of()).version();
    }

    /**
     * Forgets a connection.
     *
     * @throws VersionMismatchException if it was changed or deleted meanwhile
     */
    public void delete(String tenant, String id, long seen) {
        documents.delete(COLLECTION, tenant, id, seen);
        read.remove(new Key(tenant, id));
    }

    /** The definition of a connection with its version; empty if there is none of that id. It has no secrets. */
    public Optional<Document> definition(String tenant, String id) {
        return documents.find(COLLECTION, tenant, id);
    }

    @Override
    public Optional<Connection> find(String tenant, String id) {
        Key key = new Key(tenant, id);
        Optional<Document> found = documents.find(COLLECTION, tenant, id);
        if (found.isEmpty()) {
            read.remove(key);
            return Optional.empty();
        }
        Document document = found.get();
        Read now = read.compute(
                key,
                (same, known) -> known != null && known.version() == document.version()
                        ? known
                        : new Read(document.version(), Connection.of(id, document.body(), methods)));
        return Optional.of(now.connection());
    }

    @Override
    public Set<String> ids(String tenant) {
        Set<String> ids = new LinkedHashSet<>();
        documents
                .list(DocumentQuery.of(COLLECTION, tenant, MOST_NAMED))
                .items()
                .forEach(document -> ids.add(document.id()));
        return ids;
    }
}
