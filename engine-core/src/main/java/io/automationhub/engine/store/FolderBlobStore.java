package io.automationhub.engine.store;

import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps files in a folder: {@code tenant/run/id-sha256}, where {@code run} is {@code _} for files of no run. A file has its
 * name only when it is complete and on the disk, so a crash leaves at most a {@code .part} behind, which goes with its run.
 * Several processes may use one folder.
 */
public final class FolderBlobStore implements BlobStore, AutoCloseable {

    private static final String NO_RUN = "_";

    /** File systems take names of 255 bytes. */
    private static final int MAX_NAME = 100;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Path root;
    private final boolean temporary;

    /** A store in a folder, which is made if it is absent, and which stays. */
    public FolderBlobStore(Path root) {
        this(root, false);
    }

    private FolderBlobStore(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    /**
     * A store in a new folder among the machine's temporary ones; {@link #close} deletes it.
     *
     * @throws UncheckedIOException if there can be none
     */
    public static FolderBlobStore temporary() {
        try {
            return new FolderBlobStore(Files.createTempDirectory("automation-hub-files"), true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a temporary folder for files: " + e.getMessage(), e);
        }
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
        String id = Digested.newId();
        Path folder = folder(tenant, executionId);
        Files.createDirectories(folder);
        Path part = folder.resolve(id + ".part");
        try {
            Digested digested = write(name, content, part, maxBytes);
            String owner = executionId == null ? NO_RUN : folderName(executionId);
            BinaryRef ref = new BinaryRef(owner + "/" + id, name, mediaType, digested.size(), digested.sha256());
            Files.move(part, folder.resolve(id + "-" + digested.sha256()), StandardCopyOption.ATOMIC_MOVE);
            return ref;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Digested write(String name, InputStream content, Path part, long maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Digested digested = Digested.copy(name, content, Channels.newOutputStream(channel), maxBytes);
            channel.force(true);
            return digested;
        }
    }

    @Override
    public InputStream open(String tenant, BinaryRef file) throws IOException {
        Path path = path(tenant, file);
        if (path == null) {
            throw new NoSuchFileException(file);
        }
        InputStream content;
        try {
            content = Files.newInputStream(path);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new NoSuchFileException(file);
        }
        if (Files.size(path) != file.size()) {
            content.close();
            throw new NoSuchFileException(file);
        }
        return content;
    }

    @Override
    public boolean delete(String tenant, BinaryRef file) throws IOException {
        Path path = path(tenant, file);
        return path != null && Files.deleteIfExists(path);
    }

    /** Where a file is; null if its id cannot be one of this store. */
    private @Nullable Path path(String tenant, BinaryRef file) {
        int slash = file.id().indexOf('/');
        if (slash < 1) {
            return null;
        }
        String owner = file.id().substring(0, slash);
        String id = file.id().substring(slash + 1);
        // Whoever can write a reference must not be able to name a path with it.
        boolean own = ID.matcher(id).matches() && isFolderName(owner);
        return own ? root.resolve(folderName(tenant)).resolve(owner).resolve(id + "-" + file.sha256()) : null;
    }

    @Override
    public void deleteAll(String tenant, String executionId) throws IOException {
        deleteTree(folder(tenant, executionId));
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private Path folder(String tenant, @Nullable String executionId) {
        return root.resolve(folderName(tenant)).resolve(executionId == null ? NO_RUN : folderName(executionId));
    }

    /** A name that every file system takes, and takes for no other: what is not a-z, 0-9 or '-' is written as %xx, a long one as its hash. */
    private static String folderName(String text) {
        StringBuilder name = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-';
            name.append(plain ? String.valueOf((char) b) : "%%%02x".formatted(b));
        }
        if (name.length() > MAX_NAME) {
            // No %xx begins like this.
            return "%h" + Digested.sha256Of(text);
        }
        return name.isEmpty() ? "%" : name.toString();
    }

    private static boolean isFolderName(String name) {
        return name.equals(NO_RUN) || name.matches("[a-z0-9%-]+");
    }

    /** Deletes the folder if it is a temporary one; otherwise does nothing. */
    @Override
    public void close() {
        if (temporary) {
            try {
                deleteTree(root);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot delete the temporary folder of files " + root, e);
            }
        }
    }
}
