package io.automationhub.engine.store;

import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps documents in memory, as long as the process lives. */
public final class InMemoryDocumentStore implements DocumentStore {

    private final Map<Place, NavigableMap<String, Document>> collections = new HashMap<>();

    /** What is due, by collection, the earliest first. */
    private final Map<String, NavigableSet<Due>> due = new HashMap<>();

    private record Due(Instant at, String tenant, String id) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            return Comparator.comparing(Due::at)
                    .thenComparing(Due::tenant)
                    .thenComparing(Due::id)
                    .compare(this, other);
        }
    }

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
            String collection,
            String tenant,
            String id,
            long expected,
            JsonObject body,
            Map<String, String> fields,
            @Nullable Instant due) {
        DocumentStore.check("collection", collection);
        DocumentStore.check("tenant", tenant);
        DocumentStore.check("id", id);
        fields.forEach((name, value) -> {
            DocumentStore.check("field", name);
            DocumentStore.check("value of the field '" + name + "'", value);
        });
        Map<String, Document> all = of(collection, tenant);
        requireVersion(all, collection, id, expected);
        Document document = new Document(id, expected + 1, body, fields, due);
        due(collection, tenant, all.put(id, document), document);
        return document;
    }

    @Override
    public synchronized void delete(String collection, String tenant, String id, long expected) {
        Map<String, Document> all = of(collection, tenant);
        requireVersion(all, collection, id, expected);
        due(collection, tenant, all.remove(id), null);
    }

    private void due(String collection, String tenant, @Nullable Document before, @Nullable Document after) {
        NavigableSet<Due> all = due.computeIfAbsent(collection, key -> new TreeSet<>());
        if (before != null && before.due() != null) {
            all.remove(new Due(before.due(), tenant, before.id()));
        }
        if (after != null && after.due() != null) {
            all.add(new Due(after.due(), tenant, after.id()));
        }
    }

    @Override
    public synchronized List<DueDocument> due(String collection, Instant until, int limit) {
        return due.computeIfAbsent(collection, key -> new TreeSet<>()).stream()
                .takeWhile(each -> !each.at().isAfter(until))
                .limit(limit)
                .map(each -> new DueDocument(
                        each.tenant(),
                        Objects.requireNonNull(of(collection, each.tenant()).get(each.id()))))
                .toList();
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
