package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the workflow that another one names for its failures. What becomes of that run changes nothing for the one that
 * failed, and its own failure starts nothing more.
 */
final class ErrorRuns {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorRuns.class);

    private final EngineRuntime runtime;

    ErrorRuns(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    /** A run has ended. */
    void ended(Execution execution) {
        Workflow failed = execution.workflow();
        String errorWorkflow = failed.settings().errorWorkflow();
        if (errorWorkflow == null
                || execution.status() != ExecutionStatus.FAILED
                || !execution.start().isRoot()) {
            return;
        }
        try {
            WorkflowVersion version = runtime.definitions().callable(execution.tenant(), errorWorkflow, null);
            RunOrigin origin = new RunOrigin(RunOrigin.Kind.ERROR, execution.id(), null, "", 1);
            StartRequest request =
                    StartRequest.of(version.workflow(), execution.tenant(), input(execution), null, Map.of());
            runtime.begin(request, "error-" + execution.id(), origin);
        } catch (RuntimeException e) {
            LOG.error(
                    "The execution '{}' of workflow '{}' failed, and its errorWorkflow '{}' cannot run",
                    execution.id(),
                    failed.id(),
                    errorWorkflow,
                    e);
        }
    }

    private static JsonObject input(Execution execution) {
        Execution.Ending end = execution.result();
        return JsonObject.builder()
                .put("execution", execution.id())
                .put("workflow", execution.compiled().description())
                .put(
                        "error",
                        end == null || end.error() == null ? null : end.error().toJson())
                .put("input", execution.input())
                .put("startedAt", Facts.instant(execution.startMicros()).toString())
                .build();
    }
}
