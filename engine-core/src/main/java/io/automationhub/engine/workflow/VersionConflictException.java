package io.automationhub.engine.workflow;

import io.automationhub.engine.error.EngineException;

/** Another workflow is published under that version already. Published versions never change. */
public final class VersionConflictException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final transient WorkflowDiff diff;

    /** @param diff in what the refused workflow differs from the published one */
    public VersionConflictException(String workflow, int version, WorkflowDiff diff) {
        super("Cannot publish workflow '" + workflow + "' as version " + version
                + ": another one is published under it, and versions never change; publish it as a new version."
                + " It differs in:\n  " + diff);
        this.diff = diff;
    }

    /** In what the refused workflow differs from the published one. */
    public WorkflowDiff diff() {
        return diff;
    }
}
