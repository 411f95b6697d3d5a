package io.automationhub.engine.workflow;

import java.time.Instant;

/**
 * A workflow as it was published under a number. It never changes, but it can be retired: then nothing new calls it.
 *
 * @param number counted from 1
 * @param hash the {@link Workflow#hash} of what it does
 * @param retired whether nothing new may begin with it; runs that go on are not touched
 */
public record WorkflowVersion(Workflow workflow, int number, String hash, Instant publishedAt, boolean retired) {

    /** The workflow's id. */
    public String id() {
        return workflow.id();
    }
}
