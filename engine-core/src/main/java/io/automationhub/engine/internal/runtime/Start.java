package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run begins with.
 *
 * @param idPrefix the id's part that tells the process
 * @param sequence the id's part that tells the run; negative if the prefix is the whole id
 * @param trigger the slot it begins at; -1 for all roots
 * @param variables the values of the variables at its start, in the order of their positions
 * @param seed where the run's random numbers begin
 * @param key what its host calls it, so that it is started once; null for none
 * @param priority which of several that wait goes first: the one with the higher number
 * @param deadline when it must have ended; null for no bound
 * @param part the part of the workflow that it runs; null if it runs the whole
 * @param copied what another run has done for this one already; null if nothing
 * @param origin the run that it came from; null if somebody outside started it
 * @param tags what it is found by, sorted
 */
@SuppressWarnings("ArrayRecordComponent") // Read by position on the hot path; nobody compares or prints it.
record Start(
        CompiledWorkflow compiled,
        String tenant,
        String idPrefix,
        long sequence,
        int trigger,
        @Nullable Object input,
        @Nullable Object[] variables,
        long seed,
        @Nullable String key,
        int priority,
        @Nullable Instant deadline,
        @Nullable GroupPart part,
        @Nullable CopiedNodes copied,
        @Nullable RunOrigin origin,
        List<String> tags) {

    private static final int DIGITS = 6;

    /** Whether the host asked for it, and not another run that waits for it or failed. */
    boolean isRoot() {
        return origin == null || origin.kind() == RunOrigin.Kind.RERUN;
    }

    /** The values of the variables at its start, by their names. */
    JsonObject namedVariables() {
        JsonObject.Builder named = JsonObject.builder();
        for (int i = 0; i < variables.length; i++) {
            named.put(compiled.top().variableNames().get(i), variables[i]);
        }
        return named.build();
    }

    /** Ids of a process stand in the order of their starts, so that the index of a store grows at one end. */
    String id() {
        if (sequence < 0) {
            return idPrefix;
        }
        String number = Long.toString(sequence, Character.MAX_RADIX);
        return idPrefix + "0".repeat(Math.max(0, DIGITS - number.length())) + number;
    }
}
