package io.automationhub.connectors.http;

/** Whoever may want a call to end early; {@code ExecutionContext::onCancel} is one. */
@FunctionalInterface
public interface CancelSignal {

    /** Never. */
    CancelSignal NONE = action -> () -> {};

    /**
     * Has an action run when the call is to end.
     *
     * @return takes the action back
     */
    Runnable onCancel(Runnable action);
}
