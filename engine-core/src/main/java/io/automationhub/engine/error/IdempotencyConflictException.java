package io.automationhub.engine.error;

/** A run is to be started under a key under which another one was started, with another input. Nothing was started. */
public final class IdempotencyConflictException extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    private final String executionId;

    /** @param executionId the run that has the key */
    public IdempotencyConflictException(String workflow, String key, String executionId) {
        super(
                ExecutionError.KIND_CONFIG,
                "Cannot start workflow '" + workflow + "' with the key '" + key
                        + "': IDEMPOTENCY_CONFLICT, the execution '"
                        + executionId + "' was started with it and another workflow, input, trigger or variables; use a"
                        + " key of its own for each thing that is to be done",
                null);
        this.executionId = executionId;
    }

    /** The run that was started with the key. */
    public String executionId() {
        return executionId;
    }
}
