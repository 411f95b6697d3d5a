package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.delayUntil;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.sendSignal;
import static io.automationhub.engine.nodes.Nodes.set;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.ExecutionFailedException;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.ExecutionEvent;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.nodes.Nodes;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class WorkflowEngineTest {

    private static Workflow one(NodeSpec node) {
        return Workflow.builder("one").start(manualTrigger("start")).then(node).build();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("This did not happen within 20 seconds");
            }
            Thread.onSpinWait();
        }
    }

    enum Kind {
        INLINE(NodeTraits.PURE_INLINE),
        EFFECTFUL_INLINE(NodeTraits.EFFECTFUL_INLINE),
        BLOCKING(NodeTraits.EFFECTFUL_BLOCKING);

        final NodeTraits traits;

        Kind(NodeTraits traits) {
            this.traits = traits;
        }
    }

    // ---------------------------------------------------------------- nodes that misbehave

    @ParameterizedTest
    @EnumSource
    void aNodeThatThrowsAnErrorHarmsOnlyItsRun(Kind kind) {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("bad", kind.traits, call -> {
                    throw new StackOverflowError("deep");
                })
                .build()) {
            WorkflowExecution run = engine.run(one(node("a", "bad").retry(RetryPolicy.attempts(3))), null);
            assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(run.node("a").orElseThrow().attempt())
                    .as("Errors are not retried")
                    .isEqualTo(1);
            assertThat(run.error().orElseThrow().message()).isEqualTo("deep");
            assertThat(engine.run(one(format("f", "ok")), null).output()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatReturnsNothingUsableFails(Kind kind) {
        Map<String, Object> self = new HashMap<>();
        self.put("self", self);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .limits(new JsonLimits(1000, 20))
                .node("self", kind.traits, call -> self)
                .node("huge", kind.traits, call -> "x".repeat(2000))
                .node("stream", kind.traits, call -> Thread.currentThread())
                .node("null", (node, context) -> null)
                .node("handle", (node, context) -> NodeResult.completed(1, "sideways"))
                .build()) {
            for (String type : List.of("self", "huge", "stream", "null", "handle")) {
                WorkflowExecution run = engine.run(one(node("a", type)), null);
                assertThat(run.status()).as(type).isEqualTo(ExecutionStatus.FAILED);
                assertThat(run.error().orElseThrow().message()).as(type).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatInterruptsItsThreadHarmsNobody(Kind kind) {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("rude", kind.traits, call -> {
                    Thread.currentThread().interrupt();
                    return 1;
                })
                .node("next", kind.traits, call -> Thread.currentThread().isInterrupted())
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .start(node("a", "rude"))
                    .then(node("b", "next"))
                    .build();
            assertThat(engine.run(workflow, null).output()).isEqualTo(false);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void aNodeCannotChangeItsInput() {
        Map<String, Object> input = new HashMap<>(Map.of("list", new ArrayList<>(List.of(1))));
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("mutate", call -> ((Map<Object, Object>) call.input()).put("x", 1))
                .node("mutateList", call -> ((List<Object>) ((Map<?, ?>) call.input()).get("list")).add(2))
                .build()) {
            assertThat(engine.run(one(node("a", "mutate")), input).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.run(one(node("a", "mutateList")), input).status()).isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @Test
    void aNodeThatNeverReturnsIsAbandoned() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ManualClock clock = new ManualClock();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .clock(clock)
                .closeTimeout(Duration.ZERO)
                .node("hang", call -> {
                    begun.countDown();
                    while (true) {
                        try {
                            never.await();
                            return null;
                        } catch (InterruptedException e) {
                            // Deaf on purpose.
                        }
                    }
                })
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .cancelGrace(Duration.ofSeconds(5))
                    .start(manualTrigger("start"))
                    .then(node("a", "hang").timeout(Duration.ofSeconds(10)))
                    .build();
            ExecutionHandle run = engine.start(workflow, null);
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            clock.advance(Duration.ofSeconds(15));
            assertThat(run.await().error().orElseThrow().kind()).isEqualTo(ExecutionError.KIND_TIMEOUT);
            assertThat(engine.abandonedAttempts()).isEqualTo(1);
            never.countDown();
        }
    }

    @Test
    void aStageThatCannotBeCancelledIsAbandoned() {
        CompletableFuture<String> deaf = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean interrupt) {
                throw new UnsupportedOperationException("never");
            }
        };
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("deaf", (node, context) -> NodeResult.asynchronous(deaf))
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .cancelGrace(Duration.ofMillis(10))
                    .start(manualTrigger("start"))
                    .then(node("a", "deaf").timeout(Duration.ofMillis(10)))
                    .build();
            assertThat(engine.run(workflow, null).error().orElseThrow().kind()).isEqualTo("timeout");
        }
    }

    @Test
    void whatUndoesARunTakesItsPlacesUnderNamedLimits() {
        Workflow workflow = Workflow.builder("w")
                .limit("crm", 1)
                .start(manualTrigger("start"))
                .then(node("a", "say").compensateWith("undo"))
                .add(node("undo", "say"))
                .then(node("b", "fails"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("say", call -> call.nodeId())
                .node("fails", call -> {
                    throw new IllegalStateException("no");
                })
                .build()) {
            WorkflowExecution run = engine.run(workflow, null, Duration.ofSeconds(10));
            assertThat(run.compensation()).contains(Compensation.Status.COMPLETE);
            assertThat(engine.run(workflow, null, Duration.ofSeconds(10)).compensation())
                    .contains(Compensation.Status.COMPLETE);
        }
    }

    @Test
    void enginesThatAreBuiltInTheSameMillisecondGiveOtherIds() {
        ManualClock clock = new ManualClock();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            try (WorkflowEngine engine = WorkflowEngine.builder().clock(clock).build()) {
                ids.add(engine.run(one(format("f", "x")), null).id());
            }
        }
        assertThat(ids).hasSize(500);
    }

    @Test
    void aStoreThatFailsHangsNoRun() {
        InMemoryWorkflowStore broken = new InMemoryWorkflowStore();
        WorkflowStore store = new ForwardingStore(broken) {
            @Override
            public void ended(ExecutionHistory run) {
                throw new IllegalStateException("disk full");
            }
        };
        try (WorkflowEngine engine =
                WorkflowEngine.builder().store(store).maxExecutions(1).build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(engine.run(one(format("f", "x")), null).output()).isEqualTo("x");
            }
        }
    }

    private abstract static class ForwardingStore implements WorkflowStore {

        private final WorkflowStore store;

        ForwardingStore(WorkflowStore store) {
            this.store = store;
        }

        @Override
        public Optional<Workflow> workflow(String tenant, String executionId) {
            return store.workflow(tenant, executionId);
        }

        @Override
        public void onForgotten(ForgottenRuns listener) {
            store.onForgotten(listener);
        }

        @Override
        public Optional<ExecutionRecord> find(String tenant, String executionId) {
            return store.find(tenant, executionId);
        }

        @Override
        public Page<ExecutionRecord> executions(ExecutionQuery query) {
            return store.executions(query);
        }

        @Override
        public Page<NodeExecution> nodes(String tenant, String executionId, String after, int limit) {
            return store.nodes(tenant, executionId, after, limit);
        }

        @Override
        public List<WorkflowLog> logs(String tenant, String executionId) {
            return store.logs(tenant, executionId);
        }
    }

    // ---------------------------------------------------------------- starting

    @Test
    void anInvalidWorkflowIsRefusedWithAllItsProblems() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = Workflow.builder("bad")
                    .start(node("a", "nothing"))
                    .then(condition("c", "1 +"))
                    .build();
            assertThatThrownBy(() -> engine.run(workflow, null))
                    .isInstanceOfSatisfying(
                            InvalidWorkflowException.class,
                            e -> assertThat(e.problems())
                                    .extracting(Problem::code)
                                    .contains(ProblemCode.UNKNOWN_TYPE, ProblemCode.INVALID_EXPRESSION))
                    .hasMessageContaining("Cannot run workflow 'bad'");
        }
    }

    @Test
    void inputAndVariablesAreCheckedBeforeAnythingStarts() {
        Workflow workflow = Workflow.builder("checked")
                .input(Map.of("type", "object", "required", List.of("n")))
                .variable("x", WorkflowVariable.Type.INTEGER, 1)
                .requiredVariable("who", WorkflowVariable.Type.STRING)
                .start(manualTrigger("start"))
                .then(format("f", "{{who}} {{x}} {{input.n}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            ExecutionRequest request = ExecutionRequest.of(workflow).input(Map.of("n", 5));
            assertThat(engine.run(request.variable("who", "me").variable("x", 2))
                            .output())
                    .isEqualTo("me 2 5");
            refuses(engine, ExecutionRequest.of(workflow).variable("who", "me"), ProblemCode.INVALID_INPUT);
            refuses(engine, request, ProblemCode.VARIABLE_VALUE);
            refuses(engine, request.variable("who", 7), ProblemCode.VARIABLE_VALUE);
            refuses(engine, request.variable("who", "me").variable("y", 1), ProblemCode.UNKNOWN_VARIABLE);
            refuses(engine, request.variable("who", "me").trigger("f"), ProblemCode.UNKNOWN_TRIGGER);
            assertThat(engine.executions(ExecutionQuery.of("default")).items()).hasSize(1);
        }
    }

    private static void refuses(WorkflowEngine engine, ExecutionRequest request, ProblemCode code) {
        assertThatThrownBy(() -> engine.run(request))
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems()).extracting(Problem::code).contains(code));
    }

    @Test
    void aRunBeginsAtTheNamedTheOnlyOrTheManualTrigger() {
        Workflow workflow = Workflow.builder("triggers")
                .add(Nodes.apiTrigger("api"))
                .add(manualTrigger("manual"))
                .add(format("a", "from api"))
                .add(format("m", "by hand"))
                .edge("api", "a")
                .edge("manual", "m")
                .build();
        Workflow two = Workflow.builder("two")
                .start(Nodes.apiTrigger("one"))
                .start(Nodes.apiTrigger("other"))
                .then(format("f", "x"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            assertThat(engine.run(workflow, null).output()).isEqualTo(Map.of("m", "by hand"));
            assertThat(engine.run(ExecutionRequest.of(workflow).trigger("api")).output())
                    .isEqualTo(Map.of("a", "from api"));
            refuses(engine, ExecutionRequest.of(two), ProblemCode.TRIGGER_REQUIRED);
            assertThat(engine.run(ExecutionRequest.of(two).trigger("other")).output())
                    .isEqualTo("x");
        }
    }

    @Test
    void atTheBoundAStartWaitsAndIsThenRefused() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .maxExecutions(1)
                .admissionTimeout(Duration.ofMillis(30))
                .node("gate", (node, context) -> NodeResult.asynchronous(gate))
                .build()) {
            ExecutionHandle first = engine.start(one(node("a", "gate")), null);
            assertThatThrownBy(() -> engine.start(one(format("f", "x")), null))
                    .isInstanceOf(EngineOverloadedException.class)
                    .hasMessageContaining("1 runs are unfinished");
            gate.complete("open");
            assertThat(first.await().output()).isEqualTo("open");
            assertThat(engine.run(one(format("f", "x")), null).output()).isEqualTo("x");
        }
    }

    // ---------------------------------------------------------------- waiting for the end

    @Test
    void aTimeoutEndsOnlyTheWaiting() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("gate", (node, context) -> NodeResult.asynchronous(gate))
                .build()) {
            ExecutionWaitException waited =
                    catchWait(() -> engine.run(one(node("a", "gate")), null, Duration.ofMillis(20)));
            assertThat(waited.handle().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(engine.handle(waited.handle().id())).isPresent();
            gate.complete("late");
            assertThat(waited.handle().await(Duration.ofSeconds(10)).output()).isEqualTo("late");
        }
    }

    @Test
    void anInterruptEndsOnlyTheWaiting() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("gate", (node, context) -> NodeResult.asynchronous(gate))
                .build()) {
            Thread.currentThread().interrupt();
            ExecutionWaitException waited = catchWait(() -> engine.run(one(node("a", "gate")), null));
            assertThat(Thread.interrupted()).isTrue();
            gate.complete("on");
            assertThat(waited.handle().await().output()).isEqualTo("on");
        }
    }

    private static ExecutionWaitException catchWait(Runnable work) {
        try {
            work.run();
        } catch (ExecutionWaitException e) {
            return e;
        }
        throw new AssertionError("It did not stop waiting");
    }

    @Test
    void aFailedRunReturnsAndThrowsOnlyWhenAsked() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            WorkflowExecution run = engine.run(one(Nodes.fail("f", "stock", "sold out")), null);
            assertThat(run.isSucceeded()).isFalse();
            assertThatThrownBy(run::orElseThrow)
                    .isInstanceOfSatisfying(
                            ExecutionFailedException.class,
                            e -> assertThat(e.error().kind()).isEqualTo("stock"))
                    .hasMessageContaining("sold out");
        }
    }

    @Test
    void closingTellsWhoStillWaits() {
        WorkflowEngine engine = WorkflowEngine.create();
        ExecutionHandle handle = engine.start(one(delay("d", Duration.ofHours(1))), null);
        CompletableFuture<WorkflowExecution> end = handle.completion().toCompletableFuture();
        engine.close();
        engine.close();
        assertThat(end).isCompletedExceptionally();
        assertThatThrownBy(handle::await).isInstanceOf(EngineException.class).hasMessageContaining("was closed");
        assertThatThrownBy(() -> engine.run(one(format("f", "x")), null)).hasMessageContaining("the engine was closed");
    }

    // ---------------------------------------------------------------- waits

    @Test
    void theFirstOfSeveralWakesWins() {
        ManualClock clock = new ManualClock();
        Instant later = Instant.parse("2026-01-01T01:00:00Z");
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .clock(clock)
                .node(
                        "wait",
                        NodeTraits.EFFECTFUL_INLINE,
                        call -> call.wake()
                                .<Object>map(WorkflowEngineTest::describe)
                                .orElse(NodeResult.suspended(
                                        Wake.at(later), Wake.completion("paid"), Wake.completion("void"))))
                .build()) {
            ExecutionHandle byTime = engine.start(one(node("a", "wait")), null);
            ExecutionHandle byName = engine.start(one(node("a", "wait")), null);
            assertThat(byName.snapshot().node("a").orElseThrow().status()).isEqualTo(NodeStatus.WAITING);
            assertThat(byName.complete("paid", Map.of("amount", 5))).isTrue();
            assertThat(byName.await().output()).isEqualTo("paid {\"amount\":5}");
            assertThat(byName.complete("void", null)).as("the run has ended").isFalse();
            clock.advance(Duration.ofHours(1));
            assertThat(byTime.await().output()).isEqualTo("time");
        }
    }

    private static String describe(Woken woken) {
        return woken instanceof Woken.ByCompletion by ? by.name() + " " + by.value() : "time";
    }

    @Test
    void aCompletionBeforeItsWaitIsKeptAndCountsOnce() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        Workflow workflow = Workflow.builder("early")
                .start(node("before", "gate"))
                .then(node("wait", "wait"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("gate", (node, context) -> NodeResult.asynchronous(gate))
                .node(
                        "wait",
                        call -> call.wake()
                                .<Object>map(WorkflowEngineTest::describe)
                                .orElse(NodeResult.suspended(Wake.completion("reply"))))
                .build()) {
            ExecutionHandle run = engine.start(workflow, null);
            assertThat(run.complete("reply", 1)).isTrue();
            assertThat(run.complete("reply", 2)).isFalse();
            gate.complete("go");
            assertThat(run.await().output()).isEqualTo("reply 1");
        }
    }

    @Test
    void onceComputesOnceOverWaitsAndAttempts() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("pay", call -> {
                    Object receipt = call.once("charge", calls::incrementAndGet);
                    call.once("nothing", () -> null);
                    if (call.wake().isEmpty()) {
                        return NodeResult.suspended(Wake.at(call.now()));
                    }
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("flaky");
                    }
                    return receipt;
                })
                .build()) {
            Workflow workflow =
                    one(node("a", "pay").retry(RetryPolicy.attempts(3).delays(Duration.ofMillis(1), 1, null)));
            assertThat(engine.run(workflow, null).orElseThrow().output()).isEqualTo(1L);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void delaysEndAtTheirInstant() {
        ManualClock clock = new ManualClock();
        try (WorkflowEngine engine = WorkflowEngine.builder().clock(clock).build()) {
            ExecutionHandle until = engine.start(one(delayUntil("d", "{{input}}")), "2026-01-01T03:00:00+02:00");
            ExecutionHandle past = engine.start(one(delayUntil("d", "2020-01-01T00:00:00Z")), 7);
            assertThat(past.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(past.await().output()).as("passes previous through").isEqualTo(7L);
            clock.advance(Duration.ofMinutes(59));
            assertThat(until.status()).isEqualTo(ExecutionStatus.RUNNING);
            clock.advance(Duration.ofMinutes(1));
            assertThat(until.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(clock.timers()).isZero();
            WorkflowExecution wrong = engine.run(one(delayUntil("d", "{{input}}")), "tomorrow");
            assertThat(wrong.error().orElseThrow().message()).contains("ISO-8601");
        }
    }

    // ---------------------------------------------------------------- what is seen of a run

    @Test
    void listenersHearInOrderAndTheirFailuresAreTheirOwn() {
        List<ExecutionEvent> heard = new CopyOnWriteArrayList<>();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .listener(events -> {
                    throw new IllegalStateException("listener");
                })
                .listener(heard::addAll)
                .node("flaky", call -> {
                    if (call.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return "ok";
                })
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .start(manualTrigger("start"))
                    .then(node("a", "flaky").retry(RetryPolicy.attempts(2).delays(Duration.ZERO, 1, null)))
                    .then(condition("c", "previous == 'ok'"))
                    .when("true", format("yes", "y"))
                    .when("false", format("no", "n"))
                    .build();
            engine.run(workflow, null).orElseThrow();
        }
        assertThat(heard)
                .extracting(event -> event.fact().getClass().getSimpleName())
                .containsExactly(
                        "RunStarted",
                        "NodeEnded",
                        "AttemptStarted",
                        "AttemptFailed",
                        "AttemptStarted",
                        "NodeEnded",
                        "NodeEnded",
                        "NodeEnded",
                        "NodeEnded",
                        "RunEnded");
        assertThat(heard).extracting(ExecutionEvent::sequence).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(heard.get(9).fact())
                .isInstanceOfSatisfying(
                        ExecutionFact.RunEnded.class,
                        end -> assertThat(end.status()).isEqualTo(ExecutionStatus.SUCCEEDED));
    }

    @Test
    void aSlowListenerMissesBatchesAndIsTold() {
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger gaps = new AtomicInteger();
        EngineListener slow = new EngineListener() {
            @Override
            public void onEvents(List<ExecutionEvent> events) {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onGap(long batches) {
                gaps.addAndGet((int) batches);
            }
        };
        WorkflowEngine engine = WorkflowEngine.builder().listener(slow).build();
        Workflow workflow = one(format("f", "x"));
        for (int i = 0; i < 20_000; i++) {
            engine.run(workflow, null);
        }
        blocked.countDown();
        engine.close();
        assertThat(gaps.get()).isPositive();
    }

    @Test
    void runsCanBeFoundListedAndPaged() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = one(Nodes.log("l", WorkflowLog.Level.WARN, "look at {{input}}"));
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(engine.run(workflow, i).id());
            }
            ExecutionHandle waiting = engine.start(one(delay("d", Duration.ofHours(1))), null);
            assertThat(engine.execution(ids.get(2)).orElseThrow().input()).isEqualTo(2L);
            assertThat(engine.execution(waiting.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(engine.logs(ids.get(3))).extracting(WorkflowLog::message).containsExactly("look at 3");
            assertThat(engine.nodes(ids.get(0), null, 1).items()).hasSize(1);
            assertThat(engine.executions(ExecutionQuery.of("default").limit(3)).next())
                    .isNotNull();
            assertThat(engine.executions(ExecutionQuery.of("default").status(ExecutionStatus.RUNNING))
                            .items())
                    .extracting(ExecutionRecord::id)
                    .containsExactly(waiting.id());
            waiting.cancel();
            assertThat(waiting.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(engine.executions(ExecutionQuery.of("default")).items()).hasSize(6);
        }
    }

    @Test
    void tenantsDoNotSeeEachOther() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            WorkflowEngine acme = engine.forTenant("acme");
            String id = acme.run(one(format("f", "{{execution.tenant}}")), null).id();
            assertThat(acme.execution(id).orElseThrow().output()).isEqualTo("acme");
            assertThat(engine.execution(id)).isEmpty();
            assertThat(engine.nodes(id, null, 10).items()).isEmpty();
            assertThat(engine.executions(ExecutionQuery.of("acme")).items()).isEmpty();
        }
    }

    @Test
    void theOutputFilterSeesEveryOutput() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .outputFilter((source, output) -> {
                    if ("forbidden".equals(output)) {
                        throw new IllegalArgumentException("not this");
                    }
                    return source.node().equals("secret") ? "***" : output;
                })
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .start(format("secret", "4711"))
                    .then(format("show", "{{previous}} {{nodes.secret.output}}"))
                    .build();
            assertThat(engine.run(workflow, null).output()).isEqualTo("*** ***");
            assertThat(engine.run(one(format("f", "forbidden")), null)
                            .error()
                            .orElseThrow()
                            .message())
                    .isEqualTo("not this");
        }
    }

    // ---------------------------------------------------------------- data

    @Test
    void theOutputIsTheTemplateTheOnlySinkOrAllSinksThatSucceeded() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            WorkflowBuilder two = Workflow.builder("two")
                    .start(manualTrigger("s"))
                    .then(condition("c", "input > 1"))
                    .when("true", format("a", "A"))
                    .when("false", format("b", "B"));
            assertThat(engine.run(two.build(), 5).output()).isEqualTo(Map.of("a", "A"));
            assertThat(engine.run(
                                    two.output(Map.of("got", "{{nodes.b.output ?? 'none'}}"))
                                            .build(),
                                    5)
                            .output())
                    .isEqualTo(Map.of("got", "none"));
            assertThat(engine.run(two.output("{{nodes.b.output.x}}").build(), 5)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("The output of the workflow cannot be rendered");
        }
    }

    @Test
    void setChangesDeclaredVariablesOfTheirTypeOnly() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            WorkflowBuilder workflow = Workflow.builder("w").variable("n", WorkflowVariable.Type.INTEGER, 1);
            workflow.start(set("s", Map.of("n", "{{input}}")));
            assertThat(engine.run(workflow.build(), 4).variables()).isEqualTo(Map.of("n", 4L));
            assertThat(engine.run(workflow.build(), "four")
                            .error()
                            .orElseThrow()
                            .kind())
                    .isEqualTo("config");
        }
    }

    @Test
    void variablesAreCheckedOnEveryWrite() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node(
                        "write",
                        NodeTraits.PURE_INLINE,
                        call -> NodeResult.completed(null)
                                .settingVariables(
                                        JsonObject.of(call.config().get("name").toString(), call.previous())))
                .build()) {
            WorkflowBuilder workflow = Workflow.builder("w")
                    .variable("who", WorkflowVariable.Type.OBJECT, null, Map.of("required", List.of("name")))
                    .start(manualTrigger("s"))
                    .then(node("a", "write").with("name", "who"));
            assertThat(engine.run(workflow.build(), Map.of("name", "Ada")).status())
                    .isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(engine.run(workflow.build(), Map.of("nam", "Ada"))
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("The variable 'who' does not fit its schema", "'name'");
            assertThat(engine.run(one(node("a", "write").with("name", "m")), 1)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("'m'", "does not declare");
        }
    }

    @Test
    void dataThatLooksLikeATemplateStaysData() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = Workflow.builder("w")
                    .start(manualTrigger("s"))
                    .then(format("a", "{{input.evil}}"))
                    .then(format("b", Map.of("again", "<{{previous}}>")))
                    .then(calculate("c", Map.of("d", "nodes.b.output.again + '!'")))
                    .build();
            assertThat(engine.run(workflow, Map.of("evil", "{{1 / 0}}")).output())
                    .isEqualTo(Map.of("d", "<{{1 / 0}}>!"));
        }
    }

    @Test
    void conditionsAsDataMeanWhatTheOperatorsMean() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = Workflow.builder("w")
                    .start(manualTrigger("s"))
                    .then(node("c", "condition")
                            .with("match", "any")
                            .with(
                                    "conditions",
                                    List.of(
                                            Map.of("left", "{{input.n}}", "op", "greater", "right", 10),
                                            Map.of("left", "{{input.tags}}", "op", "contains", "right", "vip"))))
                    .when("true", format("yes", "y"))
                    .when("false", format("no", "n"))
                    .build();
            assertThat(engine.run(workflow, Map.of("n", 11, "tags", List.of())).output())
                    .isEqualTo(Map.of("yes", "y"));
            assertThat(engine.run(workflow, Map.of("n", 1, "tags", List.of("vip")))
                            .output())
                    .isEqualTo(Map.of("yes", "y"));
            assertThat(engine.run(workflow, Map.of("n", 1, "tags", List.of("x")))
                            .output())
                    .isEqualTo(Map.of("no", "n"));
        }
    }

    // ---------------------------------------------------------------- size

    @Test
    void largeGraphsRun() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("inc", NodeTraits.PURE_INLINE, call -> (Long) call.previous() + 1)
                .node("step", (ExecutionContext call) -> 1L)
                .node("sum", NodeTraits.PURE_INLINE, call -> ((Map<?, ?>) call.previous()).size())
                .build()) {
            WorkflowBuilder chain = Workflow.builder("chain").start(node("n0", "inc"));
            for (int i = 1; i < 5_000; i++) {
                chain.then(node("n" + i, "inc"));
            }
            assertThat(engine.run(chain.build(), 0).orElseThrow().output()).isEqualTo(5_000L);
            for (String type : List.of("inc", "step")) {
                WorkflowBuilder fan = Workflow.builder("fan")
                        .start(node("s", "inc"))
                        .add(node("join", "sum").join(Join.ALL));
                for (int i = 0; i < 1_100; i++) {
                    fan.add(node("b" + i, type)).edge("s", "b" + i).edge("b" + i, "join");
                }
                assertThat(engine.run(fan.build(), 0).orElseThrow().output())
                        .as(type)
                        .isEqualTo(1_100L);
            }
        }
    }

    @Test
    void manyRunsShareAnEngine() throws InterruptedException {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("step", call -> (Long) call.previous() + 1)
                .build()) {
            Workflow workflow = Workflow.builder("w")
                    .start(node("a", "step"))
                    .parallel(node("b", "step"), node("c", "step"))
                    .then(format("d", "{{previous.b + previous.c}}"))
                    .build();
            List<Object> outputs = new CopyOnWriteArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 200; i++) {
                        outputs.add(engine.run(workflow, 0L).output());
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outputs).hasSize(1_600).containsOnly(4L);
            await(() -> engine.executions(ExecutionQuery.of("default").status(ExecutionStatus.RUNNING))
                    .items()
                    .isEmpty());
        }
    }

    @Test
    void theHistoryOfALongLoopIsBounded() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = Workflow.builder("long")
                    .start(manualTrigger("start"))
                    .group(
                            node("again", "loop").with("while", "index < 30000").with("maxIterations", 30_001),
                            body -> body.then(calculate("n", Map.of("i", "index"))))
                    .build();
            WorkflowExecution run = engine.run(workflow, null).orElseThrow();
            assertThat(run.output()).isEqualTo(Map.of("i", 29_999L));
            assertThat(run.nodes()).hasSize(10_002);
            assertThat(run.node("again").orElseThrow().status()).isEqualTo(NodeStatus.SUCCEEDED);
        }
    }

    @Test
    void oneRunSendsASignalToAnother() {
        Workflow waiting = Workflow.builder("order")
                .start(manualTrigger("start"))
                .then(waitForSignal("paid", "paid"))
                .build();
        Workflow sending = Workflow.builder("payment")
                .start(manualTrigger("start"))
                .then(sendSignal("send", "paid", "{{input.order}}").with("data", Map.of("amount", "{{input.amount}}")))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            ExecutionHandle order = engine.start(waiting, null);
            Map<String, Object> input = Map.of("order", order.id(), "amount", 5);
            assertThat(engine.run(sending, input).orElseThrow().output()).isEqualTo(Map.of("receipt", "taken"));
            assertThat(order.await(Duration.ofSeconds(20)).output())
                    .isEqualTo(Map.of("name", "paid", "data", Map.of("amount", 5L)));
            ExecutionError refused = engine.run(sending, input).error().orElseThrow();
            assertThat(refused.kind()).isEqualTo(ExecutionError.KIND_SIGNAL);
            assertThat(refused.message()).contains("no execution '" + order.id() + "' goes on");
        }
    }

    @Test
    void aRunSendsASignalToItselfOnceHoweverOftenItIsTried() {
        AtomicInteger calls = new AtomicInteger();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("twice", call -> {
                    call.signal(call.executionId(), "mine", calls.incrementAndGet());
                    if (calls.get() == 1) {
                        throw new IllegalStateException("try again");
                    }
                    return null;
                })
                .build()) {
            Workflow workflow = Workflow.builder("self")
                    .start(manualTrigger("start"))
                    .then(node("send", "twice").retry(RetryPolicy.attempts(2).delays(Duration.ofMillis(1), 1, null)))
                    .then(waitForSignal("first", "mine"))
                    .then(waitForSignal("second", "mine").with("expires", "20ms"))
                    .build();
            WorkflowExecution run = engine.run(workflow, null).orElseThrow();
            assertThat(run.node("first").orElseThrow().output()).isEqualTo(Map.of("name", "mine", "data", 1L));
            assertThat(run.node("second").orElseThrow().output()).isNull();
        }
    }
}
