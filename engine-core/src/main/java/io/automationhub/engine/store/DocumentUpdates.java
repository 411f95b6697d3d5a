package io.automationhub.engine.store;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.value.JsonObject;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Changes documents that other processes change, too: a change is computed of what is there, and computed again when somebody else
 * was faster. Threads of one process take turns, so that they do not contend. Safe for use by several threads.
 */
public final class DocumentUpdates {

    private static final int TRIES = 200;
    private static final int TURNS = 64;

    private final DocumentStore documents;
    private final String collection;
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];

    /** Changes documents of a collection. */
    public DocumentUpdates(DocumentStore documents, String collection) {
        this.documents = documents;
        this.collection = collection;
        for (int i = 0; i < TURNS; i++) {
            turns[i] = new ReentrantLock(true);
        }
    }

    /** What a document has; empty if there is none. */
    public JsonObject read(String tenant, String id) {
        return documents.find(collection, tenant, id).map(Document::body).orElse(JsonObject.EMPTY);
    }

    /**
     * Changes a document. If the change makes nothing new, nothing is written.
     *
     * @param change gets the empty object if there is no document; may be called several times, and what it throws ends the update
     * @return what the document has now
     * @throws EngineException if others change it all the time
     */
    public JsonObject update(String tenant, String id, UnaryOperator<JsonObject> change) {
        ReentrantLock turn = turns[Math.floorMod((tenant + "/" + id).hashCode(), TURNS)];
        turn.lock();
        try {
            for (int i = 0; i < TRIES; i++) {
                Document seen = documents.find(collection, tenant, id).orElse(null);
                JsonObject before = seen == null ? JsonObject.EMPTY : seen.body();
                JsonObject after = change.apply(before);
                if (after.equals(before)
                        || put(tenant, id, seen == null ? DocumentStore.ABSENT : seen.version(), after)) {
                    return after;
                }
            }
        } finally {
            turn.unlock();
        }
        throw new EngineException("Cannot change the document '" + id + "' of the collection '" + collection
                + "': others change it all the time; try again");
    }

    private boolean put(String tenant, String id, long version, JsonObject body) {
        try {
            Document unused = documents.put(collection, tenant, id, version, body, Map.of());
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
    }
}
