package io.automationhub.engine;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps documents no more whose ids a test names, as if the process had died. */
record DyingDocumentStore(DocumentStore inner, Predicate<String> isDead) implements DocumentStore {

    @Override
    public Optional<Document> find(String collection, String tenant, String id) {
        return inner.find(collection, tenant, id);
    }

    @Override
    public Document put(
            String collection,
            String tenant,
            String id,
            long expected,
            JsonObject body,
            Map<String, String> fields,
            @Nullable Instant due) {
        if (isDead.test(id)) {
            throw new IllegalStateException("died");
        }
        return inner.put(collection, tenant, id, expected, body, fields, due);
    }

    @Override
    public void delete(String collection, String tenant, String id, long expected) {
        inner.delete(collection, tenant, id, expected);
    }

    @Override
    public List<DueDocument> due(String collection, Instant until, int limit) {
        return inner.due(collection, until, limit);
    }

    @Override
    public Page<Document> list(DocumentQuery query) {
        return inner.list(query);
    }
}
