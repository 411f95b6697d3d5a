package io.automationhub.connectors.connector;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connectors that were let in, in a document store that processes share. One comes in by a review of its servers and
 * scopes; an engine has the connectors that are there when it is built. Safe for use by several threads.
 */
public final class ConnectorCatalog {

    /** The collection in which connectors are. */
    public static final String COLLECTION = "connectors";

    /** The collection of what a list shows of them, because a connector may have megabytes. */
    private static final String LISTINGS = "connector-listings";

    /** Node types are those of an engine, and so are connectors: of no tenant. */
    private static final String OF_ALL = "*";

    private static final int PAGE = 100;

    private final DocumentStore documents;

    /** The connectors in this store. */
    public ConnectorCatalog(DocumentStore documents) {
        this.documents = documents;
    }

    /** What there is to know about a connector before it is {@linkplain #accept accepted}. */
    public ConnectorReview review(Connector connector) {
        return ConnectorReview.of(connector, find(connector.id()).orElse(null));
    }

    /**
     * Lets a connector in, in the place of the version that its review was made against. If it is cut short, review the
     * connector and accept it again.
     *
     * @throws VersionMismatchException if another version came in meanwhile, so that the review is no longer true; or one comes
     *     in at the same time
     */
    public void accept(ConnectorReview review) {
        Connector connector = review.connector();
        Optional<Document> there = documents.find(COLLECTION, OF_ALL, connector.id());
        Connector replaced = there.map(found -> Connector.of(found.body())).orElse(null);
        if (!ConnectorReview.of(connector, replaced).equals(review)) {
            throw new VersionMismatchException(
                    COLLECTION, connector.id(), there.map(Document::version).orElse(DocumentStore.ABSENT));
        }
        put(COLLECTION, connector.id(), there.orElse(null), connector.json());
        put(
                LISTINGS,
                connector.id(),
                documents.find(LISTINGS, OF_ALL, connector.id()).orElse(null),
                ConnectorListing.of(connector).json());
    }

    private void put(String collection, String id, @Nullable Document seen, JsonObject body) {
        Document unused = documents.put(
                collection, OF_ALL, id, seen == null ? DocumentStore.ABSENT : seen.version(), body, Map.of());
    }

    /** A connector; empty if there is none of that id. */
    public Optional<Connector> find(String id) {
        return documents.find(COLLECTION, OF_ALL, id).map(found -> Connector.of(found.body()));
    }

    /** All connectors, by their ids. */
    public List<Connector> all() {
        return read(COLLECTION).stream().map(Connector::of).toList();
    }

    /**
     * The connectors in which all words of a text are found, those that fit best first.
     *
     * @param text empty for all connectors
     */
    public List<ConnectorListing> search(String text) {
        List<String> words = List.of(text.toLowerCase(Locale.ROOT).split("\\s+", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
        return read(LISTINGS).stream()
                .map(ConnectorListing::of)
                .filter(listing -> listing.fits(words) > 0)
                .sorted(Comparator.comparing((ConnectorListing listing) -> -listing.fits(words))
                        .thenComparing(ConnectorListing::id))
                .toList();
    }

    /** Takes a connector away; engines that have it keep it until they are built anew. True if it was there. */
    public boolean remove(String id) {
        documents
                .find(LISTINGS, OF_ALL, id)
                .ifPresent(found -> documents.delete(LISTINGS, OF_ALL, id, found.version()));
        Optional<Document> there = documents.find(COLLECTION, OF_ALL, id);
        there.ifPresent(found -> documents.delete(COLLECTION, OF_ALL, id, found.version()));
        return there.isPresent();
    }

    private List<JsonObject> read(String collection) {
        List<JsonObject> all = new ArrayList<>();
        String after = null;
        do {
            Page<Document> page =
                    documents.list(DocumentQuery.of(collection, OF_ALL, PAGE).after(after));
            page.items().forEach(document -> all.add(document.body()));
            after = page.next();
        } while (after != null);
        return all;
    }
}
