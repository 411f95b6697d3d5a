package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list, newest first.
 *
 * @param workflow only runs of this workflow; null for all
 * @param status only runs of this status; null for all
 * @param after the cursor of the page before; null for the first page
 * @param limit the most runs of a page, 1 to 1000
 */
public record ExecutionQuery(
        String tenant,
        @Nullable String workflow,
        @Nullable ExecutionStatus status,
        @Nullable String after,
        int limit) {

    /** The most runs that one page may have. */
    public static final int MOST = 1000;

    public ExecutionQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException(
                    "A page has 1 to " + MOST + " entries, but " + limit + " were asked for");
        }
    }

    /** The newest 100 runs of a tenant. */
    public static ExecutionQuery of(String tenant) {
        return new ExecutionQuery(tenant, null, null, null, 100);
    }

    /** Only runs of this workflow. */
    public ExecutionQuery workflow(String id) {
        return new ExecutionQuery(tenant, id, status, after, limit);
    }

    /** Only runs of this status. */
    public ExecutionQuery status(ExecutionStatus wanted) {
        return new ExecutionQuery(tenant, workflow, wanted, after, limit);
    }

    /** The page after this cursor. */
    public ExecutionQuery after(@Nullable String cursor) {
        return new ExecutionQuery(tenant, workflow, status, cursor, limit);
    }

    /** At most so many runs. */
    public ExecutionQuery limit(int most) {
        return new ExecutionQuery(tenant, workflow, status, after, most);
    }

    /** Whether a run is one of those that are wanted, wherever the page begins. */
    public boolean matches(ExecutionRecord run) {
        return run.tenant().equals(tenant)
                && (workflow == null || run.workflow().equals(workflow))
                && (status == null || run.status() == status);
    }
}
