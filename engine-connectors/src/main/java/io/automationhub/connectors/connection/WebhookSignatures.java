package io.automationhub.connectors.connection;

import io.automationhub.connectors.connection.WebhookSignature.RefusedException;
import io.automationhub.connectors.connection.WebhookSignature.Verified;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The ways in which systems sign their calls, by the {@code type} in a connection's {@code webhook}. */
final class WebhookSignatures {

    private static final String TYPES = "github, hmac, slack, standard, stripe, token, twilio";

    private WebhookSignatures() {}

    static WebhookSignature of(Fields webhook) {
        List<SecretRef> secrets = secrets(webhook);
        return switch (webhook.text("type")) {
            case "github" -> {
                Fields unused = allowed(webhook);
                yield HmacSignature.github(secrets);
            }
            case "stripe" -> HmacSignature.stripe(allowed(webhook, "tolerance"), secrets);
            case "slack" -> HmacSignature.slack(allowed(webhook, "tolerance"), secrets);
            case "standard" -> HmacSignature.standard(allowed(webhook, "tolerance"), secrets);
            case "hmac" ->
                HmacSignature.generic(
                        allowed(
                                webhook,
                                "header",
                                "prefix",
                                "algorithm",
                                "encoding",
                                "payload",
                                "timestampHeader",
                                "tolerance",
                                "id"),
                        secrets);
            case "twilio" -> {
                Fields unused = allowed(webhook);
                yield new TwilioSignature(secrets);
            }
            case "token" -> token(allowed(webhook, "header", "prefix"), secrets);
            default ->
                throw webhook.invalid(
                        "type", "'" + webhook.text("type") + "' is no way of signing; use one of " + TYPES);
        };
    }

    private static Fields allowed(Fields webhook, String... more) {
        List<String> names = new ArrayList<>(List.of("type", "secret"));
        names.addAll(List.of(more));
        webhook.allow(names.toArray(String[]::new));
        return webhook;
    }

    /** One, or several while one takes the place of another. */
    private static List<SecretRef> secrets(Fields webhook) {
        List<SecretRef> secrets = new ArrayList<>();
        Object given = webhook.json().get("secret");
        for (Object each : given instanceof JsonArray list ? list : JsonArray.of(given)) {
            secrets.add(SecretRef.of(each)
                    .orElseThrow(() -> webhook.invalid(
                            "secret",
                            "it must name a secret, as {\"$secret\": \"name\"}, or several in a list; found "
                                    + Json.typeName(each))));
        }
        if (secrets.isEmpty()) {
            throw webhook.invalid("secret", "it must name a secret, as {\"$secret\": \"name\"}");
        }
        return List.copyOf(secrets);
    }

    /** A token in a header, as GitLab and others send it: it signs nothing, so that repetitions cannot be told. */
    private static WebhookSignature token(Fields webhook, List<SecretRef> secrets) {
        String header = webhook.text("header").toLowerCase(Locale.ROOT);
        String prefix = webhook.textOr("prefix", "");
        return new WebhookSignature() {
            @Override
            public Verified verify(WebhookDelivery delivery, Context context) {
                String given = delivery.header(header)
                        .orElseThrow(() -> new RefusedException("it has no header '" + header + "'"));
                for (SecretRef secret : secrets) {
                    if (isSame(given, prefix + context.revealer().reveal(secret))) {
                        return new Verified(null, null);
                    }
                }
                throw new RefusedException("the token in the header '" + header + "' is another one");
            }

            @Override
            public Set<String> credentialHeaders() {
                return Set.of(header);
            }
        };
    }

    /** Compares in a time that tells nothing about where they differ. */
    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
