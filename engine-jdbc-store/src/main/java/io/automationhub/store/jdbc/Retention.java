package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long runs are kept after their end.
 *
 * @param succeeded those that succeeded; null for ever
 * @param failed those that failed; null for ever
 * @param cancelled those that were cancelled; null for ever
 */
public record Retention(
        @Nullable Duration succeeded,
        @Nullable Duration failed,
        @Nullable Duration cancelled) {

    /** 30 days, and 90 for what failed. */
    public static final Retention DEFAULT =
            new Retention(Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(30));

    /** Nothing is ever deleted, unless somebody asks for it. */
    public static final Retention FOREVER = new Retention(null, null, null);

    public Retention {
        for (Duration each : new @Nullable Duration[] {succeeded, failed, cancelled}) {
            if (each != null && each.isNegative()) {
                throw new IllegalArgumentException("Runs cannot be kept for a negative time, found " + each);
            }
        }
    }

    /** By the numbers that stand for statuses. */
    Map<Integer, Duration> byStatus() {
        Map<Integer, Duration> all = new LinkedHashMap<>();
        put(all, ExecutionStatus.SUCCEEDED, succeeded);
        put(all, ExecutionStatus.FAILED, failed);
        put(all, ExecutionStatus.CANCELLED, cancelled);
        return all;
    }

    private static void put(Map<Integer, Duration> all, ExecutionStatus status, @Nullable Duration duration) {
        if (duration != null) {
            all.put(Commits.code(status), duration);
        }
    }
}
