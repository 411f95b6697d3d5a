package io.automationhub.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An ended run that is to be run again, as a new run. Node runs that ended, were not undone and do not depend on what runs
 * again are copied: their outputs count, and they are not run. Immutable: each method returns a new one.
 *
 * @param execution the id of the run
 * @param from the node from which on it runs again; null for the whole, or for what did not succeed
 * @param onlyFailed whether everything that succeeded is copied
 * @param editsInput whether {@code input} takes the place of the run's input
 * @param outputs outputs of copied nodes, in place of theirs
 */
public record RerunRequest(
        String execution,
        @Nullable String from,
        boolean onlyFailed,
        boolean editsInput,
        @Nullable Object input,
        Map<String, @Nullable Object> outputs) {

    public RerunRequest {
        outputs = Collections.unmodifiableMap(new HashMap<>(outputs));
    }

    /** The whole run once more. */
    public static RerunRequest all(String execution) {
        return new RerunRequest(execution, null, false, false, null, Map.of());
    }

    /** The run from a node on, which stands in no group. */
    public static RerunRequest from(String execution, String node) {
        return new RerunRequest(execution, node, false, false, null, Map.of());
    }

    /** What of the run did not succeed, and what depends on it. */
    public static RerunRequest failed(String execution) {
        return new RerunRequest(execution, null, true, false, null, Map.of());
    }

    /** With this input in place of the run's. Copied nodes are not run with it. */
    public RerunRequest input(@Nullable Object value) {
        return new RerunRequest(execution, from, onlyFailed, true, value, outputs);
    }

    /** With this output of a copied node in place of its own. */
    public RerunRequest output(String node, @Nullable Object value) {
        Map<String, @Nullable Object> more = new HashMap<>(outputs);
        more.put(node, value);
        return new RerunRequest(execution, from, onlyFailed, editsInput, input, more);
    }
}
