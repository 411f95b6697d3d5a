package io.automationhub.engine.event;

import io.automationhub.engine.error.ExecutionError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ended a wait. */
public sealed interface Woken {

    /** The instant has come. */
    record ByTime() implements Woken {}

    /** Somebody outside completed {@code name} with {@code value}. */
    record ByCompletion(String name, @Nullable Object value) implements Woken {}

    /**
     * A signal came.
     *
     * @param id what tells the signal from others
     */
    record BySignal(String name, String id, @Nullable Object data) implements Woken {}

    /**
     * The run that the node began has ended.
     *
     * @param output what it came to; null unless it succeeded
     * @param error why it did not succeed; null if it did
     */
    record ByChild(
            String execution,
            ExecutionStatus status,
            @Nullable Object output,
            @Nullable ExecutionError error) implements Woken {}

    /**
     * Iterations of a distributed group have ended.
     *
     * @param ended those that have, in their order
     */
    record ByIterations(String name, List<EndedIteration> ended) implements Woken {

        public ByIterations {
            ended = List.copyOf(ended);
        }
    }

    /** An iteration of a distributed group that has ended: the position of its item, and what became of its run. */
    record EndedIteration(int index, ByChild run) {}
}
