package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list, newest first. All that is said must hold.
 *
 * @param workflow only runs of this workflow; null for all
 * @param version only runs of the workflow with this hash, see {@link ExecutionRecord#version}; null for all
 * @param status only runs of this status; null for all
 * @param tag only runs with this tag; null for all
 * @param from only runs that began then or later; null for all
 * @param until only runs that began before; null for all
 * @param endedFrom only runs that ended then or later; null for all
 * @param after the cursor of the page before; null for the first page
 * @param limit the most runs of a page, 1 to 1000
 */
public record ExecutionQuery(
        String tenant,
        @Nullable String workflow,
        @Nullable String version,
        @Nullable ExecutionStatus status,
        @Nullable String tag,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Instant endedFrom,
        @Nullable String after,
        int limit) {

    /** The most runs that one page may have. */
    public static final int MOST = 1000;

    public ExecutionQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException(
                    "A page has 1 to " + MOST + " entries, but " + limit + " were asked for");
        }
        if (version != null && workflow == null) {
            throw new IllegalArgumentException("A version is one of a workflow: name the workflow, too");
        }
    }

    /** The newest 100 runs of a tenant. */
    public static ExecutionQuery of(String tenant) {
        return new ExecutionQuery(tenant, null, null, null, null, null, null, null, null, 100);
    }

    /** Only runs of this tenant. */
    public ExecutionQuery tenant(String other) {
        return new ExecutionQuery(other, workflow, version, status, tag, from, until, endedFrom, after, limit);
    }

    /** Only runs of this workflow. */
    public ExecutionQuery workflow(String id) {
        return new ExecutionQuery(tenant, id, version, status, tag, from, until, endedFrom, after, limit);
    }

    /** Only runs of this workflow with this hash, see {@link ExecutionRecord#version}. */
    public ExecutionQuery workflow(String id, String hash) {
        return new ExecutionQuery(tenant, id, hash, status, tag, from, until, endedFrom, after, limit);
    }

    /** Only runs of this status. */
    public ExecutionQuery status(ExecutionStatus wanted) {
        return new ExecutionQuery(tenant, workflow, version, wanted, tag, from, until, endedFrom, after, limit);
    }

    /** Only runs with this tag. */
    public ExecutionQuery tag(String wanted) {
        return new ExecutionQuery(tenant, workflow, version, status, wanted, from, until, endedFrom, after, limit);
    }

    /** Only runs that began in this time: from the first instant on, before the last one; null for no bound. */
    public ExecutionQuery began(@Nullable Instant first, @Nullable Instant last) {
        return new ExecutionQuery(tenant, workflow, version, status, tag, first, last, endedFrom, after, limit);
    }

    /** Only runs that have ended, then or later. */
    public ExecutionQuery ended(Instant first) {
        return new ExecutionQuery(tenant, workflow, version, status, tag, from, until, first, after, limit);
    }

    /** The page after this cursor. */
    public ExecutionQuery after(@Nullable String cursor) {
        return new ExecutionQuery(tenant, workflow, version, status, tag, from, until, endedFrom, cursor, limit);
    }

    /** At most so many runs. */
    public ExecutionQuery limit(int most) {
        return new ExecutionQuery(tenant, workflow, version, status, tag, from, until, endedFrom, after, most);
    }

    /** Whether a run is one of those that are wanted, wherever the page begins. */
    public boolean matches(ExecutionRecord run) {
        return run.tenant().equals(tenant)
                && (workflow == null || run.workflow().equals(workflow))
                && (version == null || run.version().equals(version))
                && (status == null || run.status() == status)
                && (tag == null || run.tags().contains(tag))
                && (from == null || !run.startedAt().isBefore(from))
                && (until == null || run.startedAt().isBefore(until))
                && (endedFrom == null || run.endedAt() != null && !run.endedAt().isBefore(endedFrom));
    }
}
