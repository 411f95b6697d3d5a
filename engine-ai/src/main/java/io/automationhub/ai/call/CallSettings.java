package io.automationhub.ai.call;

import io.automationhub.ai.budget.Budget;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.connectors.http.CancelSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The circumstances of a call.
 *
 * @param label whose call it is, for errors: {@code node 'summary'}
 * @param timeout the most time for each request
 * @param idleTimeout the most time in which nothing of a stream comes
 * @param patience how long a thread waits before another attempt; when a provider asks for more, the call ends by a {@link
 *     LongWaitException}
 * @param places when each request may begin
 * @param stream whether listeners hear of each piece
 * @param cache whether an answer that was given before will do
 * @param budgets to which the call keeps, beside those to which each one does
 * @param guardrails of the call, behind those of each one
 */
public record CallSettings(
        String label,
        ModelListener.Caller caller,
        Duration timeout,
        Duration idleTimeout,
        Duration patience,
        RequestPlaces places,
        boolean stream,
        boolean cache,
        List<Budget> budgets,
        GuardrailSet guardrails,
        CancelSignal cancel,
        Supplier<Instant> now,
        ProviderCall.Files files) {}
