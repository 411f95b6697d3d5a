package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.nodes.BuiltInNodes;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.InMemoryBlobStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.value.JsonLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runtimes with a journal of the test's own, which an engine does not let anybody set. */
final class TestRuntimes {

    private static final int MAX_EXECUTIONS = 10;

    private TestRuntimes() {}

    /** A runtime with the built-in nodes and those that {@code more} registers. */
    static EngineRuntime with(ManualClock clock, Journal journal, Consumer<NodeExecutorRegistry.Builder> more) {
        return with(clock, journal, new InMemoryWorkflowStore(), new InMemoryDocumentStore(), more);
    }

    /** A process that takes part in a durable store; its runs stay in memory as long as it lives. */
    static EngineRuntime durable(
            ManualClock clock,
            DurableStore store,
            DocumentStore documents,
            Consumer<NodeExecutorRegistry.Builder> more) {
        Sharing sharing =
                new Sharing("", true, Duration.ofHours(1), Duration.ofMillis(20), Duration.ofDays(10_000), 1_000_000);
        return with(clock, Journal.NONE, store, documents, more, sharing);
    }

    /** The process dies: it writes nothing more, and nobody has said so to the others. */
    static void die(EngineRuntime runtime) {
        Membership membership = java.util.Objects.requireNonNull(runtime.membership());
        membership.stop();
        runtime.dropAll(membership.member());
    }

    /** The others are found dead, and this process may take what they had. */
    static void takeOver(EngineRuntime runtime, EngineRuntime dead) {
        Membership membership = java.util.Objects.requireNonNull(runtime.membership());
        int unused = membership.member().reap(Duration.ZERO, Integer.MAX_VALUE);
        java.util.Objects.requireNonNull(dead.membership()).member().close();
    }

    /** Whether no writer of a run is at work, no thread of the engine, and no message waits to be heard. */
    static boolean isQuiet(EngineRuntime runtime) {
        Membership membership = runtime.membership();
        return runtime.isQuiet()
                && (membership == null || membership.member().messages().isEmpty())
                && runtime.isQuiet();
    }

    /** The same, with what outlives it. */
    static EngineRuntime with(
            ManualClock clock,
            Journal journal,
            WorkflowStore store,
            DocumentStore documents,
            Consumer<NodeExecutorRegistry.Builder> more) {
        return with(clock, journal, store, documents, more, Sharing.DEFAULT);
    }

    private static EngineRuntime with(
            ManualClock clock,
            Journal journal,
            WorkflowStore store,
            DocumentStore documents,
            Consumer<NodeExecutorRegistry.Builder> more,
            Sharing sharing) {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        more.accept(registry);
        return new EngineRuntime(new EngineRuntime.Settings(
                registry.build(),
                StandardFunctions.library(),
                clock,
                journal,
                store,
                documents,
                Map.of(),
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
                false,
                sharing));
    }
}
