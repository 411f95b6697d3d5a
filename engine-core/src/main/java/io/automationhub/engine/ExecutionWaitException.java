package io.automationhub.engine;

import io.automationhub.engine.error.EngineException;

/** Somebody waited for a run and gave up. The run goes on; {@link #handle} gives access to it. */
public final class ExecutionWaitException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final transient ExecutionHandle handle;

    ExecutionWaitException(String message, ExecutionHandle handle) {
        super(message);
        this.handle = handle;
    }

    /** The run that goes on. */
    public ExecutionHandle handle() {
        return handle;
    }
}
