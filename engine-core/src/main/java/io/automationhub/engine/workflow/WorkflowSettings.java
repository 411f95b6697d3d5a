package io.automationhub.engine.workflow;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a whole workflow.
 *
 * @param timeout the most time a run may take; null for no bound
 * @param maxParallelism how many attempts of one run may take a thread at the same time
 * @param cancelGrace how long a cancelled attempt may go on before it is abandoned
 * @param limit how many runs of it that no other run called may be unfinished at the same time; 0 for no bound
 * @param limits bounds for attempts, by names that other workflows may share
 * @param priority which run goes first if several wait for a limit: the one with the higher number
 * @param errorWorkflow the id of the published workflow that runs when a run of this one failed; null for none
 * @param durability what a durable store keeps of a run while it goes on
 */
public record WorkflowSettings(
        @Nullable Duration timeout,
        int maxParallelism,
        Duration cancelGrace,
        int limit,
        Map<String, Limit> limits,
        int priority,
        @Nullable String errorWorkflow,
        Durability durability) {

    /** What a workflow without settings has: no time-out, 64 attempts, 30 seconds, no limits. */
    public static final WorkflowSettings DEFAULT =
            new WorkflowSettings(null, 64, Duration.ofSeconds(30), 0, Map.of(), 0, null, Durability.DURABLE);

    public WorkflowSettings {
        if (maxParallelism < 1) {
            throw new IllegalArgumentException("maxParallelism is at least 1, but was " + maxParallelism);
        }
        // In the order of the names, in which they are taken.
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
    }
}
