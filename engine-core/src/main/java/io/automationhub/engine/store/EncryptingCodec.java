package io.automationhub.engine.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts with AES-GCM (NIST SP 800-38D): a random nonce of 96 bits for each value, a tag of 128 bits. Values carry the id of
 * their key, so keys can be changed: the new one encrypts, the old ones decrypt as long as there are rows of theirs.
 */
public final class EncryptingCodec implements PayloadCodec {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_ID_BYTES = 100;

    private final Map<String, SecretKey> keys;
    private final String current;
    private final SecureRandom random = new SecureRandom();

    /**
     * A codec with keys.
     *
     * @param keys AES keys of 16, 24 or 32 bytes by their ids
     * @param current the id of the one that encrypts
     * @throws IllegalArgumentException if a key has another length, or there is none with that id
     */
    public EncryptingCodec(Map<String, byte[]> keys, String current) {
        this.keys = keys.entrySet().stream()
                .collect(java.util.stream.Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> key(entry.getKey(), entry.getValue())));
        this.current = current;
        if (!this.keys.containsKey(current)) {
            throw new IllegalArgumentException(
                    "There is no key '" + current + "' to encrypt with; known are " + this.keys.keySet());
        }
    }

    private static SecretKey key(String id, byte[] bytes) {
        int idBytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (idBytes > MAX_ID_BYTES) {
            throw new IllegalArgumentException(
                    "The id of a key has at most " + MAX_ID_BYTES + " bytes, found " + idBytes);
        }
        if (bytes.length != 16 && bytes.length != 24 && bytes.length != 32) {
            throw new IllegalArgumentException(
                    "An AES key has 16, 24 or 32 bytes, but the key '" + id + "' has " + bytes.length);
        }
        return new SecretKeySpec(bytes, "AES");
    }

    @Override
    public String name() {
        return "aes-gcm";
    }

    @Override
    public byte[] encode(byte[] plain) {
        byte[] id = current.getBytes(StandardCharsets.UTF_8);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    Objects.requireNonNull(keys.get(current)),
                    new GCMParameterSpec(TAG_BITS, nonce));
            byte[] secret = cipher.doFinal(plain);
            return ByteBuffer.allocate(1 + id.length + NONCE_BYTES + secret.length)
                    .put((byte) id.length)
                    .put(id)
                    .put(nonce)
                    .put(secret)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot encrypt a value with the key '" + current + "'", e);
        }
    }

    @Override
    public byte[] decode(byte[] stored) {
        if (stored.length < 1 || stored.length < 1 + stored[0] + NONCE_BYTES) {
            throw new PayloadException("An encrypted value is cut off");
        }
        String id = new String(stored, 1, stored[0], StandardCharsets.UTF_8);
        SecretKey key = keys.get(id);
        if (key == null) {
            throw new PayloadException("A value was encrypted with the key '" + id
                    + "', which is not known; give it to the codec as long as there are rows of it");
        }
        int begin = 1 + stored[0];
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, stored, begin, NONCE_BYTES));
            return cipher.doFinal(stored, begin + NONCE_BYTES, stored.length - begin - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new PayloadException(
                    "An encrypted value was changed, or the key '" + id + "' is another one than it was", e);
        }
    }
}
