package io.automationhub.engine.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
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
            String name = runName(context.workflowId()) + name(node.id(), iteration(context.idempotencyKey()));
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

    /** What stands before the name of a node run of another run than the first: its workflow and a colon. */
    private String runName(String workflowId) {
        return workflowId.equals(workflow.id()) ? "" : workflowId + ":";
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

    /** Where runs are durable; null if they are in memory, and the journals below are all that outlives a process. */
    private final @Nullable DurableStore durable = ScenarioStore.fresh();

    private final WorkflowStore store = durable == null ? new InMemoryWorkflowStore() : durable;
    private final DocumentStore documents = durable == null ? new InMemoryDocumentStore() : durable.documents();
    private final Definitions definitions = new Definitions(documents);

    /** The durable facts of each run, and what it runs. */
    private final Map<String, Journaled> journals = new LinkedHashMap<>();

    private record Journaled(Workflow workflow, List<ExecutionFact> facts) {

        boolean isEnded() {
            return facts.get(facts.size() - 1) instanceof ExecutionFact.RunEnded;
        }

        int depth() {
            RunOrigin origin = facts.get(0) instanceof ExecutionFact.RunStarted started ? started.origin() : null;
            return origin == null ? 0 : origin.depth();
        }
    }

    private final Map<String, CompletableFuture<Object>> calls = new HashMap<>();
    private final Map<String, Integer> stopRequests = new java.util.concurrent.ConcurrentHashMap<>();
    final List<String> starts = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    final List<String> configs = new CopyOnWriteArrayList<>();
    final List<String> wakes = new CopyOnWriteArrayList<>();
    private int processes;
    private EngineRuntime runtime;
    private @Nullable RunHandle run;
    private String id = "";

    /** @param published workflows that it may call; they outlive a process, as what is stored does */
    Scenario(Mode mode, Workflow workflow, Workflow... published) {
        this.mode = mode;
        this.workflow = workflow;
        for (Workflow each : published) {
            definitions.publish("default", each, null, Instant.EPOCH);
        }
        runtime = newRuntime();
    }

    private EngineRuntime newRuntime() {
        int mine;
        synchronized (journals) {
            mine = ++processes;
        }
        DurableStore shared = durable;
        if (shared != null) {
            return TestRuntimes.durable(
                    clock,
                    new ScenarioStore(shared, () -> isProcess(mine), this::isDurable),
                    documents,
                    this::register);
        }
        return TestRuntimes.with(
                clock,
                (turn, whenDurable) -> {
                    synchronized (journals) {
                        // The clock still wakes a process that "died"; nothing of it becomes durable.
                        boolean lives = mine == processes;
                        if (lives) {
                            journals.computeIfAbsent(
                                            turn.executionId(), id -> new Journaled(turn.workflow(), new ArrayList<>()))
                                    .facts()
                                    .addAll(turn.facts());
                        }
                        return lives;
                    }
                },
                store,
                documents,
                this::register);
    }

    private boolean isProcess(int number) {
        synchronized (journals) {
            return number == processes;
        }
    }

    private void isDurable(RunCommit commit) {
        synchronized (journals) {
            journals.computeIfAbsent(commit.id(), each -> new Journaled(commit.workflow(), new ArrayList<>()))
                    .facts()
                    .addAll(commit.facts());
        }
    }

    /** Waits until nothing moves: with a durable store, runs go on when it has answered. */
    private void settle() {
        if (durable == null) {
            return;
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        for (int quiet = 0; quiet < 2; quiet = TestRuntimes.isQuiet(runtime) ? quiet + 1 : 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The runs do not come to rest; the journals are " + story());
            }
            Thread.onSpinWait();
        }
    }

    private void register(NodeExecutorRegistry.Builder registry) {
        registry.register("work", new Work(false));
        registry.register("stubborn", new Work(true));
        registry.register("race", NodeTraits.EFFECTFUL_BLOCKING, Scenario::race);
        registry.register("twoWaits", NodeTraits.PURE_INLINE, Scenario::waitTwice);
    }

    /** Waits for the first of everything that can be waited for; its output is what that was. */
    private static Object race(ExecutionContext context) {
        return context.wake()
                .<Object>map(woken -> woken.getClass().getSimpleName())
                .orElseGet(() -> NodeResult.suspended(
                        Wake.at(context.now().plusSeconds(60)),
                        Wake.signal("go"),
                        Wake.signal("go", "key"),
                        Wake.completion("done"),
                        context.child("", "child", null, null)));
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
        run = runtime.start(StartRequest.of(workflow, "default", input, null, Map.of(), List.of()));
        id = run.id();
        return crash();
    }

    Scenario start() {
        return start(Map.of());
    }

    /** Starts the run that the request describes, or gets the one that has its key. */
    Scenario start(StartRequest request) {
        run = runtime.start(request);
        id = run.id();
        return crash();
    }

    /** Starts another run of the same workflow, beside the one that the test is about. */
    RunHandle startBeside(StartRequest request) {
        return runtime.start(request);
    }

    /** Runs another run again. */
    void rerunOf(String execution) {
        runtime.rerun(new RerunRequest("default", execution, null, false, false, null, Map.of()));
    }

    /** Runs the run again, which has ended. What the test asks for from now on is about the new one. */
    Scenario rerun(@Nullable String from, boolean onlyFailed, Map<String, ?> outputs) {
        run = runtime.rerun(new RerunRequest("default", id, from, onlyFailed, false, null, outputs));
        id = run.id();
        starts.clear();
        return crash();
    }

    Scenario completes(String node, @Nullable Object output) {
        CompletableFuture<Object> call = call(node);
        int attempt = attempt(node);
        call.complete(output);
        return crashAfter(node, attempt);
    }

    Scenario completes(String node) {
        return completes(node, node + "!");
    }

    Scenario takes(String node, String... handles) {
        CompletableFuture<Object> call = call(node);
        int attempt = attempt(node);
        call.complete(NodeResult.completed(node + "!", handles));
        return crashAfter(node, attempt);
    }

    Scenario fails(String node) {
        return fails(node, "error");
    }

    Scenario fails(String node, String kind) {
        CompletableFuture<Object> call = call(node);
        int attempt = attempt(node);
        call.completeExceptionally(new RetriableException(kind, node + " failed", null, null));
        return crashAfter(node, attempt);
    }

    Scenario failsForGood(String node) {
        CompletableFuture<Object> call = call(node);
        int attempt = attempt(node);
        call.completeExceptionally(new NonRetriableException("config", node + " failed", null));
        return crashAfter(node, attempt);
    }

    Scenario failsAskingToWait(String node, Duration retryAfter) {
        CompletableFuture<Object> call = call(node);
        int attempt = attempt(node);
        call.completeExceptionally(new RetriableException("busy", node + " is busy", retryAfter, null));
        return crashAfter(node, attempt);
    }

    Scenario advance(Duration duration) {
        clock.advance(duration);
        return crash();
    }

    Scenario cancel() {
        handle().cancel(false);
        return crash();
    }

    Scenario cancelAndCompensate() {
        assertThat(handle().cancel(true)).as("it is cancelled").isTrue();
        return crash();
    }

    boolean cancels() {
        boolean changes = handle().cancel(false);
        crash();
        return changes;
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

    DecisionReceipt decide(String token, JsonObject decision) {
        DecisionReceipt receipt = runtime.decide("default", token, decision);
        crash();
        return receipt;
    }

    /** What is asked of people now. */
    List<OpenRequests.Request> requests() {
        return runtime.requests("default");
    }

    /** A token of this run. */
    String token(String node, String iteration) {
        return runtime.approvalTokens().token("default", ApprovalTokens.Subject.of(id, node, iteration));
    }

    SignalReceipt signalByKey(String name, String key, String signalId, @Nullable Object data) {
        SignalReceipt receipt = runtime.signal("default", name, key, signalId, data);
        crash();
        return receipt;
    }

    boolean complete(String name, @Nullable Object value) {
        boolean accepted = handle().complete(name, value);
        crash();
        return accepted;
    }

    private int attempt(String node) {
        return history(node).stream()
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
        return history(node).stream()
                .anyMatch(each -> each.status() == NodeStatus.RUNNING && each.attempt() == attempt);
    }

    /** The process dies: a new one has nothing but the journals. */
    private Scenario crash() {
        settle();
        if (mode == Mode.CRASHING && !handle().status().isEnded()) {
            List<String> open;
            EngineRuntime dead = runtime;
            synchronized (calls) {
                calls.clear();
                if (durable != null) {
                    TestRuntimes.die(dead);
                }
                runtime = newRuntime();
            }
            synchronized (journals) {
                // A run that waits for others begins those that are not there.
                open = journals.keySet().stream()
                        .filter(each ->
                                !Objects.requireNonNull(journals.get(each)).isEnded())
                        .sorted(Comparator.comparing(each ->
                                -Objects.requireNonNull(journals.get(each)).depth()))
                        .toList();
                journals.forEach((each, journaled) -> {
                    if (journaled.isEnded()) {
                        awaitStored(each);
                    }
                });
            }
            if (durable != null) {
                TestRuntimes.takeOver(runtime, dead);
            }
            for (String each : open) {
                RunHandle recovered = recovered(each);
                run = each.equals(id) ? recovered : run;
            }
            settle();
        }
        return this;
    }

    private RunHandle recovered(String each) {
        if (durable != null) {
            Execution taken = runtime.find("default", each);
            return taken == null ? new RunHandle(runtime, "default", each) : new RunHandle(taken);
        }
        Journaled journaled = Objects.requireNonNull(journals.get(each));
        return Recovery.recover(runtime, journaled.workflow(), "default", each, List.copyOf(journaled.facts()));
    }

    private void awaitStored(String execution) {
        await(
                "the store has the ended run",
                () -> store.find("default", execution).isPresent());
    }

    /** What is durable of each run. */
    private String story() {
        StringBuilder story = new StringBuilder();
        synchronized (journals) {
            journals.forEach((each, journaled) -> {
                story.append("\n").append(each);
                if (durable != null && !journaled.isEnded()) {
                    story.append(" ").append(durable.standing("default", each));
                }
                journaled.facts().forEach(fact -> story.append("\n  ").append(fact));
            });
        }
        return story.toString();
    }

    /** Waits for something that another thread brings about. */
    Scenario await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime()
                + Duration.ofSeconds(durable == null ? 10 : 60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "It did not happen: " + what + "; started were " + starts + "; the journals are " + story());
            }
            Thread.onSpinWait();
        }
        return this;
    }

    /** Waits until a node has that status. */
    Scenario await(String node, NodeStatus expected) {
        return await(node + " " + expected, () -> history(node).stream().anyMatch(each -> each.status() == expected));
    }

    /** The ids of the runs of a workflow, in the order of their beginnings. */
    List<String> runsOf(String workflowId) {
        synchronized (journals) {
            return journals.entrySet().stream()
                    .filter(entry -> entry.getValue().workflow().id().equals(workflowId))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** A run that was begun by another one. */
    ExecutionRecord record(String execution) {
        return runtime.live("default", execution)
                .map(live -> live.look().record())
                .or(() -> store.find("default", execution))
                .orElseThrow();
    }

    /** A run that was begun by another one, as long as it goes on. */
    RunHandle handle(String execution) {
        return runtime.live("default", execution).orElseThrow();
    }

    /** Whether a run that was begun by another one has a node that waits. */
    boolean waits(String execution) {
        return runtime.live("default", execution).stream()
                .flatMap(live -> live.look().nodes().stream())
                .anyMatch(each -> each.status() == NodeStatus.WAITING);
    }

    /** Waits until a run that was begun by another one has that status. */
    Scenario await(String execution, ExecutionStatus expected) {
        return await(execution + " " + expected, () -> record(execution).status() == expected);
    }

    /** The node runs of that name, in the newest run that can have them. */
    private List<NodeExecution> history(String node) {
        int colon = node.indexOf(':');
        List<NodeExecution> all = List.of();
        if (colon < 0) {
            all = handle().look().nodes();
        } else {
            List<String> runs = runsOf(node.substring(0, colon));
            if (!runs.isEmpty()) {
                String newest = runs.get(runs.size() - 1);
                all = runtime.live("default", newest)
                        .map(live -> live.look().nodes())
                        .orElseGet(
                                () -> store.nodes("default", newest, null, 1000).items());
            }
        }
        return all.stream()
                .filter(each -> name(each.node(), each.iteration()).equals(node.substring(colon + 1)))
                .toList();
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
        return await("the run ends", () -> handle().status().isEnded());
    }

    boolean isStarted(String node) {
        settle();
        return starts.stream().anyMatch(start -> start.startsWith(node + "#"));
    }

    long startCount(String node) {
        settle();
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
        settle();
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
        return history(node).stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no run of node '" + node + "'"));
    }

    /** The history. */
    List<NodeExecution> nodes() {
        return handle().look().nodes();
    }

    boolean hasRun(String node) {
        return !history(node).isEmpty();
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
        return Objects.requireNonNull(journals.get(id)).facts();
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
