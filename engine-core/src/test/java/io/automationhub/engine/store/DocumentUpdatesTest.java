package io.automationhub.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DocumentUpdatesTest {

    private final DocumentStore documents = new InMemoryDocumentStore();

    private static JsonObject counted(JsonObject known) {
        return JsonObject.of("count", known.get("count") instanceof Long count ? count + 1 : 1L);
    }

    @Test
    void noChangeIsLostAmongThoseOfSeveralProcesses() throws Exception {
        List<DocumentUpdates> processes =
                List.of(new DocumentUpdates(documents, "c"), new DocumentUpdates(documents, "c"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<JsonObject>> made = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                DocumentUpdates process = processes.get(i % 2);
                made.add(threads.submit(() -> process.update("acme", "d", DocumentUpdatesTest::counted)));
            }
            for (Future<JsonObject> each : made) {
                assertThat(each.get()).containsKey("count");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(processes.get(0).read("acme", "d")).isEqualTo(JsonObject.of("count", 400L));
        assertThat(processes.get(0).read("other", "d")).isEmpty();
    }

    @Test
    void aChangeThatChangesNothingOrFailsWritesNothing() {
        DocumentUpdates updates = new DocumentUpdates(documents, "c");

        assertThat(updates.update("acme", "d", known -> known)).isEmpty();
        assertThatThrownBy(() -> updates.update("acme", "d", known -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(documents.find("c", "acme", "d")).isEmpty();
        JsonObject unused = updates.update("acme", "d", DocumentUpdatesTest::counted);
        JsonObject same = updates.update("acme", "d", known -> known);
        assertThat(same).isEqualTo(JsonObject.of("count", 1L));
        assertThat(documents.find("c", "acme", "d").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void whoIsAlwaysSlowerGivesUp() {
        DocumentUpdates mine = new DocumentUpdates(documents, "c");
        DocumentUpdates others = new DocumentUpdates(documents, "c");

        assertThatThrownBy(() -> mine.update("acme", "d", known -> {
                    JsonObject unused = others.update("acme", "d", DocumentUpdatesTest::counted);
                    return JsonObject.of("mine", true);
                }))
                .hasMessageContaining("others change it all the time");
    }
}
