package io.automationhub.engine.store;

import java.time.Instant;
import java.util.Map;

/**
 * That an attempt wants a place under limits that its workflow names, or has one.
 *
 * @param ticket what the store calls it, from {@link StoreMember#nextNumber}
 * @param limits how many attempts may run under each name in all runs of the tenant; the attempt needs a place in each
 * @param priority of several that wait the one with the highest goes first, then the one that came first
 * @param since when it came
 */
public record LimitClaim(long ticket, String tenant, Map<String, Integer> limits, int priority, Instant since) {

    /** Claims by name. */
    public LimitClaim {
        limits = Map.copyOf(limits);
    }
}
