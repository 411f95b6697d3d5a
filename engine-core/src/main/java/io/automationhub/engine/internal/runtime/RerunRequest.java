package io.automationhub.engine.internal.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of an ended run that is to be run again.
 *
 * @param from the node from which on it runs again; null for the whole, or for what did not succeed
 * @param onlyFailed whether what succeeded is copied
 * @param editsInput whether {@code input} takes the place of the run's input
 * @param outputs outputs of copied nodes, in place of theirs
 */
public record RerunRequest(
        String tenant,
        String execution,
        @Nullable String from,
        boolean onlyFailed,
        boolean editsInput,
        @Nullable Object input,
        Map<String, ?> outputs) {}
