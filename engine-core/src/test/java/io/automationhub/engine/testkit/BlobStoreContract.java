package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.value.BinaryRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} does. A test of a store extends this class and says how to make an empty one. */
public abstract class BlobStoreContract {

    private static final String HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    /** A store without files that has room for at least 32 MB. */
    protected abstract BlobStore store() throws IOException;

    private static BinaryRef put(BlobStore store, String tenant, @Nullable String run, String content)
            throws IOException {
        return store.put(tenant, run, "größe 😀.txt", "text/plain", bytes(content), 1000);
    }

    private static InputStream bytes(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(BlobStore store, String tenant, BinaryRef file) throws IOException {
        try (InputStream content = store.open(tenant, file)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertGone(BlobStore store, String tenant, BinaryRef file) {
        assertThatThrownBy(() -> store.open(tenant, file))
                .isInstanceOf(BlobStore.NoSuchFileException.class)
                .hasMessageContaining("There is no file '" + file.name() + "'");
    }

    @Test
    void aFileIsReadAsItWasWritten() throws IOException {
        BlobStore store = store();
        BinaryRef file = put(store, "t", "run", "hello");
        assertThat(file.name()).isEqualTo("größe 😀.txt");
        assertThat(file.mediaType()).isEqualTo("text/plain");
        assertThat(file.size()).isEqualTo(5);
        assertThat(file.sha256()).isEqualTo(HELLO_SHA256);
        assertThat(read(store, "t", file)).isEqualTo("hello");
        assertThat(read(store, "t", file)).as("again").isEqualTo("hello");
    }

    @Test
    void aFileMayBeEmptyOrLarge() throws IOException {
        BlobStore store = store();
        assertThat(read(store, "t", put(store, "t", null, ""))).isEmpty();
        byte[] large = new byte[5_000_001];
        new Random(7).nextBytes(large);
        BinaryRef file = store.put("t", "run", "large", "a/b", new ByteArrayInputStream(large), large.length);
        try (InputStream content = store.open("t", file)) {
            assertThat(content.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void theSameContentTwiceIsTwoFiles() throws IOException {
        BlobStore store = store();
        BinaryRef first = put(store, "t", "run", "hello");
        BinaryRef second = put(store, "t", "run", "hello");
        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(store.delete("t", first)).isTrue();
        assertThat(store.delete("t", first)).as("again").isFalse();
        assertGone(store, "t", first);
        assertThat(read(store, "t", second)).isEqualTo("hello");
    }

    @Test
    void whatIsTooLargeIsRefusedAndNothingIsKept() throws IOException {
        BlobStore store = store();
        assertThatThrownBy(() -> store.put("t", "run", "f", "a/b", bytes("hello"), 4))
                .isInstanceOf(BlobStore.FileTooLargeException.class)
                .hasMessageContaining("'f' has more than 4 bytes");
        assertThat(store.put("t", "run", "f", "a/b", bytes("hello"), 5).size()).isEqualTo(5);
    }

    @Test
    void contentThatCannotBeReadLeavesNothing() throws IOException {
        BlobStore store = store();
        InputStream broken = new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (given++ > 10) {
                    throw new IOException("The line is dead");
                }
                return 'x';
            }
        };
        assertThatThrownBy(() -> store.put("t", "run", "f", "a/b", broken, 1000))
                .hasMessage("The line is dead");
        store.deleteAll("t", "run");
    }

    @Test
    void tenantsDoNotSeeEachOther() throws IOException {
        BlobStore store = store();
        BinaryRef file = put(store, "one", "run", "secret");
        assertGone(store, "other", file);
        assertGone(store, "", file);
        assertGone(store, "ONE", file);
        assertThat(store.delete("other", file)).isFalse();
        store.deleteAll("other", "run");
        assertThat(read(store, "one", file)).isEqualTo("secret");
    }

    @Test
    void theFilesOfARunGoTogether() throws IOException {
        BlobStore store = store();
        BinaryRef first = put(store, "t", "run", "1");
        BinaryRef second = put(store, "t", "run", "2");
        BinaryRef otherRun = put(store, "t", "run2", "3");
        BinaryRef noRun = put(store, "t", null, "4");
        store.deleteAll("t", "run");
        store.deleteAll("t", "run");
        store.deleteAll("t", "unknown");
        assertGone(store, "t", first);
        assertGone(store, "t", second);
        assertThat(read(store, "t", otherRun)).isEqualTo("3");
        assertThat(read(store, "t", noRun)).isEqualTo("4");
    }

    @Test
    void aReferenceThatSomebodyChangedFindsNothing() throws IOException {
        BlobStore store = store();
        BinaryRef file = put(store, "t", "run", "hello");
        assertGone(store, "t", new BinaryRef(file.id(), file.name(), "a/b", 6, file.sha256()));
        assertGone(store, "t", new BinaryRef(file.id(), file.name(), "a/b", 5, "0".repeat(64)));
        assertThat(read(store, "t", new BinaryRef(file.id(), "renamed", "a/b", 5, file.sha256())))
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "/etc/passwd", "run/../../x", "x", "_/..", "..", "a/b/c", "\u0000", "C:\\x", "%2e%2e/x"})
    void aForgedIdFindsNothing(String id) throws IOException {
        assertGone(store(), "t", new BinaryRef(id, "f", "a/b", 1, HELLO_SHA256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../../x", "a/b", "größe 😀", "CON", "A", ".", "a b", "", "%", "_"})
    void tenantsAndRunsMayBeCalledAnything(String name) throws IOException {
        BlobStore store = store();
        BinaryRef file = put(store, name, name, "hello");
        assertThat(read(store, name, file)).isEqualTo("hello");
        store.deleteAll(name, name);
        assertGone(store, name, file);
    }

    @Test
    void tenantsAndRunsMayHaveLongNamesThatDifferAtTheEnd() throws IOException {
        BlobStore store = store();
        String name = "größe".repeat(40);
        BinaryRef file = put(store, name + 1, name + 1, "hello");
        assertThat(read(store, name + 1, file)).isEqualTo("hello");
        assertGone(store, name + 2, file);
        store.deleteAll(name + 1, name + 2);
        assertThat(read(store, name + 1, file)).isEqualTo("hello");
    }

    @Test
    void manyThreadsKeepFilesAtTheSameTime() throws Exception {
        BlobStore store = store();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<BinaryRef>> files = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String content = "file " + i;
                files.add(threads.submit(() -> put(store, "t", "run", content)));
            }
            for (int i = 0; i < files.size(); i++) {
                assertThat(read(store, "t", files.get(i).get())).isEqualTo("file " + i);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
