package io.automationhub.ai.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a budget fares.
 *
 * @param tokens used, those included that are reserved for requests under way
 * @param amount of US dollars, in the same way
 * @param calls in the same way
 * @param time that requests took
 * @param resetsAt when it begins anew; null if it never does
 */
public record BudgetStatus(
        Budget budget,
        long tokens,
        BigDecimal amount,
        long calls,
        Duration time,
        @Nullable Instant resetsAt) {}
