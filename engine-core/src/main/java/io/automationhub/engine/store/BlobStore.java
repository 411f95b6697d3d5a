package io.automationhub.engine.store;

import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files that {@link BinaryRef} names. A file belongs to a run, and goes with it, or to none, and stays until it is
 * deleted. The tenant is part of every key. Implementations are safe for use by several threads and extend the contract
 * suite {@code BlobStoreContract} of the test kit.
 */
public interface BlobStore {

    /**
     * Keeps a file. When this returns, it is as durable as the store is; if it throws, nothing is kept.
     *
     * @param executionId the run that it belongs to; null if it belongs to none
     * @param content read to its end, not closed
     * @param maxBytes the most bytes that it may have
     * @return the reference, whose id nobody can guess
     * @throws FileTooLargeException if there are more bytes, or more than the store has room for
     * @throws IOException if the content cannot be read, or not be kept
     */
    BinaryRef put(
            String tenant,
            @Nullable String executionId,
            String name,
            String mediaType,
            InputStream content,
            long maxBytes)
            throws IOException;

    /**
     * Opens a file. Somebody who deletes it meanwhile does not cut it short: it is read to its end, or reading fails.
     *
     * @throws NoSuchFileException if there is none with this id, size and SHA-256 for this tenant
     * @throws IOException if it cannot be opened
     */
    InputStream open(String tenant, BinaryRef file) throws IOException;

    /** Deletes a file; false if there was none. */
    boolean delete(String tenant, BinaryRef file) throws IOException;

    /** Deletes all files of a run. */
    void deleteAll(String tenant, String executionId) throws IOException;

    /** There is no such file: it was deleted with its run, belongs to another tenant, or never was. */
    final class NoSuchFileException extends IOException {

        private static final long serialVersionUID = 1L;

        public NoSuchFileException(BinaryRef file) {
            super("There is no file '" + file.name() + "' of " + file.size()
                    + " bytes under its id; it was deleted, perhaps with the run that it belonged to");
        }
    }

    /** A file has more bytes than it may have. */
    final class FileTooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        public FileTooLargeException(String message) {
            super(message);
        }

        /** The failure of a file with this name. */
        static FileTooLargeException limit(String name, long maxBytes) {
            return new FileTooLargeException("The file '" + name + "' has more than " + maxBytes
                    + " bytes, the limit of files; raise maxBlobBytes, or keep it elsewhere and pass its address");
        }
    }
}
