package io.automationhub.engine.schedule;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Workflows after whose runs another one runs.
 *
 * @param workflows their ids
 * @param all whether a run of each of them must have ended since the last firing; else one is enough
 * @param onlySuccess whether only runs that succeeded count; else all that ended
 * @param within how long a run counts after its end; null for ever
 */
public record Upstream(
        List<String> workflows,
        boolean all,
        boolean onlySuccess,
        @Nullable Duration within) {

    /** The most workflows. */
    public static final int MOST = 100;

    public Upstream {
        workflows = List.copyOf(workflows);
        if (workflows.isEmpty() || workflows.size() > MOST) {
            throw new IllegalArgumentException("a workflow runs after 1 to " + MOST + " others, found "
                    + workflows.size() + "; write such as {\"workflows\": [\"import\", \"check\"], \"need\": \"all\"}");
        }
        if (workflows.stream().distinct().count() < workflows.size()) {
            throw new IllegalArgumentException("each workflow is named once, found " + workflows);
        }
        if (within != null && (within.isZero() || within.isNegative())) {
            throw new IllegalArgumentException("how long a run counts after its end is above zero, found " + within);
        }
    }
}
