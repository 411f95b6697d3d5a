package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;

/** Lets the test kit rebuild runs from their facts, as a process does that takes over from one that died. */
public final class JournalFolding {

    private JournalFolding() {}

    /**
     * Takes a run over, and lets it go on.
     *
     * @param facts all facts of the run that are durable, in order; the last is not its end
     */
    public static void recover(
            EngineRuntime runtime, Workflow workflow, String tenant, String id, List<ExecutionFact> facts) {
        Recovery.recover(runtime, workflow, tenant, id, facts);
    }
}
