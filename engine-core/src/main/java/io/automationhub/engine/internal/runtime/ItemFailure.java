package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;

/** An item of a distributed group failed, and the group with it. */
final class ItemFailure extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    private final transient ExecutionError error;

    ItemFailure(ExecutionError error) {
        super(error.kind(), error.message(), null);
        this.error = error;
    }

    ExecutionError error() {
        return error;
    }
}
