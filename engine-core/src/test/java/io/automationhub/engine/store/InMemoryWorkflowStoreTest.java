package io.automationhub.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.testkit.WorkflowStoreContract;
import org.junit.jupiter.api.Test;

class InMemoryWorkflowStoreTest extends WorkflowStoreContract {

    @Override
    protected WorkflowStore store() {
        return new InMemoryWorkflowStore();
    }

    @Test
    void theOldestRunsGoFirst() {
        WorkflowStore store = new InMemoryWorkflowStore(2, 1000);
        for (int i = 1; i <= 100; i++) {
            store.ended(run("t", "r" + i, "w", i, 1));
        }
        assertThat(store.executions(ExecutionQuery.of("t")).items())
                .extracting(ExecutionRecord::id)
                .containsExactly("r100", "r99");
    }

    @Test
    void nodeRunsAreBoundedTooButTheNewestRunStays() {
        WorkflowStore store = new InMemoryWorkflowStore(100, 10);
        store.ended(run("t", "small", "w", 1, 4));
        store.ended(run("t", "middle", "w", 2, 5));
        store.ended(run("t", "large", "w", 3, 50));
        assertThat(store.executions(ExecutionQuery.of("t")).items())
                .extracting(ExecutionRecord::id)
                .containsExactly("large");
    }

    @Test
    void boundsBelowOneAreRefused() {
        assertThatThrownBy(() -> new InMemoryWorkflowStore(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
