package io.automationhub.connectors.request;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer as values.
 *
 * @param url where it came from
 * @param headers by lower-case name, without those that are credentials
 */
public record Answer(
        int status,
        String url,
        JsonObject headers,
        @Nullable Object body) {

    /** The output of a node {@code http.request}. */
    JsonObject output() {
        return JsonObject.builder()
                .put("status", status)
                .put("headers", headers)
                .put("body", body)
                .build();
    }
}
