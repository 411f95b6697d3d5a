package io.automationhub.connectors.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and what came of it; a call that is redirected has several.
 *
 * @param label whose call it was
 * @param url without query, which may have secrets
 * @param status null if no answer came
 * @param error what went wrong; null if an answer came
 * @param duration until the headers of the answer, or the failure
 */
public record HttpExchange(
        String label,
        String method,
        String url,
        @Nullable Integer status,
        @Nullable String error,
        Duration duration) {

    /** Hears of exchanges, on the thread that made them; must be quick. What it throws is logged. */
    @FunctionalInterface
    public interface Listener {

        void exchanged(HttpExchange exchange);
    }
}
