package io.automationhub.ai.model;

import java.util.function.Consumer;

/**
 * Asks models. It makes one request at a time and does nothing else: who calls it looks after retries, costs, budgets and limits.
 * Implementations are safe for use by several threads.
 */
public interface AgentProvider {

    /**
     * The protocol in which it speaks, such as {@code anthropic.messages}: messages that were written in it go back as they were.
     */
    String protocol();

    /**
     * Sends a request and waits for the whole answer. The thread may be interrupted meanwhile.
     *
     * @throws io.automationhub.engine.error.RetriableException if another attempt may help, with the wait that the provider asked
     *     for, if it did: kinds {@code rate-limit}, {@code unavailable}, {@code network}, {@code timeout}
     * @throws io.automationhub.engine.error.NonRetriableException if none will: kinds {@code quota}, {@code auth}, {@code
     *     model-request}, {@code content} and those of the door
     * @throws java.util.concurrent.CancellationException if the request was cancelled
     */
    ModelAnswer call(ModelRequest request, ProviderCall call);

    /**
     * Sends a request and tells what comes while it comes. Fails as {@link #call} does; when the stream ends early, the details of
     * the failure have the usage so far under {@code usage}, as a guess.
     *
     * @param listener hears each piece on the calling thread; what it throws ends the request
     * @return the whole answer
     */
    ModelAnswer stream(ModelRequest request, ProviderCall call, Consumer<ModelDelta> listener);
}
