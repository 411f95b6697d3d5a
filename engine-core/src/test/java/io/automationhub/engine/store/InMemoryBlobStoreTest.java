package io.automationhub.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.testkit.BlobStoreContract;
import io.automationhub.engine.value.BinaryRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InMemoryBlobStoreTest extends BlobStoreContract {

    @Override
    protected BlobStore store() {
        return new InMemoryBlobStore();
    }

    private static BinaryRef put(BlobStore store, int bytes) throws IOException {
        return store.put("t", "run", "f", "a/b", new ByteArrayInputStream(new byte[bytes]), 1000);
    }

    @Test
    void aFullStoreRefusesUntilSomethingGoes() throws IOException {
        BlobStore store = new InMemoryBlobStore(10);
        BinaryRef first = put(store, 6);
        assertThatThrownBy(() -> put(store, 5))
                .isInstanceOf(BlobStore.FileTooLargeException.class)
                .hasMessageContaining("no room for the file 'f' among the 10 bytes")
                .hasMessageContaining("FolderBlobStore");
        store.delete("t", first);
        assertThat(put(store, 10).size()).isEqualTo(10);
        store.deleteAll("t", "run");
        assertThat(put(store, 10).size()).isEqualTo(10);
    }
}
