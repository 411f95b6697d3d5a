package io.automationhub.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.testkit.BlobStoreContract;
import io.automationhub.engine.value.BinaryRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreContract {

    @TempDir
    Path folder;

    @Override
    protected BlobStore store() throws IOException {
        return new FolderBlobStore(folder.resolve("files"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void anotherProcessReadsWhatOneKept() throws IOException {
        BinaryRef file = store().put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[3]), 10);
        try (InputStream content = store().open("t", file)) {
            assertThat(content.readAllBytes()).hasSize(3);
        }
    }

    @Test
    void aFileThatIsRefusedLeavesNothingOnTheDisk() throws IOException {
        BlobStore store = store();
        assertThatThrownBy(() -> store.put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[20]), 10))
                .isInstanceOf(BlobStore.FileTooLargeException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void aFileThatWasCutShortOnTheDiskIsNotRead() throws IOException {
        BinaryRef file = store().put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[20]), 100);
        Files.write(files().get(0), new byte[7]);
        assertThatThrownBy(() -> store().open("t", file)).isInstanceOf(BlobStore.NoSuchFileException.class);
    }

    @Test
    void whatACrashLeftGoesWithItsRun() throws IOException {
        BlobStore store = store();
        store.put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[20]), 100);
        Files.write(files().get(0).resolveSibling("0123.part"), new byte[7]);
        store.deleteAll("t", "run");
        assertThat(files()).isEmpty();
    }

    @Test
    void aTemporaryStoreIsDeletedWhenItIsClosed() throws IOException {
        BinaryRef file;
        FolderBlobStore store = FolderBlobStore.temporary();
        try (store) {
            file = store.put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[20]), 100);
            store.open("t", file).close();
        }
        assertThatThrownBy(() -> store.open("t", file)).isInstanceOf(BlobStore.NoSuchFileException.class);
    }

    @Test
    void aFolderThatCannotBeWrittenSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        BlobStore store = new FolderBlobStore(file);
        assertThatThrownBy(() -> store.put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[1]), 10))
                .isInstanceOf(IOException.class);
    }
}
