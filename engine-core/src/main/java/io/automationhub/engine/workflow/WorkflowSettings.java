package io.automationhub.engine.workflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a whole workflow.
 *
 * @param timeout the most time a run may take; null for no bound
 * @param maxParallelism how many attempts of one run may take a thread at the same time
 * @param cancelGrace how long a cancelled attempt may go on before it is abandoned
 */
public record WorkflowSettings(@Nullable Duration timeout, int maxParallelism, Duration cancelGrace) {

    /** What a workflow without settings has: no time-out, 64 attempts, 30 seconds. */
    public static final WorkflowSettings DEFAULT = new WorkflowSettings(null, 64, Duration.ofSeconds(30));

    public WorkflowSettings {
        if (maxParallelism < 1) {
            throw new IllegalArgumentException("maxParallelism is at least 1, but was " + maxParallelism);
        }
    }
}
