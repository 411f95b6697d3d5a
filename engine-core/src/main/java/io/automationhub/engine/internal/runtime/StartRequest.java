package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of a run to be started.
 *
 * @param trigger the id of the trigger to begin at; null to let the workflow decide
 * @param variables values of variables, in place of their defaults
 * @param key what its host calls it, so that it is started once; null for none
 * @param priority in place of the workflow's; null for that
 * @param deadline when it must have ended; null for no bound
 * @param tags what it is found by, sorted
 */
public record StartRequest(
        Workflow workflow,
        String tenant,
        @Nullable Object input,
        @Nullable String trigger,
        Map<String, ?> variables,
        @Nullable String key,
        @Nullable Integer priority,
        @Nullable Instant deadline,
        List<String> tags) {

    /** A run of which nothing else is said. */
    static StartRequest of(
            Workflow workflow,
            String tenant,
            @Nullable Object input,
            @Nullable String trigger,
            Map<String, ?> variables,
            List<String> tags) {
        return new StartRequest(workflow, tenant, input, trigger, variables, null, null, null, tags);
    }
}
