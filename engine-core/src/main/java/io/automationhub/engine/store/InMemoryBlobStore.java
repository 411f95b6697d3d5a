package io.automationhub.engine.store;

import io.automationhub.engine.value.BinaryRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps files in memory, up to a number of bytes; a file for which there is no room is refused. */
public final class InMemoryBlobStore implements BlobStore {

    /** How many bytes it keeps unless told otherwise: 64 MB. */
    public static final long DEFAULT_BYTES = 64L * 1024 * 1024;

    private final long capacity;

    // Guarded by this.
    private final Map<Key, Blob> blobs = new HashMap<>();
    private final Map<Owner, Set<Key>> owned = new HashMap<>();
    private long bytes;

    private record Key(String tenant, String id) {}

    private record Owner(String tenant, String executionId) {}

    private record Blob(
            BinaryRef ref, Content content, @Nullable Owner owner) {}

    /** Wraps an array, which a record should not have. */
    private static final class Content {
        private final byte[] bytes;

        Content(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** A store for 64 MB. */
    public InMemoryBlobStore() {
        this(DEFAULT_BYTES);
    }

    /** A store for so many bytes, all files together. */
    public InMemoryBlobStore(long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "A store of files has room for at least 1 byte, but was to have " + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public BinaryRef put(
            String tenant,
            @Nullable String executionId,
            String name,
            String mediaType,
            InputStream content,
            long maxBytes)
            throws IOException {
        long room = Math.min(maxBytes, free());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Digested digested;
        try {
            digested = Digested.copy(name, content, read, room);
        } catch (FileTooLargeException e) {
            throw room == maxBytes ? e : full(name);
        }
        BinaryRef ref = new BinaryRef(Digested.newId(), name, mediaType, digested.size(), digested.sha256());
        Owner owner = executionId == null ? null : new Owner(tenant, executionId);
        add(new Key(tenant, ref.id()), new Blob(ref, new Content(read.toByteArray()), owner));
        return ref;
    }

    private synchronized long free() {
        return capacity - bytes;
    }

    private synchronized void add(Key key, Blob blob) throws FileTooLargeException {
        if (blob.ref().size() > free()) {
            throw full(blob.ref().name());
        }
        bytes += blob.ref().size();
        blobs.put(key, blob);
        if (blob.owner() != null) {
            owned.computeIfAbsent(blob.owner(), owner -> new HashSet<>()).add(key);
        }
    }

    private FileTooLargeException full(String name) {
        return new FileTooLargeException("There is no room for the file '" + name + "' among the " + capacity
                + " bytes of files that are kept in memory; give the engine a FolderBlobStore, or a larger"
                + " InMemoryBlobStore");
    }

    @Override
    public synchronized InputStream open(String tenant, BinaryRef file) throws NoSuchFileException {
        Blob blob = find(tenant, file);
        if (blob == null) {
            throw new NoSuchFileException(file);
        }
        return new ByteArrayInputStream(blob.content().bytes);
    }

    private @Nullable Blob find(String tenant, BinaryRef file) {
        Blob blob = blobs.get(new Key(tenant, file.id()));
        boolean same = blob != null
                && blob.ref().sha256().equals(file.sha256())
                && blob.ref().size() == file.size();
        return same ? blob : null;
    }

    @Override
    public synchronized boolean delete(String tenant, BinaryRef file) {
        Blob blob = find(tenant, file);
        if (blob == null) {
            return false;
        }
        Key key = new Key(tenant, file.id());
        remove(key);
        Set<Key> others = blob.owner() == null ? null : owned.get(blob.owner());
        if (others != null) {
            others.remove(key);
        }
        return true;
    }

    @Override
    public synchronized void deleteAll(String tenant, String executionId) {
        Set<Key> keys = owned.remove(new Owner(tenant, executionId));
        if (keys != null) {
            keys.forEach(this::remove);
        }
    }

    private void remove(Key key) {
        Blob blob = blobs.remove(key);
        bytes -= blob == null ? 0 : blob.ref().size();
    }
}
