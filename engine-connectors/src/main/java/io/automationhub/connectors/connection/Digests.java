package io.automationhub.connectors.connection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The hashes of authentication. */
public final class Digests {

    private Digests() {}

    /** @param algorithm which every JVM has, such as {@code SHA-256} */
    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no " + algorithm, e);
        }
    }

    /** The SHA-256 of a text, in the letters of Base64 that a URL may have. */
    public static String sha256(String text) {
        return base64(of("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Bytes in the letters of Base64 that a URL may have, without padding. */
    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
