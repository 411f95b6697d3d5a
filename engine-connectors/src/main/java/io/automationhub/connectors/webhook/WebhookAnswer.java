package io.automationhub.connectors.webhook;

import io.automationhub.connectors.http.HttpBody;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a host's server answers.
 *
 * @param headers by lower-case name, without those of the body
 * @param body null for none
 */
public record WebhookAnswer(
        int status, Map<String, String> headers, @Nullable HttpBody body) {

    /** What a browser must not do with an answer that workflows and callers made up. */
    private static final Map<String, String> HARMLESS =
            Map.of("content-security-policy", "sandbox", "x-content-type-options", "nosniff");

    public WebhookAnswer {
        Map<String, String> all = new TreeMap<>(headers);
        all.putAll(HARMLESS);
        headers = Map.copyOf(all);
    }

    static WebhookAnswer json(int status, @Nullable Object value) {
        byte[] bytes = Json.writeUtf8(value);
        return new WebhookAnswer(status, Map.of(), HttpBody.of("application/json", bytes));
    }

    static WebhookAnswer text(int status, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new WebhookAnswer(status, Map.of(), HttpBody.of("text/plain; charset=utf-8", bytes));
    }

    static WebhookAnswer problem(int status, String error, String message) {
        return json(status, JsonObject.of("error", error).with("message", message));
    }

    WebhookAnswer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new WebhookAnswer(status, more, body);
    }
}
