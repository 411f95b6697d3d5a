package io.automationhub.engine.event;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run. A journal that keeps them in order can rebuild the run; a listener learns of them
 * after they are kept. {@code iteration} names the pass through the enclosing groups ({@code 3.0.12}); it is empty at
 * the top of a workflow.
 */
public sealed interface ExecutionFact {

    /**
     * The run began.
     *
     * @param trigger the id of the trigger it began at; null if the workflow has none
     * @param variables the variables as they were at the start
     * @param seed where the run's random numbers begin
     * @param key what its host calls it, so that it is started once; null for none
     * @param priority which of several that wait goes first: the one with the higher number
     * @param deadline when it must have ended; null for no bound
     * @param queued whether it waits until fewer runs of its workflow are unfinished
     * @param part the part of the workflow that it runs; null if it runs the whole
     * @param origin the run that it came from; null if somebody outside started it
     * @param tags what it is found by, sorted
     */
    record RunStarted(
            Instant at,
            @Nullable String trigger,
            @Nullable Object input,
            JsonObject variables,
            long seed,
            @Nullable String key,
            int priority,
            @Nullable Instant deadline,
            boolean queued,
            @Nullable GroupPart part,
            @Nullable RunOrigin origin,
            List<String> tags)
            implements ExecutionFact {}

    /**
     * An attempt of a node that may have effects, or that takes a thread, is about to begin. Inline pure nodes have no
     * such fact; their end tells when they began.
     *
     * @param attempt counted from 1
     * @param config the rendered configuration; the same for all attempts of a node run
     */
    record AttemptStarted(Instant at, String node, String iteration, int attempt, JsonObject config)
            implements ExecutionFact {}

    /** An attempt failed, and the next one begins at {@code retryAt}. */
    record AttemptFailed(Instant at, String node, String iteration, int attempt, ExecutionError error, Instant retryAt)
            implements ExecutionFact {}

    /**
     * An attempt ended by waiting.
     *
     * @param wakes what it waits for; the first that comes ends the wait
     */
    record NodeSuspended(Instant at, String node, String iteration, int attempt, JsonObject config, List<Wake> wakes)
            implements ExecutionFact {

        /** The first instant that wakes it; null if only something else does. */
        public @Nullable Instant wakeAt() {
            Instant first = null;
            for (Wake wake : wakes) {
                if (wake instanceof Wake.At at && (first == null || at.instant().isBefore(first))) {
                    first = at.instant();
                }
            }
            return first;
        }
    }

    /**
     * A wait ended.
     *
     * @param by what ended it
     */
    record NodeWoken(Instant at, String node, String iteration, Woken by) implements ExecutionFact {}

    /** A signal came for which nothing waited yet; it is kept. */
    record SignalKept(
            Instant at, String id, String name, @Nullable Object data) implements ExecutionFact {}

    /** The result of a {@code context.once} was stored. */
    record OnceStored(
            Instant at,
            String node,
            String iteration,
            String name,
            @Nullable Object value) implements ExecutionFact {}

    /** Somebody outside completed the name {@code name} before a node waited for it; the value is kept. */
    record CompletionKept(Instant at, String name, @Nullable Object value) implements ExecutionFact {}

    /**
     * A node run ended.
     *
     * @param startedAt when its first attempt began; null if none did (skipped, or cancelled before)
     * @param handles the handles whose edges were taken
     * @param output its output, null unless it succeeded
     * @param error why it failed or was cancelled; null if it succeeded or was skipped
     * @param variables the variables that it wrote
     * @param compensation how to undo it; null if it did not succeed, or nothing undoes it
     */
    record NodeEnded(
            Instant at,
            String node,
            String iteration,
            int attempt,
            NodeStatus status,
            @Nullable Instant startedAt,
            List<String> handles,
            @Nullable Object output,
            @Nullable ExecutionError error,
            JsonObject variables,
            @Nullable Compensation compensation)
            implements ExecutionFact {}

    /**
     * An iteration of a group ended, and with it all node runs in it.
     *
     * @param node the group
     * @param iteration the iteration that ended; its last number is that within the group
     * @param output what it came to; null unless it succeeded
     * @param error why it failed; null if it did not
     */
    record IterationEnded(
            Instant at,
            String node,
            String iteration,
            ExecutionStatus status,
            @Nullable Object output,
            @Nullable ExecutionError error)
            implements ExecutionFact {}

    /** A run that waited in the queue of its workflow may begin. */
    record RunAdmitted(Instant at) implements ExecutionFact {}

    /** Nothing new begins from here on. */
    record RunPaused(Instant at) implements ExecutionFact {}

    /** What may begin does so again. */
    record RunResumed(Instant at) implements ExecutionFact {}

    /**
     * The run began to end before its nodes had: it was cancelled, it ran out of time, or a {@code stop} node ended it.
     *
     * @param status what it will be when its last node has ended
     * @param stop the {@code stop} node that ended it; null if none did
     * @param error why it does not succeed
     * @param compensate whether a cancelled run undoes what it did
     */
    record RunEnding(
            Instant at,
            ExecutionStatus status,
            @Nullable String stop,
            @Nullable ExecutionError error,
            boolean compensate)
            implements ExecutionFact {}

    /**
     * All nodes of a run that does not succeed have ended, and the run begins to undo what it did. When that is over, it
     * ends in this way.
     */
    record CompensationStarted(
            Instant at,
            ExecutionStatus status,
            @Nullable Object output,
            @Nullable ExecutionError error) implements ExecutionFact {}

    /**
     * The run ended.
     *
     * @param compensation whether all that it did was undone; null if nothing had to be
     */
    record RunEnded(
            Instant at,
            ExecutionStatus status,
            @Nullable Object output,
            @Nullable ExecutionError error,
            Compensation.@Nullable Status compensation)
            implements ExecutionFact {

        /** The end of a run, which is the last of its facts; null if it has not ended with them. */
        public static @Nullable RunEnded of(List<ExecutionFact> facts) {
            return !facts.isEmpty() && facts.get(facts.size() - 1) instanceof RunEnded end ? end : null;
        }
    }

    /** When it happened, to the microsecond. */
    Instant at();
}
