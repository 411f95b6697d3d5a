package io.automationhub.engine.store;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run, as it was when the record was made.
 *
 * @param version the hash of the workflow that it runs
 * @param trigger the trigger it began at; null if the workflow has none
 * @param output its output; null while it runs
 * @param error why it did not succeed; null otherwise
 * @param variables the workflow variables, as they were
 * @param startVariables the workflow variables at its start
 * @param endedAt null while it runs
 * @param compensation whether all that it did was undone; null if nothing had to be, or it is not over
 * @param origin the run that it came from; null if somebody outside started it
 * @param tags what it is found by, sorted
 */
public record ExecutionRecord(
        String tenant,
        String id,
        String workflow,
        String version,
        ExecutionStatus status,
        @Nullable String trigger,
        @Nullable Object input,
        @Nullable Object output,
        @Nullable ExecutionError error,
        JsonObject variables,
        JsonObject startVariables,
        Instant startedAt,
        @Nullable Instant endedAt,
        Compensation.@Nullable Status compensation,
        @Nullable RunOrigin origin,
        List<String> tags) {}
