package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Counts the items of a list that grows, so that it ends before memory does. Used by one thread. */
final class KeptItems {

    /** How many items go by between two looks at whether the run was cancelled. */
    private static final int CANCEL_CHECK = 1024;

    private final ExecutionContext context;
    private final String where;
    private final long maxBytes;
    private long bytes;
    private long count;
    private long passed;

    /** @param where the list is, as a failure says it */
    KeptItems(ExecutionContext context, String where) {
        this.context = context;
        this.where = where;
        this.maxBytes = context.limits().maxBytes();
    }

    /**
     * Counts one more.
     *
     * @throws NonRetriableException if all of them are more than a value may be
     * @throws CancellationException if the run is cancelled
     */
    void add(@Nullable Object item) {
        bytes += Json.encodedSize(item) + 1;
        if (bytes > maxBytes) {
            throw new NonRetriableException(
                    ExecutionError.KIND_EXPRESSION,
                    where + ": the list would be larger than the limit of " + maxBytes + " bytes as JSON; " + count
                            + " items fit. Filter before, keep fewer fields, or raise the limit of values",
                    null);
        }
        count++;
        passed();
    }

    /**
     * Notes that an item goes by.
     *
     * @throws CancellationException if the run is cancelled
     */
    void passed() {
        if (passed++ % CANCEL_CHECK == 0 && context.isCancelled()) {
            throw new CancellationException("The transform was cancelled");
        }
    }
}
