package io.automationhub.engine.event;

import org.jspecify.annotations.Nullable;

/**
 * The run that a run came from.
 *
 * @param execution the id of that run
 * @param node the node there that began it; null if no node did
 * @param iteration the pass through the groups around that node; empty if there are none
 * @param depth how many runs are above it: 1 for one that a run called which nobody called
 */
public record RunOrigin(
        Kind kind, String execution, @Nullable String node, String iteration, int depth) {

    /** The most runs that may be above a run. */
    public static final int MAX_DEPTH = 32;

    /** Why a run came from another one. */
    public enum Kind {
        /** A node of that run waits for it. */
        CALL,
        /** That run failed, and its workflow names this one for it. */
        ERROR,
        /** That run is run again, whole or from some node on. */
        RERUN
    }
}
