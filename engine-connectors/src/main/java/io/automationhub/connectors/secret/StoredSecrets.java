package io.automationhub.connectors.secret;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import java.util.List;
import java.util.Optional;

/**
 * Secrets in a document store, {@linkplain SealedDocuments encrypted}.
 *
 * <p>To change the key while processes run: give all of them the new key behind the old one, then all of them the new key
 * before the old one, call {@link #rotate} for each tenant, and take the old key away when nothing is left under it.
 */
public final class StoredSecrets implements SecretStore {

    /** The collection in which they are. */
    public static final String COLLECTION = "secrets";

    private static final int TRIES = 20;

    private final SealedDocuments sealed;

    /** Secrets in this store under these keys. */
    public StoredSecrets(DocumentStore documents, SecretKeys keys) {
        sealed = new SealedDocuments(documents, keys, COLLECTION, "secret");
    }

    /**
     * A secret; empty if there is none of that name.
     *
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if its key is not here, or it was altered
     */
    @Override
    public Optional<Secret> find(String tenant, String name) {
        return sealed.find(tenant, name).map(opened -> Secret.of(opened.text()));
    }

    /**
     * Keeps a secret, in the place of the one of the same name.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public void put(String tenant, String name, String value) {
        for (int i = 0; i < TRIES; i++) {
            if (sealed.put(tenant, name, sealed.version(tenant, name), value)) {
                return;
            }
        }
        throw new EngineException("Cannot keep the secret '" + name + "': others change it all the time; try again");
    }

    /** Forgets a secret. True if it was there. */
    public boolean delete(String tenant, String name) {
        for (int i = 0; i < TRIES; i++) {
            long version = sealed.version(tenant, name);
            if (version == DocumentStore.ABSENT) {
                return false;
            }
            if (sealed.delete(tenant, name, version)) {
                return true;
            }
        }
        throw new EngineException("Cannot delete the secret '" + name + "': others change it all the time; try again");
    }

    /** The names of a tenant's secrets, in the order of the store. */
    public List<String> names(String tenant) {
        return sealed.names(tenant);
    }

    /**
     * Encrypts under the current key what is under another. Secrets can be read and changed meanwhile.
     *
     * @return how many it encrypted anew
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if the key of one is not here, or it was altered
     */
    public int rotate(String tenant) {
        return sealed.rotate(tenant);
    }
}
