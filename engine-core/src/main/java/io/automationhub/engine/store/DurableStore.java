package io.automationhub.engine.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A store that keeps runs while they go on, so that they survive their process, and that several processes may share. An
 * engine with such a store makes every turn of a run durable before anything follows from it, and takes over what
 * processes that died have left. {@link #ended} is never called: a commit says that a run has ended.
 */
public interface DurableStore extends WorkflowStore {

    /**
     * A process begins to work with the store.
     *
     * @param name what people call the process, such as its host's name; need not be unique
     * @param now the time of the engine, in microseconds since 1970
     * @throws io.automationhub.engine.error.EngineException if the store cannot be reached, or is not in order
     */
    StoreMember join(String name, LongSupplier now);

    /** Collections of documents in the same store. */
    DocumentStore documents();

    /** Where a run is; empty if it is unknown. */
    Optional<RunStanding> standing(String tenant, String executionId);

    /** Those of some runs that have ended; what is unknown has not. */
    Set<String> ended(String tenant, Collection<String> executionIds);

    /** What the runs of a tenant ask of people, the oldest first. */
    List<OpenWait.Request> requests(String tenant);
}
