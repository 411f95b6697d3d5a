package io.automationhub.engine.store;

import io.automationhub.engine.value.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps documents in memory, as long as the process lives. */
public final class InMemoryDocumentStore implements DocumentStore {

    private final Map<Place, NavigableMap<String, Document>> collections = new HashMap<>();

    private record Place(String collection, String tenant) {}

    /** A store without documents. */
    public InMemoryDocumentStore() {}

    private NavigableMap<String, Document> of(String collection, String tenant) {
        return collections.computeIfAbsent(new Place(collection, tenant), key -> new TreeMap<>());
    }

    @Override
    public synchronized Optional<Document> find(String collection, String tenant, String id) {
        return Optional.ofNullable(of(collection, tenant).get(id));
    }

    @Override
    public synchronized Document put(
            String collection, String tenant, String id, long expected, JsonObject body, Map<String, String> fields) {
        DocumentStore.check("collection", collection);
        DocumentStore.check("tenant", tenant);
        DocumentStore.check("id", id);
        fields.forEach((name, value) -> {
            DocumentStore.check("field", name);
            DocumentStore.check("value of the field '" + name + "'", value);
        });
        Map<String, Document> all = of(collection, tenant);
        requireVersion(all, collection, id, expected);
        Document document = new Document(id, expected + 1, body, fields);
        all.put(id, document);
        return document;
    }

    @Override
    public synchronized void delete(String collection, String tenant, String id, long expected) {
        Map<String, Document> all = of(collection, tenant);
        requireVersion(all, collection, id, expected);
        all.remove(id);
    }

    private static void requireVersion(Map<String, Document> all, String collection, String id, long expected) {
        Document known = all.get(id);
        if ((known == null ? ABSENT : known.version()) != expected) {
            throw new VersionMismatchException(collection, id, expected);
        }
    }

    @Override
    public synchronized Page<Document> list(DocumentQuery query) {
        NavigableMap<String, Document> all = of(query.collection(), query.tenant());
        List<Document> found = (query.after() == null ? all : all.tailMap(query.after(), false))
                .values().stream()
                        .filter(document -> query.field() == null
                                || String.valueOf(query.value())
                                        .equals(document.fields().get(query.field())))
                        .limit(query.limit() + 1L)
                        .toList();
        return found.size() <= query.limit()
                ? new Page<>(found, null)
                : new Page<>(
                        found.subList(0, query.limit()),
                        found.get(query.limit() - 1).id());
    }
}
