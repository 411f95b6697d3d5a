package io.automationhub.connectors.webhook;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What runs answer to those who called: in a document store, because a run may go on in another process than the one that holds
 * the caller's connection. Safe for use by several threads.
 */
public final class WebhookAnswers {

    private static final String COLLECTION = "webhook-answers";
    private static final String ANSWER = "answer";
    private static final String UNTIL = "until";

    /** How long an answer is there for a caller who repeats the call. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final long LOOK_MILLIS = 100;
    private static final int SWEEP_EVERY = 256;
    private static final int PAGE = 200;

    private final DocumentStore documents;
    private final Map<Key, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger given = new AtomicInteger();

    private record Key(String tenant, String execution) {}

    /** Answers in this store. */
    public WebhookAnswers(DocumentStore documents) {
        this.documents = documents;
    }

    /** Gives the answer of a run. False if it has given one. */
    boolean give(String tenant, String execution, JsonObject answer, Instant now) {
        JsonObject body =
                JsonObject.of(ANSWER, answer).with(UNTIL, now.plus(KEPT).toEpochMilli());
        try {
            Document unused = documents.put(COLLECTION, tenant, execution, DocumentStore.ABSENT, body, Map.of());
        } catch (VersionMismatchException e) {
            return false;
        }
        CompletableFuture<JsonObject> future = waiting.get(new Key(tenant, execution));
        if (future != null) {
            boolean unused = future.complete(answer);
        }
        if (given.incrementAndGet() % SWEEP_EVERY == 0) {
            sweep(tenant, now);
        }
        return true;
    }

    /** Looks at all of them: whose id comes first need not be the oldest. */
    private void sweep(String tenant, Instant now) {
        String after = null;
        do {
            Page<Document> page =
                    documents.list(DocumentQuery.of(COLLECTION, tenant, PAGE).after(after));
            for (Document each : page.items()) {
                if (each.body().get(UNTIL) instanceof Long until && until < now.toEpochMilli()) {
                    forget(tenant, each);
                }
            }
            after = page.next();
        } while (after != null);
    }

    private void forget(String tenant, Document document) {
        try {
            documents.delete(COLLECTION, tenant, document.id(), document.version());
        } catch (VersionMismatchException e) {
            // Another process has forgotten it.
            return;
        }
    }

    /**
     * Waits for the answer of a run.
     *
     * @param ended whether the run has ended, after which nobody answers any more
     * @return empty if it ended without one, or the time was over
     * @throws InterruptedException if this thread is interrupted
     */
    Optional<JsonObject> await(String tenant, String execution, Duration timeout, BooleanSupplier ended)
            throws InterruptedException {
        Key key = new Key(tenant, execution);
        CompletableFuture<JsonObject> future = waiting.computeIfAbsent(key, one -> new CompletableFuture<>());
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                boolean over = ended.getAsBoolean() || System.nanoTime() - deadline >= 0;
                Optional<JsonObject> found = documents
                        .find(COLLECTION, tenant, execution)
                        .map(document -> (JsonObject) document.body().get(ANSWER));
                if (found.isPresent() || over) {
                    return found;
                }
                looksAgain(future, deadline);
            }
        } finally {
            waiting.remove(key, future);
        }
    }

    private static void looksAgain(CompletableFuture<JsonObject> future, long deadline) throws InterruptedException {
        long rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try {
            JsonObject unused = future.get(Math.max(1, Math.min(LOOK_MILLIS, rest)), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
