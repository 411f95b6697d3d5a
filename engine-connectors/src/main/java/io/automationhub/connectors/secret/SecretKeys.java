package io.automationhub.connectors.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that secrets at rest are encrypted with: the first one encrypts, all of them decrypt. Written as
 * {@code id:base64} of 32 bytes each, the first one first, apart by commas or line breaks; a line that begins with {@code #} is
 * a remark. Immutable, and does not print itself.
 */
public final class SecretKeys {

    private static final int BYTES = 32;
    private static final Pattern COMMA = Pattern.compile(",");

    private final Map<String, SecretKey> keys;

    private SecretKeys(Map<String, SecretKey> keys) {
        this.keys = Collections.unmodifiableMap(keys);
    }

    /**
     * The keys in a text.
     *
     * @throws IllegalArgumentException if there are none, or one does not fit; the message does not show it
     */
    public static SecretKeys parse(String text) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (String entry : entries(text)) {
            int colon = entry.indexOf(':');
            String id = colon < 0 ? "" : entry.substring(0, colon).trim();
            byte[] key = decoded(id, entry.substring(colon + 1).trim());
            if (id.isEmpty() || key.length != BYTES) {
                throw invalid(id, "has " + key.length + " bytes");
            }
            if (keys.put(id, new SecretKeySpec(key, "AES")) != null) {
                throw invalid(id, "stands there twice");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no key for secrets; write id:base64 of " + BYTES + " random bytes");
        }
        return new SecretKeys(keys);
    }

    /** One key that nobody else has: what it encrypts is lost with it. */
    public static SecretKeys random() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return new SecretKeys(Map.of("random", new SecretKeySpec(key, "AES")));
    }

    /**
     * The keys in a variable of the environment.
     *
     * @throws IllegalArgumentException if it is not set, or does not fit
     */
    public static SecretKeys ofEnvironment(String variable) {
        return parse(Optional.ofNullable(System.getenv(variable)).orElse(""));
    }

    /**
     * The keys in a file, which only the process should be able to read.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public static SecretKeys ofFile(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    private static List<String> entries(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(COMMA::splitAsStream)
                .map(String::trim)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static byte[] decoded(String id, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw invalid(id, "is no Base64");
        }
    }

    private static IllegalArgumentException invalid(String id, String what) {
        return new IllegalArgumentException("The key " + (id.isEmpty() ? "without an id" : "'" + id + "'")
                + " for secrets " + what + "; write id:base64 of " + BYTES + " random bytes, each id once");
    }

    /** The id of the key that encrypts. */
    public String current() {
        return keys.keySet().iterator().next();
    }

    /** The ids of all keys. */
    public List<String> ids() {
        return List.copyOf(keys.keySet());
    }

    Optional<SecretKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public String toString() {
        return "Keys " + String.join(", ", keys.keySet());
    }
}
