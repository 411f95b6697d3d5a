package io.automationhub.engine.security;

import org.jspecify.annotations.Nullable;

/**
 * Sees the output of every node before it is kept, shown or passed on, and may replace it: to mask what should not be
 * stored, or to refuse it. Called on the run's thread; must be quick and safe for use by several threads.
 */
@FunctionalInterface
public interface OutputFilter {

    /** Changes nothing. */
    OutputFilter NONE = (source, output) -> output;

    /** Whose output it is. */
    record Source(String tenant, String workflow, String executionId, String node, String type) {}

    /**
     * The output to keep: {@code output} itself, or another value.
     *
     * @throws RuntimeException to make the node fail instead; the message becomes the node's error
     */
    @Nullable
    Object filter(Source source, @Nullable Object output);
}
