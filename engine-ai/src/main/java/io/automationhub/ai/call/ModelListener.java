package io.automationhub.ai.call;

import io.automationhub.ai.model.ModelDelta;

/**
 * Hears of calls of models. It is called on the thread of the call and must be quick; what it throws is logged.
 */
public interface ModelListener {

    /** A request was answered, or failed. */
    default void attempted(Caller caller, ModelAttempt attempt) {}

    /** A piece of an answer came. Pieces of an attempt that fails later are followed by those of the next. */
    default void streamed(Caller caller, ModelDelta delta) {}

    /**
     * Whose call it is.
     *
     * @param workflow empty if there is none
     * @param execution the run; empty if there is none
     * @param node the node; empty if there is none
     */
    record Caller(String tenant, String workflow, String execution, String node) {}
}
