package io.automationhub.engine.error;

/** The engine has as many unfinished runs as it may have, and none ended while the caller waited. Nothing was started. */
public final class EngineOverloadedException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final int limit;

    /** @param limit the most unfinished runs that the engine holds */
    public EngineOverloadedException(String message, int limit) {
        super(message);
        this.limit = limit;
    }

    /** The most unfinished runs that the engine holds. */
    public int limit() {
        return limit;
    }
}
