package io.automationhub.connectors.connection;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that came in, as it was before anything was read from it.
 *
 * @param url absolute, as the caller wrote it
 * @param headers by lower-case name; several of the same name joined by commas
 * @param body its bytes, not changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // The body is signed byte by byte, and nobody changes it.
public record WebhookDelivery(String url, Map<String, String> headers, byte[] body) {

    /** A header, by lower-case name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The value at a pointer in a body of JSON, as text; null if there is none. */
    public @Nullable String inBody(String pointer) {
        try {
            Object found = JsonPointer.read(Json.parse(new String(body, StandardCharsets.UTF_8)), pointer);
            return found == null ? null : Json.toText(found);
        } catch (JsonException e) {
            return null;
        }
    }
}
