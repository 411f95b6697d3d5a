package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A representative run, given up after each of its turns and continued from the journal: it ends as the run that was not
 * disturbed, and no node run whose end is recorded is run again.
 */
class CrashTest {

    private static final Workflow WORKFLOW = Workflow.builder("representative")
            .variable("count", Type.INTEGER, 0)
            .output(Map.of("count", "{{count}}", "joined", "{{nodes.join.output}}", "bad", "{{nodes.bad.error.kind}}"))
            .start(manualTrigger("start"))
            .then(calculate("sum", Map.of("n", "input.n + 1")))
            .parallel(List.of(
                    body -> body.then(node("flaky", "flaky")
                                    .retry(RetryPolicy.attempts(3).delays(Duration.ofSeconds(1), 1, null)))
                            .then(set("one", Map.of("count", "{{count + 1}}"))),
                    body -> body.then(delay("wait", Duration.ofSeconds(5)))
                            .then(set("two", Map.of("count", "{{count + 10}}"))),
                    body -> body.then(node("twice", "twice")),
                    body -> body.then(node("bad", "bad").onError(OnError.CONTINUE)),
                    body -> body.then(condition("if", "nodes.sum.output.n > 1"))
                            .when("true", node("yes", "echo").with("text", "{{nodes.sum.output.n}}"))
                            .when("false", node("no", "echo"))))
            .then(format("join", "{{nodes.flaky.output}} {{nodes.twice.output}} {{nodes.yes.output}}"))
            .parallel(node("x", "echo").with("text", "x"), node("y", "echo").with("text", "y"))
            .then(node("last", "echo").join(Join.ANY).with("text", "{{count}}"))
            .build();

    /** Items side by side, in each a loop with a timer and a scope that is retried as a whole. */
    private static final Workflow GROUPS = Workflow.builder("groups")
            .variable("count", Type.INTEGER, 0)
            .output(Map.of(
                    "count",
                    "{{count}}",
                    "each",
                    "{{nodes.each.output}}",
                    "failed",
                    "{{nodes.each.errors.map('node')}}"))
            .start(manualTrigger("start"))
            .group(
                    node("each", "forEach")
                            .with("items", "[1, 2, 3]")
                            .with("parallel", 2)
                            .with("onItemError", "continue"),
                    body -> body.group(
                                    node("again", "loop")
                                            .with("while", "index < 2")
                                            .with("variables", Map.of("own", Map.of("type", "integer", "default", 5)))
                                            .with("output", "{{(last ?? '') + nodes.try.output + own}}"),
                                    inner -> inner.then(set("own", Map.of("own", "{{own + item}}")))
                                            .then(delay("wait", Duration.ofSeconds(1)))
                                            .group(
                                                    node("try", "scope")
                                                            .retry(RetryPolicy.attempts(2)
                                                                    .delays(Duration.ofSeconds(1), 1, null)),
                                                    scope -> scope.then(node("first", "echo")
                                                                    .with("text", "{{index}}"))
                                                            .then(node("second", "secondTime"))))
                            .then(set("one", Map.of("count", "{{count + 1}}")))
                            .then(condition("odd", "item == 2"))
                            .when("true", node("bad", "bad"))
                            .when("false", format("good", "{{nodes.again.output}}")))
            .then(node("last", "echo").with("text", "{{count}}"))
            .build();

    private ManualClock clock = new ManualClock();
    private final List<List<ExecutionFact>> turns = new CopyOnWriteArrayList<>();
    private final List<String> ran = new ArrayList<>();

    private EngineRuntime runtime() {
        return TestRuntimes.with(
                clock,
                (turn, whenDurable) -> {
                    turns.add(turn.facts());
                    return true;
                },
                this::register);
    }

    private void registerEcho(NodeExecutorRegistry.Builder registry) {
        registry.register("echo", NodeTraits.EFFECTFUL_INLINE, call -> ran(call, call.value("text")));
    }

