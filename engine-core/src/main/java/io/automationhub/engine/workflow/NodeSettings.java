package io.automationhub.engine.workflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What stands in a node's {@code data} beside {@code config}. */
record NodeSettings(
        @Nullable String label,
        int typeVersion,
        boolean disabled,
        RetryPolicy retry,
        @Nullable Duration timeout,
        @Nullable OnError onError,
        Join join,
        boolean cancelRest,
        @Nullable String compensateWith,
        @Nullable String connection,
        OnCrash onCrash) {

    /** What a node without data has. */
    static final NodeSettings DEFAULT =
            new NodeSettings(null, 1, false, RetryPolicy.NONE, null, null, Join.ALL, false, null, null, OnCrash.REPEAT);
}
