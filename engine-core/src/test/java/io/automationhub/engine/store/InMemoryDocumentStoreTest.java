package io.automationhub.engine.store;

import io.automationhub.engine.testkit.DocumentStoreContract;

class InMemoryDocumentStoreTest extends DocumentStoreContract {

    @Override
    protected DocumentStore store() {
        return new InMemoryDocumentStore();
    }
}
