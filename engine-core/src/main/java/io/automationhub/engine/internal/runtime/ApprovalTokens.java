package io.automationhub.engine.internal.runtime;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the tokens with which somebody outside decides an approval: what is to be decided, and a HMAC-SHA-256
 * (RFC 2104) over it and its tenant. Nothing is stored for a token. Safe for use by several threads.
 */
public final class ApprovalTokens {

    /** The least bytes of a secret. */
    public static final int MIN_SECRET_BYTES = 32;

    private static final String PREFIX = "approval.";
    private static final String HMAC = "HmacSHA256";
    private static final String SEPARATOR = "\u0000";
    private static final Pattern TOKEN = Pattern.compile("approval\\.[A-Za-z0-9_-]{1,4000}\\.[A-Za-z0-9_-]{43}");
    private static final int MAX_LENGTH = 5000;

    private final SecretKeySpec key;

    /**
     * What a token decides.
     *
     * @param iteration the pass through the groups around the node; empty if there are none
     * @param name under which the node waits
     */
    record Subject(String execution, String node, String iteration, String name) {

        /** The one decision of a node that asks for one. */
        static Subject of(String execution, String node, String iteration) {
            return new Subject(execution, node, iteration, onlyName(execution, node, iteration));
        }

        private static String onlyName(String execution, String node, String iteration) {
            return execution + "/" + node + "/" + iteration;
        }

        /** Whether the node may ask for others as well, so that its end says nothing of this one. */
        boolean isOneOfSeveral() {
            return !name.equals(onlyName(execution, node, iteration));
        }
    }

    /** @param secret null for one that lives as long as this object */
    public ApprovalTokens(byte @Nullable [] secret) {
        byte[] bytes = secret;
        if (bytes == null) {
            bytes = new byte[MIN_SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
        }
        key = new SecretKeySpec(bytes, HMAC);
    }

    String token(String tenant, Subject of) {
        String subject =
                String.join(SEPARATOR, of.execution(), of.node(), of.iteration(), of.isOneOfSeveral() ? of.name() : "");
        String text = encode(subject.getBytes(StandardCharsets.UTF_8));
        return PREFIX + text + "." + encode(mac(tenant, text));
    }

    /** What a token decides; empty if this engine did not make it for that tenant. */
    Optional<Subject> check(String tenant, String token) {
        if (token.length() > MAX_LENGTH || !TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        int dot = token.lastIndexOf('.');
        String text = token.substring(PREFIX.length(), dot);
        byte[] expected = encode(mac(tenant, text)).getBytes(StandardCharsets.US_ASCII);
        byte[] found = token.substring(dot + 1).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, found)) {
            return Optional.empty();
        }
        String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, -1);
        return Optional.of(
                parts[3].isEmpty()
                        ? Subject.of(parts[0], parts[1], parts[2])
                        : new Subject(parts[0], parts[1], parts[2], parts[3]));
    }

    /** A text without the tokens in it. */
    static String redacted(String text) {
        return text.contains(PREFIX) ? TOKEN.matcher(text).replaceAll("approval.***") : text;
    }

    private byte[] mac(String tenant, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal((tenant + SEPARATOR + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
