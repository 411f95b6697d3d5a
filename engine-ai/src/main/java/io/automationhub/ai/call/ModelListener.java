package io.automationhub.ai.call;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import org.jspecify.annotations.Nullable;

/**
 * Hears of calls of models, and of the tools that they have called. It is called on the thread of the call and must be quick; what it throws is logged.
 */
public interface ModelListener {

    /**
     * A request is about to be made; {@link #attempted} follows on the same thread.
     *
     * @param provider its name
     * @param request as the guardrails let it pass
     */
    default void asked(Caller caller, String provider, ModelRequest request) {}

    /**
     * A request was answered, or failed, or an answer was taken that was given before.
     *
     * @param answer before the guardrails look at it; null if it failed
     */
    default void attempted(Caller caller, ModelAttempt attempt, @Nullable ModelAnswer answer) {}

    /** A piece of an answer came. Pieces of an attempt that fails later are followed by those of the next. */
    default void streamed(Caller caller, ModelDelta delta) {}

    /** An agent calls a tool. Of a call that waited, or was interrupted by a crash, this is said once more. */
    default void toolCalled(Caller caller, Part.ToolCall call) {}

    /**
     * A tool gave a result.
     *
     * @param status {@code ended}, {@code failed} or {@code refused}
     * @param text as the model is told
     */
    default void toolReturned(Caller caller, Part.ToolCall call, String status, String text) {}

    /**
     * Whose call it is.
     *
     * @param workflow empty if there is none
     * @param execution the run; empty if there is none
     * @param node the node; empty if there is none
     */
    record Caller(String tenant, String workflow, String execution, String node) {}
}
