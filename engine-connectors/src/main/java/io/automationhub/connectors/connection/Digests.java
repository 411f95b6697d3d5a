package io.automationhub.connectors.connection;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of authentication. */
final class Digests {

    private Digests() {}

    /** @param algorithm which every JVM has, such as {@code SHA-256} */
    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no " + algorithm, e);
        }
    }
}
