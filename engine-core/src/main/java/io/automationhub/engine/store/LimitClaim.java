package io.automationhub.engine.store;

import io.automationhub.engine.workflow.Limit;
import java.time.Instant;
import java.util.Map;

/**
 * That an attempt wants a place under limits that its workflow names, or has one.
 *
 * @param ticket what the store calls it, from {@link StoreMember#nextNumber}
 * @param limits the bounds by their names, which hold for all runs of the tenant; the attempt needs a place in each. Its place
 *     under a rate counts from when it is granted for the time of the rate, given back or not; names with different times are
 *     different rates
 * @param priority of several that wait the one with the highest goes first, then the one that came first
 * @param since when it came
 */
public record LimitClaim(long ticket, String tenant, Map<String, Limit> limits, int priority, Instant since) {

    /** Claims by name. */
    public LimitClaim {
        limits = Map.copyOf(limits);
    }
}
