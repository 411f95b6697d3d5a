package io.automationhub.connectors.webhook;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * A call that came in, as a host's server has it.
 *
 * @param tenant whose workflows it is for; the host tells by the address, never by what the caller says
 * @param method such as {@code POST}
 * @param url absolute and with its query, as the caller wrote it: some sign it
 * @param path what follows the place at which the host has webhooks, still encoded: {@code /live/orders/acme}
 * @param headers by name
 * @param body read to its end, or to the most bytes that the trigger takes; not closed
 */
public record WebhookRequest(
        String tenant, String method, String url, String path, Map<String, List<String>> headers, InputStream body) {}
