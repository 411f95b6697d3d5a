package io.automationhub.engine.error;

/** A run ended as failed or cancelled, and the caller asked for its output. */
public final class ExecutionFailedException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String executionId;
    private final transient ExecutionError error;

    /** @param error why the run did not succeed */
    public ExecutionFailedException(String executionId, ExecutionError error) {
        super("Execution '" + executionId + "' did not succeed (" + error.kind() + "): " + error.message());
        this.executionId = executionId;
        this.error = error;
    }

    /** The run. */
    public String executionId() {
        return executionId;
    }

    /** Why it did not succeed. */
    public ExecutionError error() {
        return error;
    }
}
