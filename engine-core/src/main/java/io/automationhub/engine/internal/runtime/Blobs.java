package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of an engine's runs. Safe for use by several threads. */
public final class Blobs {

    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

    private final BlobStore store;
    private final long maxBytes;

    Blobs(BlobStore store, long maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    /**
     * Keeps a file.
     *
     * @param executionId the run that it belongs to; null if it belongs to none
     * @throws NonRetriableException if it is too large, or has no name or media type that a file may have
     */
    public BinaryRef put(
            String tenant, @Nullable String executionId, String name, String mediaType, InputStream content)
            throws IOException {
        try {
            return store.put(tenant, executionId, name, mediaType, content, maxBytes);
        } catch (BlobStore.FileTooLargeException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /**
     * Opens a file.
     *
     * @throws NonRetriableException if there is none
     */
    public InputStream open(String tenant, BinaryRef file) throws IOException {
        try {
            return store.open(tenant, file);
        } catch (BlobStore.NoSuchFileException e) {
            throw refused(e);
        }
    }

    /** Deletes a file; false if there was none. */
    public boolean delete(String tenant, BinaryRef file) throws IOException {
        return store.delete(tenant, file);
    }

    private static NonRetriableException refused(Exception e) {
        return new NonRetriableException(ExecutionError.KIND_FILE, String.valueOf(e.getMessage()), e);
    }

    /**
     * Deletes the files of a run that is forgotten.
     *
     * @param on where it waits for the store of files
     */
    void forgotten(String tenant, String executionId, Executor on) {
        on.execute(() -> {
            try {
                store.deleteAll(tenant, executionId);
            } catch (IOException | RuntimeException e) {
                LOG.warn("The files of the execution '{}' could not be deleted; delete them by hand", executionId, e);
            }
        });
    }
}
