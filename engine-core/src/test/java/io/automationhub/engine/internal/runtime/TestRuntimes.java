package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.nodes.BuiltInNodes;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.store.InMemoryBlobStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.value.JsonLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Runtimes with a journal of the test's own, which an engine does not let anybody set. */
final class TestRuntimes {

    private static final int MAX_EXECUTIONS = 10;

    private TestRuntimes() {}

    /** A runtime with the built-in nodes and those that {@code more} registers. */
    static EngineRuntime with(ManualClock clock, Journal journal, Consumer<NodeExecutorRegistry.Builder> more) {
        return with(clock, journal, new InMemoryWorkflowStore(), new Definitions(new InMemoryDocumentStore()), more);
    }

    /** The same, with what outlives it. */
    static EngineRuntime with(
            ManualClock clock,
            Journal journal,
            WorkflowStore store,
            Definitions definitions,
            Consumer<NodeExecutorRegistry.Builder> more) {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        more.accept(registry);
        return new EngineRuntime(new EngineRuntime.Settings(
                registry.build(),
                StandardFunctions.library(),
                clock,
                journal,
                store,
                definitions,
                new InMemoryBlobStore(),
                Long.MAX_VALUE,
                List.of(),
                OutputFilter.NONE,
                JsonLimits.DEFAULT,
                new ApprovalTokens(new byte[ApprovalTokens.MIN_SECRET_BYTES]),
                Duration.ofDays(1),
                MAX_EXECUTIONS,
                Duration.ZERO,
                Duration.ZERO,
                Sharing.DEFAULT));
    }
}
