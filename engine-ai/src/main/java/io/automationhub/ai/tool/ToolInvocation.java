package io.automationhub.ai.tool;

import io.automationhub.connectors.http.CancelSignal;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The circumstances of a call of a tool.
 *
 * @param tenant whose run it is; a tool looks for nothing of another
 * @param execution the run
 * @param node the node whose agent calls
 * @param idempotencyKey no other call has it, and this one has it however often it is made
 * @param cancel ends the call
 * @param now the time on the engine's clock
 */
public record ToolInvocation(
        String tenant,
        String execution,
        String node,
        String idempotencyKey,
        CancelSignal cancel,
        Supplier<Instant> now) {}
