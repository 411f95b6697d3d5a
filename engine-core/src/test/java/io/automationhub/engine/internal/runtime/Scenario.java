package io.automationhub.engine.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.node.Wake;
import io.automationhub.engine.node.Woken;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Plays one run step by step, on a clock that is set by hand and without threads: nodes of type {@code work} end when
 * the test says so. In the mode {@link Mode#CRASHING} the process "dies" after every step: a new runtime gets nothing
 * but the journal, and goes on.
 */
final class Scenario implements AutoCloseable {

    enum Mode {
        PLAIN,
        CRASHING
    }

    /** A node that does nothing until the test completes it; it ignores being cancelled if it is stubborn. */
    private final class Work implements NodeExecutor {

        private final boolean stubborn;
        private final int process = processes;

        Work(boolean stubborn) {
            this.stubborn = stubborn;
        }

        @Override
        public NodeMetadata metadata() {
            return NodeMetadata.HOST.withTraits(NodeTraits.EFFECTFUL_INLINE).withHandles("out", "left", "right");
        }

        @Override
        public NodeResult execute(WorkflowNode node, ExecutionContext context) {
            String name = name(node.id(), iteration(context.idempotencyKey()));
            CompletableFuture<Object> call = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean interrupt) {
                    stopRequests.merge(name, 1, Integer::sum);
                    return !stubborn && super.cancel(interrupt);
                }
            };
            synchronized (calls) {
                if (process != processes) {
                    return NodeResult.asynchronous(call);
                }
                calls.put(name, call);
                starts.add(name + "#" + context.attempt());
                keys.add(context.idempotencyKey());
                configs.add(context.config().toString());
                context.wake().ifPresent(woken -> wakes.add(woken.toString()));
                calls.notifyAll();
            }
            return NodeResult.asynchronous(call);
        }
    }

    /** How a test calls a node run: its id, and behind an @ its iteration if it is in one. */
    private static String name(String node, String iteration) {
        return iteration.isEmpty() ? node : node + "@" + iteration;
    }

    private static String iteration(String idempotencyKey) {
        return idempotencyKey.substring(idempotencyKey.lastIndexOf('/') + 1);
    }

    private final Mode mode;
    private final Workflow workflow;
    private final ManualClock clock = new ManualClock();
    private final List<ExecutionFact> journal = new ArrayList<>();
    private final Map<String, CompletableFuture<Object>> calls = new HashMap<>();
    private final Map<String, Integer> stopRequests = new java.util.concurrent.ConcurrentHashMap<>();
    final List<String> starts = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final List<String> configs = new ArrayList<>();
    final List<String> wakes = new ArrayList<>();
    private int processes;
    private EngineRuntime runtime;
    private @Nullable RunHandle run;
    private String id = "";

    Scenario(Mode mode, Workflow workflow) {
        this.mode = mode;
        this.workflow = workflow;
        runtime = newRuntime();
    }

    private EngineRuntime newRuntime() {
        int mine = ++processes;
        return TestRuntimes.with(
                clock,
                (turn, whenDurable) -> {
                    // The clock still wakes a process that "died"; nothing of it becomes durable.
                    boolean lives = mine == processes;
                    if (lives) {
                        journal.addAll(turn.facts());
                    }
                    return lives;
                },
                this::register);
    }

    private void register(NodeExecutorRegistry.Builder registry) {
        registry.register("work", new Work(false));
        registry.register("stubborn", new Work(true));
        registry.register("twoWaits", NodeTraits.PURE_INLINE, Scenario::waitTwice);
    }

    /** Waits for one name, then for another. */
    private static Object waitTwice(ExecutionContext context) {
        String woken = context.wake()
                .map(wake -> wake instanceof Woken.ByCompletion by ? by.name() : "time")
                .orElse("");
        return switch (woken) {
            case "" -> NodeResult.suspended(Wake.completion("first"));
            case "first" -> NodeResult.suspended(Wake.completion("second"));
            default -> woken;
        };
    }

    Scenario start(Map<String, ?> input) {
        run = runtime.start(new StartRequest(workflow, "default", input, null, Map.of()));
        id = run.id();
        return crash();
    }

    Scenario start() {
        return start(Map.of());
    }

    Scenario completes(String node, @Nullable Object output) {
        int attempt = attempt(node);
        call(node).complete(output);
        return crashAfter(node, attempt);
    }

    Scenario completes(String node) {
        return completes(node, node + "!");
    }

    Scenario takes(String node, String... handles) {
        int attempt = attempt(node);
        call(node).complete(NodeResult.completed(node + "!", handles));
        return crashAfter(node, attempt);
    }

    Scenario fails(String node) {
        return fails(node, "error");
    }

    Scenario fails(String node, String kind) {
        int attempt = attempt(node);
        call(node).completeExceptionally(new RetriableException(kind, node + " failed", null, null));
        return crashAfter(node, attempt);
    }

    Scenario failsForGood(String node) {
        int attempt = attempt(node);
        call(node).completeExceptionally(new NonRetriableException("config", node + " failed", null));
        return crashAfter(node, attempt);
    }

    Scenario failsAskingToWait(String node, Duration retryAfter) {
        int attempt = attempt(node);
        call(node).completeExceptionally(new RetriableException("busy", node + " is busy", retryAfter, null));
        return crashAfter(node, attempt);
    }

    Scenario advance(Duration duration) {
        clock.advance(duration);
        return crash();
    }

    Scenario cancel() {
        handle().cancel();
        return crash();
    }

    Scenario pause() {
        assertThat(handle().pause(true)).as("it pauses").isTrue();
        return crash();
    }

    Scenario resume() {
        assertThat(handle().pause(false)).as("it resumes").isTrue();
        return crash();
    }

    SignalReceipt signal(String name, String id, @Nullable Object data) {
        SignalReceipt receipt = handle().signal(name, id, data);
        crash();
        return receipt;
    }

    boolean complete(String name, @Nullable Object value) {
        boolean accepted = handle().complete(name, value);
        crash();
        return accepted;
    }

    private int attempt(String node) {
        return handle().look().nodes().stream()
                .filter(each -> name(each.node(), each.iteration()).equals(node))
                .mapToInt(NodeExecution::attempt)
                .findFirst()
                .orElse(0);
    }

    /** The process hears of the end of an attempt, which may come from another thread, before it dies. */
    private Scenario crashAfter(String node, int attempt) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (mode == Mode.CRASHING && !isCalled(node) && isRunning(node, attempt)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The end of an attempt of '" + node + "' was not heard of");
            }
            Thread.onSpinWait();
        }
        return crash();
    }

    /** Whether it was called again, as after a wait. */
    private boolean isCalled(String node) {
        synchronized (calls) {
            return calls.containsKey(node);
        }
    }

    private boolean isRunning(String node, int attempt) {
        return handle().look().nodes().stream()
                .anyMatch(each -> name(each.node(), each.iteration()).equals(node)
                        && each.status() == NodeStatus.RUNNING
                        && each.attempt() == attempt);
    }

    /** The process dies: a new one has nothing but the journal. */
    private Scenario crash() {
        if (mode == Mode.CRASHING && !handle().status().isEnded()) {
            List<ExecutionFact> durable = List.copyOf(journal);
            synchronized (calls) {
                calls.clear();
                runtime = newRuntime();
            }
            run = Recovery.recover(runtime, workflow, "default", id, durable);
        }
        return this;
    }

    /** Calls of nodes with a time-out are made on another thread; the test waits for them, bounded. */
    private CompletableFuture<Object> call(String node) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        synchronized (calls) {
            while (!calls.containsKey(node)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("The node '" + node + "' was not started; started were " + starts);
                }
                try {
                    calls.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return calls.remove(node);
        }
    }

    /** Waits until a node with a time-out was started on its thread. */
    Scenario awaitStart(String node) {
        CompletableFuture<Object> call = call(node);
        synchronized (calls) {
            calls.put(node, call);
        }
        return this;
    }

    /** Takes the call that is under way out of the test's hands, so that the next one can be seen. */
    CompletableFuture<Object> detach(String node) {
        return call(node);
    }

    /** Waits until the run has ended, where its last attempt ends on another thread. */
    Scenario awaitEnd() {
        handle().done().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
        return this;
    }

    boolean isStarted(String node) {
        return starts.stream().anyMatch(start -> start.startsWith(node + "#"));
    }

    long startCount(String node) {
        return starts.stream().filter(start -> start.startsWith(node + "#")).count();
    }

    /** Waits until an attempt on another thread was asked to end. */
    Scenario awaitStopRequest(String node) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (stopRequests(node) == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The node '" + node + "' was not asked to end");
            }
            Thread.onSpinWait();
        }
        return this;
    }

    int stopRequests(String node) {
        return stopRequests.getOrDefault(node, 0);
    }

    ExecutionStatus status() {
        return handle().status();
    }

    ExecutionRecord record() {
        return handle().look().record();
    }

    @Nullable
    Object output() {
        return record().output();
    }

    NodeExecution node(String node) {
        return handle().look().nodes().stream()
                .filter(each -> name(each.node(), each.iteration()).equals(node))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no run of node '" + node + "'"));
    }

    /** The history. */
    List<NodeExecution> nodes() {
        return handle().look().nodes();
    }

    boolean hasRun(String node) {
        return handle().look().nodes().stream()
                .anyMatch(each -> name(each.node(), each.iteration()).equals(node));
    }

    Scenario expect(String node, NodeStatus expected) {
        assertThat(node(node).status()).as("status of %s", node).isEqualTo(expected);
        return this;
    }

    Scenario expect(ExecutionStatus expected) {
        assertThat(status()).as("status of the run; error %s", record().error()).isEqualTo(expected);
        return this;
    }

    long abandoned() {
        return runtime.abandonedAttempts();
    }

    List<ExecutionFact> journal() {
        return journal;
    }

    private RunHandle handle() {
        RunHandle known = run;
        if (known == null) {
            throw new IllegalStateException("start() comes first");
        }
        return known;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
