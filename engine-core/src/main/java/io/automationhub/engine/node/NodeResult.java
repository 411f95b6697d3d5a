package io.automationhub.engine.node;

import io.automationhub.engine.event.Wake;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an attempt gives back. */
public sealed interface NodeResult {

    /**
     * The node has done its work.
     *
     * @param output anything with a JSON form
     * @param handles the handles by which it goes on, one or more
     * @param variables the workflow variables that it sets
     */
    record Completed(@Nullable Object output, List<String> handles, JsonObject variables) implements NodeResult {

        /** This result, which also sets variables. */
        public Completed settingVariables(Map<String, ?> values) {
            JsonObject.Builder all = variables.toBuilder();
            values.forEach(all::put);
            return new Completed(output, handles, all.build());
        }
    }

    /**
     * The work goes on elsewhere, and no thread waits for it. The stage yields a {@code NodeResult}, or the output.
     * Cancelling the attempt cancels the stage.
     */
    record Asynchronous(CompletionStage<?> stage) implements NodeResult {

        public Asynchronous {
            Objects.requireNonNull(
                    stage, "asynchronous(…) needs a stage; return completed(…) for a result that is there");
        }
    }

    /** The node waits; the first wake that comes resumes it, the others are withdrawn. No thread waits. */
    record Suspended(List<Wake> wakes) implements NodeResult {

        public Suspended {
            if (wakes.isEmpty()) {
                throw new IllegalArgumentException(
                        "A node that waits names at least one wake, or it would wait for ever");
            }
            wakes = List.copyOf(wakes);
        }
    }

    /**
     * The node ends the whole run.
     *
     * @param failure why the run is to fail; null if it is to succeed
     */
    record Stopped(@Nullable Object output, @Nullable String failure) implements NodeResult {}

    /** Goes on by {@code out}. */
    static Completed completed(@Nullable Object output) {
        return new Completed(output, Handles.OUT, JsonObject.EMPTY);
    }

    /** Goes on by one or more handles. */
    static Completed completed(@Nullable Object output, String... handles) {
        return new Completed(output, List.of(handles), JsonObject.EMPTY);
    }

    /** Goes on by none, one or more handles. */
    static Completed completed(@Nullable Object output, List<String> handles) {
        return new Completed(output, List.copyOf(handles), JsonObject.EMPTY);
    }

    /** The work goes on elsewhere. */
    static NodeResult asynchronous(CompletionStage<?> stage) {
        return new Asynchronous(stage);
    }

    /** Waits for the first of these. */
    static NodeResult suspended(Wake first, Wake... others) {
        return new Suspended(
                java.util.stream.Stream.concat(java.util.stream.Stream.of(first), java.util.Arrays.stream(others))
                        .toList());
    }

    /** Ends the run as succeeded. */
    static NodeResult stop(@Nullable Object output) {
        return new Stopped(output, null);
    }

    /** Ends the run as failed. */
    static NodeResult stopFailed(@Nullable Object output, String message) {
        return new Stopped(output, message);
    }
}
