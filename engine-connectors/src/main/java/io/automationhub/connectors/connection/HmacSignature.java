package io.automationhub.connectors.connection;

import io.automationhub.connectors.secret.SecretRef;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A signature that is an HMAC of the body, with a time where the caller signs one: <a
 * href="https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries">GitHub</a>, <a
 * href="https://docs.stripe.com/webhooks#verify-manually">Stripe</a>, <a
 * href="https://api.slack.com/authentication/verifying-requests-from-slack">Slack</a>, <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>, and
 * others that are alike.
 */
final class HmacSignature implements WebhookSignature {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final String header;
    private final String algorithm;
    private final Form form;
    private final List<SecretRef> secrets;
    private final boolean base64;
    private final Duration tolerance;

    /** How a caller writes its signature. */
    private interface Form {

        /** What a delivery says of itself. */
        Signed read(WebhookDelivery delivery, String header);

        /** What the caller is to be answered instead of a run; null for a call like any other. */
        default @Nullable String reply(WebhookDelivery unused) {
            return null;
        }

        /** The key of a secret. */
        default byte[] key(String secret) {
            return secret.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * @param before what is signed before the body
     * @param signatures any of which may fit
     * @param timestamp in seconds since 1970; null if none is signed
     * @param id that is signed; null if none is
     */
    private record Signed(
            String before,
            List<String> signatures,
            @Nullable String timestamp,
            @Nullable String id) {}

    private HmacSignature(
            String header, String algorithm, boolean base64, Duration tolerance, List<SecretRef> secrets, Form form) {
        this.header = header;
        this.algorithm = algorithm;
        this.base64 = base64;
        this.tolerance = tolerance;
        this.secrets = secrets;
        this.form = form;
    }

    static HmacSignature github(List<SecretRef> secrets) {
        return new HmacSignature(
                "x-hub-signature-256",
                "HmacSHA256",
                false,
                TOLERANCE,
                secrets,
                (delivery, value) -> new Signed("", List.of(without("sha256=", value)), null, null));
    }

    static HmacSignature stripe(Fields webhook, List<SecretRef> secrets) {
        return new HmacSignature(
                "stripe-signature", "HmacSHA256", false, tolerance(webhook), secrets, (delivery, value) -> {
                    String timestamp = "";
                    List<String> signatures = new ArrayList<>();
                    for (String part : value.split(",", -1)) {
                        String trimmed = part.trim();
                        if (trimmed.startsWith("t=")) {
                            timestamp = trimmed.substring(2);
                        } else if (trimmed.startsWith("v1=")) {
                            signatures.add(trimmed.substring(3));
                        }
                    }
                    return new Signed(timestamp + ".", signatures, timestamp, delivery.inBody("/id"));
                });
    }

    static HmacSignature slack(Fields webhook, List<SecretRef> secrets) {
        return new HmacSignature("x-slack-signature", "HmacSHA256", false, tolerance(webhook), secrets, new Form() {
            @Override
            public Signed read(WebhookDelivery delivery, String value) {
                String timestamp = delivery.header("x-slack-request-timestamp").orElse("");
                return new Signed(
                        "v0:" + timestamp + ":",
                        List.of(without("v0=", value)),
                        timestamp,
                        delivery.inBody("/event_id"));
            }

            /** <a href="https://docs.slack.dev/reference/events/url_verification">How an address is tried.</a> */
            @Override
            public @Nullable String reply(WebhookDelivery delivery) {
                return "url_verification".equals(delivery.inBody("/type")) ? delivery.inBody("/challenge") : null;
            }
        });
    }

    static HmacSignature standard(Fields webhook, List<SecretRef> secrets) {
        return new HmacSignature("webhook-signature", "HmacSHA256", true, tolerance(webhook), secrets, new Form() {
            @Override
            public Signed read(WebhookDelivery delivery, String value) {
                String id = delivery.header("webhook-id").orElse("");
                String timestamp = delivery.header("webhook-timestamp").orElse("");
                List<String> signatures = new ArrayList<>();
                for (String part : value.split(" ", -1)) {
                    if (part.startsWith("v1,")) {
                        signatures.add(part.substring(3));
                    }
                }
                return new Signed(id + "." + timestamp + ".", signatures, timestamp, id);
            }

            @Override
            public byte[] key(String secret) {
                try {
                    return Base64.getDecoder().decode(without("whsec_", secret));
                } catch (IllegalArgumentException e) {
                    throw new RefusedException("the secret is no Base64, as Standard Webhooks demands");
                }
            }
        });
    }

    static HmacSignature generic(Fields webhook, List<SecretRef> secrets) {
        String header = webhook.text("header").toLowerCase(Locale.ROOT);
        String prefix = webhook.textOr("prefix", "");
        String algorithm = switch (webhook.textOr("algorithm", "sha256")) {
            case "sha1" -> "HmacSHA1";
            case "sha256" -> "HmacSHA256";
            case "sha512" -> "HmacSHA512";
            default -> throw webhook.invalid("algorithm", "it is one of sha1, sha256, sha512");
        };
        boolean base64 = switch (webhook.textOr("encoding", "hex")) {
            case "hex" -> false;
            case "base64" -> true;
            default -> throw webhook.invalid("encoding", "it is 'hex' or 'base64'");
        };
        String payload = webhook.textOr("payload", "{body}");
        if (!payload.endsWith("{body}")) {
            throw webhook.invalid("payload", "what is signed ends with the body, as in '{timestamp}.{body}'");
        }
        String before = payload.substring(0, payload.length() - "{body}".length());
        String stamp = webhook.optionalText("timestampHeader");
        if (before.contains("{timestamp}") != (stamp != null)) {
            throw webhook.invalid(
                    "timestampHeader",
                    "it and '{timestamp}' in 'payload' belong together: a time counts if it is signed");
        }
        String id = webhook.optionalText("id");
        return new HmacSignature(header, algorithm, base64, tolerance(webhook), secrets, (delivery, value) -> {
            String timestamp = stamp == null
                    ? null
                    : delivery.header(stamp.toLowerCase(Locale.ROOT)).orElse("");
            return new Signed(
                    timestamp == null ? before : before.replace("{timestamp}", timestamp),
                    List.of(without(prefix, value)),
                    timestamp,
                    id == null ? null : delivery.inBody(id));
        });
    }

    private static Duration tolerance(Fields webhook) {
        return webhook.has("tolerance") ? webhook.duration("tolerance") : TOLERANCE;
    }

    private static String without(String prefix, String text) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    @Override
    public Verified verify(WebhookDelivery delivery, Context context) {
        String value =
                delivery.header(header).orElseThrow(() -> new RefusedException("it has no header '" + header + "'"));
        Signed signed = form.read(delivery, value);
        String right = signed.signatures().stream()
                .filter(signature -> isRight(signature, signed, delivery, context))
                .findFirst()
                .orElseThrow(() -> new RefusedException("the signature in the header '" + header
                        + "' does not fit the body; look whether both sides have the same secret"));
        if (signed.timestamp() != null) {
            checkTime(signed.timestamp(), context.now());
        }
        return new Verified(signed.id() == null ? Digests.sha256(right) : signed.id(), form.reply(delivery));
    }

    private boolean isRight(String signature, Signed signed, WebhookDelivery delivery, Context context) {
        for (SecretRef secret : secrets) {
            byte[] mac = mac(form.key(context.revealer().reveal(secret)), signed.before(), delivery.body());
            String expected = base64
                    ? Base64.getEncoder().encodeToString(mac)
                    : HexFormat.of().formatHex(mac);
            if (WebhookSignatures.isSame(base64 ? signature : signature.toLowerCase(Locale.ROOT), expected)) {
                return true;
            }
        }
        return false;
    }

    private byte[] mac(byte[] key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            mac.update(before.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This JVM has no " + algorithm, e);
        }
    }

    private void checkTime(String seconds, Instant now) {
        Instant signed;
        try {
            signed = Instant.ofEpochSecond(Long.parseLong(seconds));
        } catch (NumberFormatException | DateTimeException e) {
            throw new RefusedException("its time is no number of seconds");
        }
        if (Duration.between(signed, now).abs().compareTo(tolerance) > 0) {
            throw new RefusedException("it was signed at " + signed + ", and it is " + now
                    + ": that is longer ago, or later, than the tolerance of " + tolerance.toSeconds()
                    + " s; look at the clocks, or it is a repetition by somebody else");
        }
    }

    @Override
    public Set<String> credentialHeaders() {
        return Set.of(header);
    }
}
