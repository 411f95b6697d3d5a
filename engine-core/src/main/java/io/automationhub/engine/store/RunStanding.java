package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is that a store keeps.
 *
 * @param owner what the process is called that has it, and its number; null if none has
 * @param due when a process may take it; null if one has it, or if it waits for something else than time
 * @param crashes how many processes died that had it
 * @param problem why it was put aside, so that no process takes it; null if it was not
 */
public record RunStanding(
        ExecutionStatus status,
        @Nullable String owner,
        @Nullable Instant due,
        int crashes,
        @Nullable String problem) {}
