package io.automationhub.connectors.connection;

import io.automationhub.connectors.secret.SealedDocuments;
import java.util.Optional;

/**
 * What the authentication of one connection keeps for all processes, encrypted: tokens that a person agreed to. Safe for use by
 * several threads.
 */
public interface KeptCredentials {

    /** What is kept, and the version that it has; empty if there is nothing. */
    Optional<SealedDocuments.Opened> find();

    /**
     * Keeps something else, if the version is still the one that is expected.
     *
     * @param expected {@link io.automationhub.engine.store.DocumentStore#ABSENT} if nothing is to be there
     * @return whether it was
     */
    boolean put(long expected, String text);
}
