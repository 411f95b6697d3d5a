package io.automationhub.engine.store;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named collections of JSON documents, for what changes seldom and must be shared: workflows, connections, schedules. The
 * tenant is part of every key. A document has a version, and who changes it says which one it saw, so that of several
 * who change it at the same time one succeeds and the others hear of it. Implementations are safe for use by several
 * threads and extend the contract suite {@code DocumentStoreContract} of the test kit.
 */
public interface DocumentStore {

    /** The most characters of a collection's name, a tenant, an id, a field's name and a field's value. */
    int MAX_KEY_LENGTH = 200;

    /** The version to expect of a document that is not to be there yet. */
    long ABSENT = 0;

    /**
     * A document.
     *
     * @param version counted from 1 with each change; never used again for the same id while the document is there
     * @param fields by which it can be found: name to value
     * @param due when something is to be done about it, to the microsecond; null if nothing is
     */
    record Document(
            String id,
            long version,
            JsonObject body,
            Map<String, String> fields,
            @Nullable Instant due) {

        public Document {
            fields = Map.copyOf(fields);
            due = due == null ? null : due.truncatedTo(ChronoUnit.MICROS);
        }
    }

    /** A document about which something is to be done. */
    record DueDocument(String tenant, Document document) {}

    /**
     * Which documents to list, by id.
     *
     * @param field only documents with this field; null for all
     * @param value what the field must be; null if {@code field} is
     * @param after the cursor of the page before; null for the first page
     * @param limit the most documents of a page, 1 to 1000
     */
    record DocumentQuery(
            String collection,
            String tenant,
            @Nullable String field,
            @Nullable String value,
            @Nullable String after,
            int limit) {

        public DocumentQuery {
            if (limit < 1 || limit > ExecutionQuery.MOST) {
                throw new IllegalArgumentException(
                        "A page has 1 to " + ExecutionQuery.MOST + " entries, but " + limit + " were asked for");
            }
            if ((field == null) != (value == null)) {
                throw new IllegalArgumentException(
                        "A field needs a value and a value a field, found '" + field + "' and '" + value + "'");
            }
        }

        /** The first documents of a collection. */
        public static DocumentQuery of(String collection, String tenant, int limit) {
            return new DocumentQuery(collection, tenant, null, null, null, limit);
        }

        /** Only those whose field has this value. */
        public DocumentQuery where(String name, String wanted) {
            return new DocumentQuery(collection, tenant, name, wanted, after, limit);
        }

        /** The page after this cursor. */
        public DocumentQuery after(@Nullable String cursor) {
            return new DocumentQuery(collection, tenant, field, value, cursor, limit);
        }
    }

    /** A document; empty if there is none. */
    Optional<Document> find(String collection, String tenant, String id);

    /** Keeps a document, about which nothing is to be done, if it still has the version that is expected. */
    default Document put(
            String collection, String tenant, String id, long expected, JsonObject body, Map<String, String> fields) {
        return put(collection, tenant, id, expected, body, fields, null);
    }

    /**
     * Keeps a document if it still has the version that is expected.
     *
     * @param due when something is to be done about it; null if nothing is
     * @param expected the version that is to be replaced; {@link #ABSENT} if there is to be none
     * @return the document as it is now
     * @throws VersionMismatchException if it has another version, or is not there, or is there; nothing is changed
     * @throws IllegalArgumentException if a key is empty or too long
     */
    Document put(
            String collection,
            String tenant,
            String id,
            long expected,
            JsonObject body,
            Map<String, String> fields,
            @Nullable Instant due);

    /**
     * Deletes a document if it still has the version that is expected.
     *
     * @throws VersionMismatchException if it has another version, or is not there; nothing is changed
     */
    void delete(String collection, String tenant, String id, long expected);

    /**
     * The documents of all tenants about which something is to be done by then, the earliest first. What is not due costs nothing.
     *
     * @param until that instant is in it
     * @param limit the most documents, 1 to 1000
     */
    List<DueDocument> due(String collection, Instant until, int limit);

    /** Documents in the order of their ids; how ids of other letters than ASCII are ordered depends on the store. */
    Page<Document> list(DocumentQuery query);

    /** Somebody else has changed, added or deleted the document meanwhile. */
    final class VersionMismatchException extends EngineException {

        private static final long serialVersionUID = 1L;

        public VersionMismatchException(String collection, String id, long expected) {
            super("Cannot change the document '" + id + "' of the collection '" + collection + "': "
                    + (expected == ABSENT
                            ? "it is there already"
                            : "version " + expected + " was expected, and it has another one or is gone")
                    + "; read it again, and decide again");
        }
    }

    /**
     * Refuses keys that a store cannot keep.
     *
     * @throws IllegalArgumentException if one is empty, too long, or has a character that has no UTF-8 form or is 0
     */
    static void check(String what, String key) {
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("A " + what + " has 1 to " + MAX_KEY_LENGTH + " characters, found "
                    + key.length() + (key.isEmpty() ? "" : " in '" + key.substring(0, 20) + "…'"));
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean half = Character.isSurrogate(c)
                    && !(Character.isHighSurrogate(c)
                                    && i + 1 < key.length()
                                    && Character.isLowSurrogate(key.charAt(i + 1))
                            || Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(key.charAt(i - 1)));
            if (c == 0 || half) {
                throw new IllegalArgumentException("The " + what + " '" + key + "' has at position " + i
                        + " a character that cannot be stored: 0, or half of a surrogate pair");
            }
        }
    }
}
