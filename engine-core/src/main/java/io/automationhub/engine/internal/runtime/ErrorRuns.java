package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    /** A run has ended that is in no store. */
    void ended(Execution execution) {
        Execution.Ending end = execution.result();
        if (end != null && execution.stored() == null) {
            prepared(execution, end.status(), end.error())
                    .ifPresent(run -> runtime.starts().beginPrepared(run));
        }
    }

    /** The beginning of the error run, to be stored together with the end of the run that failed. */
    Optional<RunCommit> beginning(Execution execution, List<ExecutionFact> facts) {
        ExecutionFact.RunEnded end = ExecutionFact.RunEnded.of(facts);
        return end == null
                ? Optional.empty()
                : prepared(execution, end.status(), end.error())
                        .map(run -> run.storedOrThrow().beginning(run, end.at()));
    }

    private Optional<Execution> prepared(Execution execution, ExecutionStatus status, @Nullable ExecutionError error) {
        Workflow failed = execution.workflow();
        String errorWorkflow = failed.settings().errorWorkflow();
        if (errorWorkflow == null
                || status != ExecutionStatus.FAILED
                || !execution.start().isRoot()) {
            return Optional.empty();
        }
        try {
            WorkflowVersion version = runtime.definitions().callable(execution.tenant(), errorWorkflow, null);
            RunOrigin origin = new RunOrigin(RunOrigin.Kind.ERROR, execution.id(), null, "", 1);
            StartRequest request = StartRequest.of(
                    version.workflow(),
                    execution.tenant(),
                    input(execution, error),
                    null,
                    Map.of(),
                    execution.start().tags());
            return Optional.of(runtime.starts().prepare(request, "error-" + execution.id(), origin));
        } catch (RuntimeException e) {
            LOG.error(
                    "The execution '{}' of workflow '{}' failed, and its errorWorkflow '{}' cannot run",
                    execution.id(),
                    failed.id(),
                    errorWorkflow,
                    e);
            return Optional.empty();
        }
    }

    private static JsonObject input(Execution execution, @Nullable ExecutionError error) {
        return JsonObject.builder()
                .put("execution", execution.id())
                .put("workflow", execution.compiled().description())
                .put("error", error == null ? null : error.toJson())
                .put("input", execution.input())
                .put("startedAt", Facts.instant(execution.startMicros()).toString())
                .build();
    }
}
