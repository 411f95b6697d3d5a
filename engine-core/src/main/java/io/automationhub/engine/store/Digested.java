package io.automationhub.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What was copied.
 *
 * @param size in bytes
 * @param sha256 in lower-case hex
 */
public record Digested(long size, String sha256) {

    private static final int BUFFER = 64 * 1024;
    private static final int ID_BYTES = 16;

    /** In a holder, because seeding it may take long. */
    private static final class Random {
        static final SecureRandom INSTANCE = new SecureRandom();
    }

    /** An id that nobody can guess. */
    public static String newId() {
        byte[] id = new byte[ID_BYTES];
        Random.INSTANCE.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /**
     * Copies all of a stream.
     *
     * @param name of the file, for the message
     * @throws BlobStore.FileTooLargeException if there are more than {@code maxBytes}
     */
    public static Digested copy(String name, InputStream from, OutputStream to, long maxBytes) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            size += read;
            if (size > maxBytes) {
                throw BlobStore.FileTooLargeException.limit(name, maxBytes);
            }
            digest.update(buffer, 0, read);
            to.write(buffer, 0, read);
        }
        return new Digested(size, HexFormat.of().formatHex(digest.digest()));
    }

    /** The SHA-256 of a text in UTF-8, in lower-case hex. */
    public static String sha256Of(String text) {
        return HexFormat.of().formatHex(newDigest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
