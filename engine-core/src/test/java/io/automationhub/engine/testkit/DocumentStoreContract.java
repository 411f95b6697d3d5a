package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} does. A test of a store extends this class and says how to make an empty one. */
public abstract class DocumentStoreContract {

    private static final int WRITERS = 8;
    private static final int INCREMENTS = 25;

    /** A store without documents. */
    protected abstract DocumentStore store();

    private static JsonObject body(Object value) {
        return JsonObject.of("value", value);
    }

    @Test
    void keepsADocumentAsItIs() {
        DocumentStore store = store();
        JsonObject body = JsonObject.builder()
                .put("text", "größe 😀 \u0000 \ud800 \"\\\n")
                .put("number", new BigDecimal("1.0"))
                .put("large", 1L << 62)
                .put("list", JsonArray.of(1L, null, true))
                .put("none", null)
                .build();
        assertThat(store.put("c", "t", "id", DocumentStore.ABSENT, body, Map.of("state", "new")))
                .isEqualTo(new Document("id", 1, body, Map.of("state", "new"), null));
        assertThat(store.find("c", "t", "id")).contains(new Document("id", 1, body, Map.of("state", "new"), null));
    }

    @Test
    void collectionsAndTenantsSeeNothingOfEachOther() {
        DocumentStore store = store();
        store.put("c", "t", "id", DocumentStore.ABSENT, body("one"), Map.of("f", "x"));
        store.put("c", "other", "id", DocumentStore.ABSENT, body("two"), Map.of("f", "x"));
        store.put("d", "t", "id", DocumentStore.ABSENT, body("three"), Map.of());
        assertThat(store.find("c", "t", "id")).get().extracting(Document::body).isEqualTo(body("one"));
        assertThat(store.find("d", "other", "id")).isEmpty();
        assertThat(store.list(DocumentQuery.of("c", "t", 10)).items()).hasSize(1);
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("f", "x")).items())
                .hasSize(1);
    }

    @Test
    void idsAreTheirBytes() {
        DocumentStore store = store();
        for (String id : List.of("a", "A", "a ", "ä", "a\u0308", "ß", "ss")) {
            store.put("c", "t", id, DocumentStore.ABSENT, body(id), Map.of("f", id));
        }
        for (String id : List.of("a", "A", "a ", "ä", "a\u0308", "ß", "ss")) {
            assertThat(store.find("c", "t", id))
                    .get()
                    .extracting(Document::body)
                    .isEqualTo(body(id));
            assertThat(store.list(DocumentQuery.of("c", "t", 10).where("f", id)).items())
                    .extracting(Document::id)
                    .containsExactly(id);
        }
    }

    @Test
    void whoSawAnotherVersionChangesNothing() {
        DocumentStore store = store();
        store.put("c", "t", "id", DocumentStore.ABSENT, body(1L), Map.of());
        store.put("c", "t", "id", 1, body(2L), Map.of());
        for (long wrong : new long[] {DocumentStore.ABSENT, 1, 3}) {
            assertThatThrownBy(() -> store.put("c", "t", "id", wrong, body(3L), Map.of()))
                    .isInstanceOf(VersionMismatchException.class)
                    .hasMessageContaining("'id'");
            assertThatThrownBy(() -> store.delete("c", "t", "id", wrong)).isInstanceOf(VersionMismatchException.class);
        }
        assertThatThrownBy(() -> store.put("c", "t", "none", 1, body(3L), Map.of()))
                .isInstanceOf(VersionMismatchException.class);
        assertThat(store.find("c", "t", "id")).contains(new Document("id", 2, body(2L), Map.of(), null));
        store.delete("c", "t", "id", 2);
        assertThat(store.find("c", "t", "id")).isEmpty();
        assertThat(store.put("c", "t", "id", DocumentStore.ABSENT, body(4L), Map.of())
                        .version())
                .isEqualTo(1);
    }

    @Test
    void fieldsFollowTheDocument() {
        DocumentStore store = store();
        store.put("c", "t", "a", DocumentStore.ABSENT, body(1L), Map.of("state", "new", "kind", "x"));
        store.put("c", "t", "b", DocumentStore.ABSENT, body(1L), Map.of("state", "new"));
        store.put("c", "t", "a", 1, body(2L), Map.of("state", "old"));
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("state", "new"))
                        .items())
                .extracting(Document::id)
                .containsExactly("b");
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("state", "old"))
                        .items())
                .extracting(Document::id)
                .containsExactly("a");
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("kind", "x")).items())
                .isEmpty();
        store.delete("c", "t", "a", 2);
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("state", "old"))
                        .items())
                .isEmpty();
    }

    @Test
    void pagesGoOnBehindTheLastIdWhateverChangesMeanwhile() {
        DocumentStore store = store();
        for (int i = 10; i < 35; i++) {
            store.put("c", "t", "id" + i, DocumentStore.ABSENT, body(i), Map.of("even", Boolean.toString(i % 2 == 0)));
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page<Document> page = store.list(DocumentQuery.of("c", "t", 10).after(cursor));
            page.items().forEach(document -> seen.add(document.id()));
            cursor = page.next();
            if (seen.size() == 10) {
                store.delete("c", "t", "id12", 1);
                store.put("c", "t", "id00", DocumentStore.ABSENT, body(0L), Map.of());
            }
        } while (cursor != null);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates().isSorted();
        Page<Document> even = store.list(DocumentQuery.of("c", "t", 5).where("even", "true"));
        assertThat(even.items()).hasSize(5);
        assertThat(store.list(DocumentQuery.of("c", "t", 100)
                                .where("even", "true")
                                .after(even.next()))
                        .items())
                .hasSize(7);
    }

    @Test
    void whatIsDueIsFound_ofAllTenants_theEarliestFirst() {
        DocumentStore store = store();
        Instant noon = Instant.parse("2026-11-27T12:00:00.123456789Z");
        store.put("c", "t", "later", DocumentStore.ABSENT, body(1), Map.of(), noon.plusSeconds(60));
        store.put("c", "t", "never", DocumentStore.ABSENT, body(2), Map.of());
        store.put("c", "other", "now", DocumentStore.ABSENT, body(3), Map.of("f", "x"), noon);
        store.put("c", "t", "early", DocumentStore.ABSENT, body(4), Map.of(), Instant.parse("1969-01-01T00:00:00Z"));
        store.put("d", "t", "elsewhere", DocumentStore.ABSENT, body(5), Map.of(), noon);
        assertThat(due(store, noon)).containsExactly("t/early", "other/now");
        assertThat(store.due("c", noon, 1)).hasSize(1);
        assertThat(store.due("c", noon, 10).get(1).document())
                .isEqualTo(
                        new Document("now", 1, body(3), Map.of("f", "x"), Instant.parse("2026-11-27T12:00:00.123456Z")))
                .isEqualTo(store.find("c", "other", "now").orElseThrow());
        assertThat(due(store, Instant.MAX)).containsExactly("t/early", "other/now", "t/later");

        store.put("c", "t", "early", 1, body(4), Map.of(), noon.plusSeconds(120));
        store.put("c", "other", "now", 1, body(3), Map.of());
        assertThat(due(store, Instant.MAX)).containsExactly("t/later", "t/early");
        store.delete("c", "t", "later", 1);
        assertThat(due(store, Instant.MAX)).containsExactly("t/early");
    }

    private static List<String> due(DocumentStore store, Instant until) {
        return store.due("c", until, 100).stream()
                .map(each -> each.tenant() + "/" + each.document().id())
                .toList();
    }

    @Test
    void refusesKeysThatCannotBeKept() {
        DocumentStore store = store();
        for (String bad : List.of("", "x".repeat(201), "nul\u0000", "half \ud800")) {
            assertThatThrownBy(() -> store.put("c", "t", bad, DocumentStore.ABSENT, body(1L), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.put("c", "t", "id", DocumentStore.ABSENT, body(1L), Map.of("f", bad)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.find("c", "t", "id")).isEmpty();
    }

    @Test
    void ofSeveralWhoChangeADocumentAtTheSameTimeOneSucceeds() throws Exception {
        DocumentStore store = store();
        store.put("c", "t", "count", DocumentStore.ABSENT, body(0L), Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            CountDownLatch begin = new CountDownLatch(1);
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                all.add(threads.submit(() -> {
                    begin.await();
                    for (int i = 0; i < INCREMENTS; i++) {
                        increment(store);
                    }
                    return null;
                }));
            }
            begin.countDown();
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.find("c", "t", "count"))
                .contains(new Document(
                        "count",
                        1 + WRITERS * INCREMENTS,
                        body((long) WRITERS * INCREMENTS),
                        Map.of("n", Integer.toString(WRITERS * INCREMENTS)),
                        null));
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("n", Integer.toString(WRITERS * INCREMENTS)))
                        .items())
                .hasSize(1);
        assertThat(store.list(DocumentQuery.of("c", "t", 10).where("n", "1")).items())
                .isEmpty();
    }

    private static void increment(DocumentStore store) {
        while (true) {
            Document before = store.find("c", "t", "count").orElseThrow();
            long next = (Long) java.util.Objects.requireNonNull(before.body().get("value")) + 1;
            try {
                store.put("c", "t", "count", before.version(), body(next), Map.of("n", Long.toString(next)));
                return;
            } catch (VersionMismatchException e) {
                Thread.onSpinWait();
            }
        }
    }
}
