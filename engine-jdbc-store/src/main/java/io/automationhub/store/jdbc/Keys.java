package io.automationhub.store.jdbc;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;

/** What the names of things must be to stand in columns. */
final class Keys {

    private Keys() {}

    /** Refuses a name that cannot be kept. */
    static void check(String what, String key) {
        try {
            DocumentStore.check(what, key);
        } catch (IllegalArgumentException e) {
            throw new NonRetriableException("config", String.valueOf(e.getMessage()), e);
        }
    }
}
