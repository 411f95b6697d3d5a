package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who awaits the end of a stored run, in whichever process it ends: one that ends here says so, for the others the store is
 * asked from time to time. Safe for use by several threads.
 */
final class AwaitedEnds {

    private final EngineRuntime runtime;
    private final DurableStore store;
    private final Map<Key, CompletableFuture<ExecutionHistory>> awaited = new ConcurrentHashMap<>();

    private record Key(String tenant, String id) {}

    AwaitedEnds(EngineRuntime runtime, DurableStore store) {
        this.runtime = runtime;
        this.store = store;
    }

    /** Completes when the run has ended. */
    CompletableFuture<ExecutionHistory> await(String tenant, String id) {
        CompletableFuture<ExecutionHistory> end =
                awaited.computeIfAbsent(new Key(tenant, id), key -> new CompletableFuture<>());
        if (runtime.findLive(tenant, id) == null) {
            look(tenant, List.of(id));
        }
        return end;
    }

    /** A run has ended here. */
    void ended(Execution execution) {
        complete(new Key(execution.tenant(), execution.id()), execution);
    }

    /** Asks the store for those that are not here. */
    void look() {
        Map<String, List<String>> elsewhere = new HashMap<>();
        awaited.keySet().forEach(key -> {
            if (runtime.findLive(key.tenant(), key.id()) == null) {
                elsewhere
                        .computeIfAbsent(key.tenant(), tenant -> new ArrayList<>())
                        .add(key.id());
            }
        });
        elsewhere.forEach(this::look);
    }

    private void look(String tenant, List<String> ids) {
        for (String id : store.ended(tenant, ids)) {
            complete(new Key(tenant, id), new StoredHistory(store, tenant, id));
        }
    }

    private void complete(Key key, ExecutionHistory history) {
        CompletableFuture<ExecutionHistory> end = awaited.remove(key);
        if (end != null) {
            end.complete(history);
        }
    }

    /** Nobody here hears of an end any more. */
    void giveUp() {
        awaited.forEach((key, end) -> end.completeExceptionally(new EngineException("Execution '" + key.id()
                + "' has not ended, and this engine was closed; it is stored, and another process, or this one when it"
                + " is started again, goes on with it")));
        awaited.clear();
    }
}
