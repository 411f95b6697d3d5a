package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.FormFields;
import io.automationhub.connectors.secret.SecretRef;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio's signature</a>: an HMAC of the URL and the
 * fields of the form, or of a URL that has the digest of the body. It has no time; its repetitions have the same signature.
 */
final class TwilioSignature implements WebhookSignature {

    private static final String HEADER = "x-twilio-signature";
    private static final Pattern BODY_DIGEST = Pattern.compile("[?&]bodySHA256=([0-9a-fA-F]{64})");

    private final List<SecretRef> secrets;

    TwilioSignature(List<SecretRef> secrets) {
        this.secrets = secrets;
    }

    @Override
    public Verified verify(WebhookDelivery delivery, Context context) {
        String given =
                delivery.header(HEADER).orElseThrow(() -> new RefusedException("it has no header '" + HEADER + "'"));
        String text = signedText(delivery);
        for (SecretRef secret : secrets) {
            if (WebhookSignatures.isSame(given, mac(context.revealer().reveal(secret), text))) {
                return new Verified(Digests.sha256(given), null);
            }
        }
        throw new RefusedException("the signature in the header '" + HEADER
                + "' does not fit the URL and the fields; look whether both sides have the same secret, and whether the"
                + " host gives the URL as the caller wrote it");
    }

    private static String signedText(WebhookDelivery delivery) {
        Matcher digest = BODY_DIGEST.matcher(delivery.url());
        if (digest.find()) {
            String body = HexFormat.of().formatHex(Digests.of("SHA-256").digest(delivery.body()));
            if (!body.equalsIgnoreCase(digest.group(1))) {
                throw new RefusedException("the body does not have the digest that its URL says");
            }
            return delivery.url();
        }
        StringBuilder text = new StringBuilder(delivery.url());
        fields(new String(delivery.body(), StandardCharsets.UTF_8))
                .forEach((name, values) ->
                        values.forEach(value -> text.append(name).append(value)));
        return text.toString();
    }

    /** By name, and of the same name by value, each value once. */
    private static Map<String, Set<String>> fields(String form) {
        Map<String, Set<String>> fields = new TreeMap<>();
        try {
            FormFields.of(form).forEach((name, values) -> fields.put(name, new TreeSet<>(values)));
        } catch (IllegalArgumentException e) {
            throw new RefusedException("the body is no form");
        }
        return fields;
    }

    private static String mac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This JVM has no HmacSHA1", e);
        }
    }

    @Override
    public Set<String> credentialHeaders() {
        return Set.of(HEADER);
    }
}
