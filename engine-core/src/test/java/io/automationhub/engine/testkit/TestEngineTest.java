package io.automationhub.engine.testkit;

import static io.automationhub.engine.nodes.Nodes.approval;
import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;
import static io.automationhub.engine.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.Approvals.Decision;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestEngineExtension.class)
class TestEngineTest {

    private static Workflow chain(String id, NodeSpec... nodes) {
        var builder = Workflow.builder(id).start(manualTrigger("start"));
        for (NodeSpec each : nodes) {
            builder.then(each);
        }
        return builder.build();
    }

    /** Retries, waits, a called workflow and an undo: what a crash can hit. */
    private static final Workflow PARENT = Workflow.builder("parent")
            .start(manualTrigger("start"))
            .then(node("book", "book").compensateWith("unbook"))
            .add(node("unbook", "unbook").with("booking", "{{previous}}"))
            .then(node("flaky", "flaky").retry(RetryPolicy.attempts(4).delays(Duration.ofSeconds(10), 2, null)))
            .then(delay("night", Duration.ofHours(8)))
            .then(callWorkflow("call", "child").with("input", Map.of("n", "{{nodes.flaky.output}}")))
            .then(node("last", "last"))
            .build();

    private static final Workflow CHILD =
            chain("child", delay("wait", Duration.ofMinutes(5)), format("say", "child got {{input.n}}"));

    private static TestEngine.Builder flaky(ScriptedNode last) {
        return TestEngine.builder()
                .node("book", ScriptedNode.returns("B1"))
                .node("unbook", ScriptedNode.returns(null))
                .node("flaky", ScriptedNode.fails("busy").thenFails("busy").thenReturns(42))
                .node("last", last)
                .publish(CHILD);
    }

    @Test
    void aWaitOfHoursTakesNoTime() {
        ScriptedNode last = ScriptedNode.returns("done");
        try (TestEngine engine = flaky(last).build()) {
            TestRun run = engine.start(PARENT, null);
            assertThat(run).waitsFor("'flaky' is tried again").attempts("flaky", 1);
            run.advance(Duration.ofSeconds(10)).advance(Duration.ofSeconds(20));
            assertThat(run).waitsFor("'night' waits until").ran("book", "flaky").attempts("flaky", 3);
            run.untilEnd();
            assertThat(run)
                    .succeeded()
                    .hasOutput("done")
                    .ranInOrder("book", "flaky", "night", "call", "last")
                    .output("call", "child got 42")
                    .didNotRun("unbook");
            assertThat(engine.runOf("child")).succeeded();
            assertThat(last.calls())
                    .singleElement()
                    .satisfies(call -> assertThat(call.key()).isEqualTo(run.id() + "/last/"));
            assertThat(engine.clock().nanos())
                    .isEqualTo(Duration.ofHours(8).plusSeconds(330).toNanos());
        }
    }

    @Test
    void aProcessMayDieAfterAnyStep() {
        int crashes = 0;
        for (int step = 1; step < 100; step++) {
            ScriptedNode last = ScriptedNode.returns("done");
            try (TestEngine engine = flaky(last).crashAfter(step).build()) {
                TestRun run = engine.start(PARENT, null).untilEnd();
                assertThat(run).succeeded().hasOutput("done").output("call", "child got 42");
                assertThat(last.calls().stream().map(NodeCall::key).distinct())
                        .as("step %d", step)
                        .hasSize(1);
                if (engine.process().isDead()) {
                    throw new AssertionError("A process that died was not followed by another one");
                }
                crashes++;
            }
        }
        assertThat(crashes).isEqualTo(99);
    }

    @Test
    void aProcessMayDieWithTheEndOfARun_beforeAStoreHasItsHistory() {
        InMemoryWorkflowStore store = new InMemoryWorkflowStore();
        WorkflowStore slow = (WorkflowStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WorkflowStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("ended")) {
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                    return method.invoke(store, arguments);
                });
        for (int step = 1; step < 6; step++) {
            try (TestEngine engine = TestEngine.builder()
                    .engine(host -> host.store(slow))
                    .node("work", ScriptedNode.returns("done"))
                    .crashAfter(step)
                    .build()) {
                assertThat(engine.start(chain("w", node("work", "work")), null).untilEnd())
                        .succeeded()
                        .hasOutput("done");
            }
        }
    }

    @Test
    void everyStepMayFail() {
        for (int step = 1; step <= 5; step++) {
            ScriptedNode last = ScriptedNode.returns("done");
            try (TestEngine engine = flaky(last).failStep(step).build()) {
                TestRun run = engine.start(PARENT, null).untilEnd();
                if (step == 3) {
                    // It is retried.
                    assertThat(run).succeeded();
                } else if (step <= 2) {
                    assertThat(run).failed("injected").didNotRun("unbook", "last");
                } else {
                    assertThat(run).failed("injected").undidEverything().ran("unbook");
                }
            }
        }
    }

    @Test
    void aCrashBetweenTwoLinesOfATest(TestEngine engine) {
        TestRun run = engine.start(chain("w", waitForSignal("wait", "go"), delay("d", Duration.ofHours(1))), null);
        engine.crash();
        run.signal("go", Map.of("n", 1));
        engine.crash().crash();
        assertThat(run.untilEnd()).succeeded().output("wait", Map.of("name", "go", "data", Map.of("n", 1)));
    }

    @Test
    void peopleDecideInOneLine(TestEngine engine) {
        Workflow workflow = Workflow.builder("ask")
                .start(manualTrigger("start"))
                .then(approval("ok", "Pay {{input.amount}}?"))
                .when("approved", format("yes", "paid, {{nodes.ok.output.comment}}"))
                .when("rejected", format("no", "not paid"))
                .build();
        TestRun yes = engine.start(workflow, Map.of("amount", 5));
        TestRun no = engine.start(workflow, Map.of("amount", 6));
        assertThat(yes).waitsFor("Pay 5?");
        yes.decide("ok", Decision.approve("ann").comment("fine"));
        no.reject("ok");
        assertThat(yes).succeeded().output("yes", "paid, fine").node("no", NodeStatus.SKIPPED);
        assertThat(no).succeeded().ran("no").didNotRun("yes");
    }

    @Test
    void whatDoesNotHoldIsSaidWithTheStoryOfTheRun(TestEngine engine) {
        TestRun run = engine.start(chain("w", format("hello", "Hello {{input.name}}")), Map.of("name", "Ada"));
        assertThatThrownBy(() -> assertThat(run).failed("timeout"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "Expected that it is failed, but found succeeded",
                        "The story of run '" + run.id() + "' of workflow 'w':",
                        "+0s       the run began with {\"name\":\"Ada\"}",
                        "+0s       'hello' succeeded with \"Hello Ada\"",
                        "+0s       the run succeeded with \"Hello Ada\"");
        assertThatThrownBy(() -> assertThat(run).ran("nobody")).hasMessageContaining("no run of it");
        assertThatThrownBy(() -> assertThat(run).hasOutput("x")).hasMessageContaining("Hello Ada");
        assertThatThrownBy(() -> run.signal("s", null)).hasMessageContaining("Expected that it goes on");
    }

    @Test
    void aRunThatWaitsForSomebodyDoesNotEndByItself(TestEngine engine) {
        TestRun run = engine.start(chain("w", waitForSignal("wait", "go")), null);
        assertThatThrownBy(run::untilEnd)
                .hasMessageContainingAll("does not end by itself", "Node 'wait' waits for the signal 'go'");
        assertThat(List.of(run.explanation().reasons())).hasSize(1);
    }
}