    private void register(NodeExecutorRegistry.Builder registry) {
        registerEcho(registry);
        registry.register("flaky", NodeTraits.EFFECTFUL_INLINE, call -> {
            if (call.attempt() < 3) {
                throw new RetriableException("not yet");
            }
            return ran(call, "attempt " + call.attempt());
        });
        registry.register(
                "twice",
                NodeTraits.EFFECTFUL_INLINE,
                call -> call.wake().isPresent()
                        ? ran(call, "woken")
                        : NodeResult.suspended(Wake.at(call.now().plusSeconds(2)), Wake.completion("never")));
        registry.register("secondTime", NodeTraits.EFFECTFUL_INLINE, call -> {
            if (iteration(call).endsWith(".0")) {
                throw new RetriableException("the first attempt of the scope fails");
            }
            return ran(call, "done" + call.previous());
        });
        registry.register("bad", NodeTraits.EFFECTFUL_INLINE, call -> {
            throw new RetriableException("always", "bad", null, null);
        });
    }

    private Object ran(ExecutionContext call, Object value) {
        ran.add(call.nodeId() + "/" + iteration(call));
        return value;
    }

    private static String iteration(ExecutionContext call) {
        return call.idempotencyKey().substring(call.idempotencyKey().lastIndexOf('/') + 1);
    }

    private ExecutionHistory finish(RunHandle run) throws Exception {
        for (int second = 0; second < 60 && !run.status().isEnded(); second++) {
            clock.advance(Duration.ofSeconds(1));
        }
        return run.done().get(1, TimeUnit.SECONDS);
    }

    private static Map<String, String> story(ExecutionHistory run) {
        Map<String, String> story = new TreeMap<>();
        for (NodeExecution node : run.nodes()) {
            story.put(node.node() + "/" + node.iteration(), node.status() + " " + node.attempt() + " " + node.output());
        }
        story.put(
                "output",
                run.record().status() + " " + run.record().output() + " "
                        + run.record().variables());
        return story;
    }

    @Test
    void aRunEndsTheSameAfterWhicheverTurnItsProcessDied() throws Exception {
        ExecutionHistory expected = dieAfterEachTurn(WORKFLOW);
        assertThat(expected.output()).isEqualTo(Map.of("count", 11L, "joined", "attempt 3 woken 2", "bad", "always"));
    }

    @Test
    void aRunWithGroupsEndsTheSameAfterWhicheverTurnItsProcessDied() throws Exception {
        ExecutionHistory expected = dieAfterEachTurn(GROUPS);
        assertThat(expected.output()).isEqualTo(Json.parse("""
                        {"count": 3, "each": [{"good": "done06done16"}, null, {"good": "done08done18"}], "failed": ["bad"]}
                        """));
    }

    /** Gives the run that nothing happened to. */
    private ExecutionHistory dieAfterEachTurn(Workflow workflow) throws Exception {
        RunHandle whole =
                runtime().start(StartRequest.of(workflow, "default", Map.of("n", 1), null, Map.of(), List.of()));
        ExecutionHistory expected = finish(whole);
        assertThat(expected.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        List<List<ExecutionFact>> recorded = List.copyOf(turns);
        assertThat(recorded.size()).isGreaterThan(8);
        for (int survived = 1; survived < recorded.size(); survived++) {
            List<ExecutionFact> facts = new ArrayList<>();
            recorded.subList(0, survived).forEach(facts::addAll);
            turns.clear();
            ran.clear();
            // The next process begins in the moment in which the first one died.
            clock = new ManualClock(facts.get(facts.size() - 1).at());
            RunHandle run = Recovery.recover(runtime(), workflow, "default", whole.id(), facts);
            assertThat(story(finish(run))).as("died after turn %s", survived).isEqualTo(story(expected));
            for (ExecutionFact fact : facts) {
                if (fact instanceof ExecutionFact.NodeEnded ended) {
                    assertThat(ran)
                            .as("died after turn %s", survived)
                            .doesNotContain(ended.node() + "/" + ended.iteration());
                }
            }
        }
        return expected;
    }

    @Test
    void whatWasComputedOnceIsReplayedAfterACrash() throws Exception {
        AtomicInteger charges = new AtomicInteger();
        Consumer<NodeExecutorRegistry.Builder> pay =
                registry -> registry.register("pay", NodeTraits.EFFECTFUL_BLOCKING, call -> {
                    Object receipt = call.once("charge", charges::incrementAndGet);
                    return call.wake().isPresent()
                            ? "receipt " + receipt
                            : NodeResult.suspended(Wake.at(call.now().plusSeconds(60)));
                });
        Journal journal = (turn, whenDurable) -> turns.add(turn.facts());
        Workflow workflow = Workflow.builder("pay").start(node("a", "pay")).build();
        RunHandle first = TestRuntimes.with(clock, journal, pay)
                .start(StartRequest.of(workflow, "default", null, null, Map.of(), List.of()));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (recorded().stream().noneMatch(fact -> fact instanceof ExecutionFact.NodeSuspended)) {
            assertThat(System.nanoTime()).as("the node waits within 10 seconds").isLessThan(deadline);
            Thread.onSpinWait();
        }
        List<ExecutionFact> facts = recorded();
        clock = new ManualClock(facts.get(facts.size() - 1).at());
        RunHandle second =
                Recovery.recover(TestRuntimes.with(clock, journal, pay), workflow, "default", first.id(), facts);
        clock.advance(Duration.ofSeconds(61));
        assertThat(second.done().get(10, TimeUnit.SECONDS).output()).isEqualTo("receipt 1");
        assertThat(charges).hasValue(1);
    }

    private List<ExecutionFact> recorded() {
        List<ExecutionFact> facts = new ArrayList<>();
        turns.forEach(facts::addAll);
        return facts;
    }

    @Test
    void aJournalThatIsDurableLaterHoldsBackTheEffects() throws Exception {
        List<Runnable> waiting = new ArrayList<>();
        EngineRuntime runtime = TestRuntimes.with(
                clock,
                (turn, whenDurable) -> {
                    waiting.add(whenDurable);
                    return false;
                },
                this::registerEcho);
        Workflow workflow = Workflow.builder("held")
                .start(manualTrigger("s"))
                .then(node("a", "echo").with("text", "A"))
                .then(node("b", "echo").with("text", "B"))
                .build();
        RunHandle run = runtime.start(StartRequest.of(workflow, "default", null, null, Map.of(), List.of()));
        assertThat(ran).isEmpty();
        waiting.remove(0).run();
        assertThat(ran).containsExactly("a/");
        assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
        waiting.remove(0).run();
        assertThat(ran).containsExactly("a/", "b/");
        assertThat(run.status()).as("its end is not durable").isEqualTo(ExecutionStatus.RUNNING);
        waiting.remove(0).run();
        assertThat(run.done().get(1, TimeUnit.SECONDS).output()).isEqualTo("B");
        assertThat(waiting).isEmpty();
    }

    @Test
    void aJournalThatFailsEndsItsRunAndNoOther() throws Exception {
        int[] appends = {0};
        EngineRuntime runtime = TestRuntimes.with(
                clock,
                (turn, whenDurable) -> {
                    if (appends[0]++ == 0) {
                        throw new IllegalStateException("no connection");
                    }
                    return true;
                },
                this::registerEcho);
        Workflow workflow =
                Workflow.builder("w").start(node("a", "echo").with("text", "A")).build();
        StartRequest request = StartRequest.of(workflow, "default", null, null, Map.of(), List.of());
        ExecutionHistory broken = runtime.start(request).done().get(1, TimeUnit.SECONDS);
        assertThat(broken.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(broken.record().error().message()).contains("cannot advance the run", "no connection");
        assertThat(runtime.start(request).done().get(1, TimeUnit.SECONDS).output())
                .isEqualTo("A");
    }
}
