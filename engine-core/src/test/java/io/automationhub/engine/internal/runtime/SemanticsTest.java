package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.FAILED;
import static io.automationhub.engine.event.ExecutionStatus.PAUSED;
import static io.automationhub.engine.event.ExecutionStatus.RUNNING;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.choice;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static io.automationhub.engine.nodes.Nodes.stop;
import static io.automationhub.engine.nodes.Nodes.stopFailed;
import static io.automationhub.engine.nodes.Nodes.switchAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of semantics, row by row ({@code docs/semantics.md}), each plain and with a crash after every step. */
class SemanticsTest {

    private static final RetryPolicy FOUR_TIMES =
            RetryPolicy.attempts(4).delays(Duration.ofSeconds(1), 2, Duration.ofSeconds(30));

    private static NodeSpec work(String id) {
        return node(id, "work");
    }

    /** a and b side by side, then join. */
    private static WorkflowBuilder fork(NodeSpec a, NodeSpec b, NodeSpec join) {
        return Workflow.builder("fork")
                .start(manualTrigger("start"))
                .parallel(a, b)
                .then(join);
    }

    /** A condition that takes one of two ways, which meet again. */
    private static Workflow diamond(Join join) {
        return Workflow.builder("diamond")
                .start(manualTrigger("start"))
                .then(condition("if", "input.yes"))
                .when("true", work("a"))
                .when("false", work("b"))
                .then(work("join").join(join))
                .build();
    }

    private static Scenario play(Mode mode, Workflow workflow) {
        return new Scenario(mode, workflow).start();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1 all-join: one taken, one dead: runs once when the last resolves")
    void row1(Mode mode) {
        try (Scenario run = new Scenario(mode, diamond(Join.ALL)).start(Map.of("yes", true))) {
            assertThat(run.isStarted("join")).isFalse();
            run.completes("a").completes("join", "done").expect(SUCCEEDED).expect("b", NodeStatus.SKIPPED);
            assertThat(run.output()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1 all-join: all dead: skipped, edges die")
    void row1AllDead(Mode mode) {
        Workflow workflow = Workflow.builder("dead")
                .start(manualTrigger("start"))
                .then(work("a"))
                .when("left", work("l1"))
                .when("right", work("r1"))
                .then(work("join"))
                .then(work("after"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a")
                    .expect(SUCCEEDED)
                    .expect("join", NodeStatus.SKIPPED)
                    .expect("after", NodeStatus.SKIPPED);
            assertThat(run.output()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("2 any-join, two taken: runs at the first; the second changes nothing; run waits for the loser")
    void row2(Mode mode) {
        try (Scenario run = play(
                mode, fork(work("a"), work("b"), work("join").join(Join.ANY)).build())) {
            run.completes("b");
            assertThat(run.isStarted("join")).isTrue();
            run.completes("join", "first").expect(RUNNING);
            run.completes("a").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("first");
            assertThat(run.node("join").attempt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("2 any-join: previous is what had arrived when it fired")
    void row2Previous(Mode mode) {
        Workflow workflow = fork(
                        work("a"), work("b"), work("join").join(Join.ANY).with("got", "{{previous}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("b", "from b")
                    .completes("a", "from a")
                    .completes("join")
                    .expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"got\":\"from b\"}").noneMatch(config -> config.contains("from a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "3 any-join with cancelRest: nodes that lead only to the join are cancelled; one with another way goes on")
    void row3(Mode mode) {
        Workflow workflow = Workflow.builder("race")
                .start(manualTrigger("start"))
                .add(work("a"))
                .add(work("b"))
                .add(work("b2"))
                .add(work("c"))
                .add(work("elsewhere"))
                .add(work("join").join(Join.ANY).cancelRest())
                .edge("start", "a")
                .edge("start", "b")
                .edge("start", "c")
                .edge("b", "b2")
                .edge("a", "join")
                .edge("b2", "join")
                .edge("c", "join")
                .edge("c", "elsewhere")
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a").expect("b2", NodeStatus.CANCELLED);
            run.expect("b", NodeStatus.CANCELLED)
                    .completes("join", "won")
                    .completes("c")
                    .completes("elsewhere", 7);
            run.expect(SUCCEEDED).expect("c", NodeStatus.SUCCEEDED);
            assertThat(run.isStarted("b2")).isFalse();
            assertThat(run.output()).isEqualTo(Map.of("join", "won", "elsewhere", 7L));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("4 any-join fired, loser then fails: run fails")
    void row4(Mode mode) {
        try (Scenario run = play(
                mode, fork(work("a"), work("b"), work("join").join(Join.ANY)).build())) {
            run.completes("a").completes("join").failsForGood("b").expect(FAILED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("node", "b");
        }
    }

    private static Workflow twoOfThree() {
        return Workflow.builder("two-of-three")
                .start(manualTrigger("start"))
                .parallel(work("a"), work("b"), work("c"))
                .then(work("join").join(Join.count(2)))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5 count 2 of 3: taken, dead, taken: runs at the second taken")
    void row5Runs(Mode mode) {
        try (Scenario run = play(mode, twoOfThree())) {
            run.completes("a").takes("b", "left");
            assertThat(run.isStarted("join")).isFalse();
            run.completes("c").completes("join", "two").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("two");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5 count 2 of 3: taken, dead, dead: skipped at the second dead")
    void row5Skipped(Mode mode) {
        try (Scenario run = play(mode, twoOfThree())) {
            run.completes("a")
                    .takes("b", "left")
                    .takes("c", "left")
                    .expect(SUCCEEDED)
                    .expect("join", NodeStatus.SKIPPED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("6 both handles of a condition lead to one node: runs once")
    void row6(Mode mode) {
        Workflow workflow = Workflow.builder("both")
                .start(manualTrigger("start"))
                .then(condition("if", "input.yes"))
                .when("true")
                .when("false")
                .then(work("next"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("next").expect(SUCCEEDED);
            assertThat(run.node("next").attempt()).isEqualTo(1);
        }
    }

    private static Workflow switchOfTwo() {
        return Workflow.builder("switch")
                .start(manualTrigger("start"))
                .then(switchAll("which", choice("big", "input.n > 10"), choice("even", "input.n % 2 == 0")))
                .when("big", work("big"))
                .when("even", work("even"))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("7 switch all, two match: both edges taken")
    void row7Both(Mode mode) {
        try (Scenario run = new Scenario(mode, switchOfTwo()).start(Map.of("n", 12))) {
            run.completes("big").completes("even").expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("7 switch all, none matches, no default edge: all dead, run succeeds")
    void row7None(Mode mode) {
        try (Scenario run = new Scenario(mode, switchOfTwo()).start(Map.of("n", 3))) {
            run.expect(SUCCEEDED).expect("big", NodeStatus.SKIPPED).expect("even", NodeStatus.SKIPPED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("8 node fails, sibling runs: sibling cancelled, run failed with the first error")
    void row8(Mode mode) {
        try (Scenario run = play(mode, fork(work("a"), work("b"), work("join")).build())) {
            run.failsForGood("a")
                    .expect(FAILED)
                    .expect("b", NodeStatus.CANCELLED)
                    .expect("a", NodeStatus.FAILED);
            assertThat(run.hasRun("join")).isFalse();
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("node", "a");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("8 sibling succeeding within grace stays succeeded")
    void row8Grace(Mode mode) {
        Workflow workflow = fork(work("a"), node("b", "stubborn"), work("join")).build();
        try (Scenario run = play(mode, workflow)) {
            run.failsForGood("a").expect(RUNNING);
            assertThat(run.stopRequests("b")).isEqualTo(1);
            run.advance(Duration.ofSeconds(29)).completes("b", "late but good").expect(FAILED);
            run.expect("b", NodeStatus.SUCCEEDED);
            assertThat(run.node("b").output()).isEqualTo("late but good");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("8 what does not end within cancelGrace is abandoned and counted")
    void row8Abandoned(Mode mode) {
        Workflow workflow = fork(work("a"), node("b", "stubborn"), work("join"))
                .cancelGrace(Duration.ofSeconds(5))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.failsForGood("a").advance(Duration.ofMillis(4_999)).expect(RUNNING);
            run.advance(Duration.ofMillis(1)).expect(FAILED).expect("b", NodeStatus.CANCELLED);
            assertThat(run.abandoned()).isEqualTo(1);
            run.completes("b", "too late").expect("b", NodeStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("9 continue: status failed, out taken, output is the error, run can succeed")
    void row9(Mode mode) {
        Workflow workflow = Workflow.builder("continue")
                .start(manualTrigger("start"))
                .then(work("a").onError(OnError.CONTINUE))
                .then(format("after", "{{nodes.a.output.kind}} {{nodes.a.status}} {{previous.message}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.failsForGood("a").expect(SUCCEEDED).expect("a", NodeStatus.FAILED);
            assertThat(run.output()).isEqualTo("config failed a failed");
        }
    }

    private static Workflow routed() {
        return Workflow.builder("route")
                .start(manualTrigger("start"))
                .then(work("a").onError(OnError.ROUTE))
                .when("out", work("good"))
                .when("error", format("bad", "{{previous.kind}}: {{nodes.a.error.message}}"))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("10 route, failure: only error taken")
    void row10Failure(Mode mode) {
        try (Scenario run = play(mode, routed())) {
            run.failsForGood("a").expect(SUCCEEDED).expect("good", NodeStatus.SKIPPED);
            assertThat(run.node("bad").output()).isEqualTo("config: a failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("10 route, success: error dead")
    void row10Success(Mode mode) {
        try (Scenario run = play(mode, routed())) {
            run.completes("a").completes("good").expect(SUCCEEDED).expect("bad", NodeStatus.SKIPPED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("11 abort kind at attempt 1 of 4: no further attempt, then onError")
    void row11(Mode mode) {
        Workflow workflow = Workflow.builder("abort")
                .start(manualTrigger("start"))
                .then(work("a").retry(FOUR_TIMES.abortingOn("refused")).onError(OnError.CONTINUE))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a", "refused").expect(SUCCEEDED).expect("a", NodeStatus.FAILED);
            assertThat(run.node("a").attempt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("11 retryOn names the only kinds that are retried")
    void row11RetryOn(Mode mode) {
        Workflow workflow = Workflow.builder("retry-on")
                .start(manualTrigger("start"))
                .then(work("a").retry(FOUR_TIMES.retryingOn("busy")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a", "busy").expect(RUNNING);
            run.advance(Duration.ofSeconds(1)).fails("a", "other").expect(FAILED);
            assertThat(run.node("a").attempt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("12 Retry-After beyond maxDelay: waits Retry-After")
    void row12(Mode mode) {
        Workflow workflow = Workflow.builder("retry-after")
                .start(manualTrigger("start"))
                .then(work("a").retry(FOUR_TIMES))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.failsAskingToWait("a", Duration.ofMinutes(2)).advance(Duration.ofSeconds(119));
            assertThat(run.starts).doesNotContain("a#2");
            run.advance(Duration.ofSeconds(1)).completes("a").expect(SUCCEEDED);
            assertThat(run.node("a").attempt()).isEqualTo(2);
            assertThat(run.node("a").failedAttempts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("12 Retry-After beyond totalTimeout: fails at once")
    void row12Total(Mode mode) {
        Workflow workflow = Workflow.builder("retry-after")
                .start(manualTrigger("start"))
                .then(work("a").retry(FOUR_TIMES.within(Duration.ofMinutes(1))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.failsAskingToWait("a", Duration.ofMinutes(2)).expect(FAILED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("kind", "busy");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("12 delays grow by the multiplier up to maxDelay; attempts are bounded")
    void row12Delays(Mode mode) {
        Workflow workflow = Workflow.builder("delays")
                .start(manualTrigger("start"))
                .then(work("a").retry(RetryPolicy.attempts(4).delays(Duration.ofSeconds(1), 3, Duration.ofSeconds(5))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            for (int seconds : new int[] {1, 3, 5}) {
                long before = run.startCount("a");
                run.fails("a").advance(Duration.ofMillis(seconds * 1000L - 1));
                assertThat(run.startCount("a")).isEqualTo(before);
                run.advance(Duration.ofMillis(1));
                assertThat(run.startCount("a")).isGreaterThan(before);
            }
            run.fails("a").expect(FAILED);
            assertThat(run.node("a").attempt()).isEqualTo(4);
            assertThat(run.node("a").failedAttempts()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("13 attempt times out, thread ignores interrupt: next attempt after grace; late result ignored")
    void row13(Mode mode) {
        Workflow workflow = Workflow.builder("slow")
                .start(manualTrigger("start"))
                .then(node("a", "stubborn")
                        .timeout(Duration.ofSeconds(10))
                        .retry(RetryPolicy.attempts(2).delays(Duration.ZERO, 1, null)))
                .cancelGrace(Duration.ofSeconds(3))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.awaitStart("a").advance(Duration.ofSeconds(10));
            var abandoned = run.detach("a");
            run.awaitStopRequest("a").advance(Duration.ofSeconds(3));
            abandoned.complete("too late");
            run.completes("a", "second").awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("second");
            assertThat(run.abandoned()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("13 attempt times out and ends when asked: next attempt at once; the last time-out fails the node")
    void row13Ends(Mode mode) {
        Workflow workflow = Workflow.builder("slow")
                .start(manualTrigger("start"))
                .then(work("a")
                        .timeout(Duration.ofSeconds(10))
                        .retry(RetryPolicy.attempts(2).delays(Duration.ZERO, 1, null)))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.detach("a");
            run.advance(Duration.ofSeconds(10));
            run.awaitStart("a").advance(Duration.ofSeconds(10));
            run.awaitEnd().expect(FAILED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("kind", "timeout");
            assertThat(run.node("a").attempt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("14 crash in attempt 2 of 4: attempt 2 again, same key; still 4 in all")
    void row14(Mode mode) {
        Workflow workflow = Workflow.builder("retry")
                .start(manualTrigger("start"))
                .then(work("a").retry(FOUR_TIMES).with("x", "{{input.x}}"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("x", 1))) {
            run.fails("a").advance(Duration.ofSeconds(1)).fails("a").advance(Duration.ofSeconds(2));
            run.fails("a").advance(Duration.ofSeconds(4)).fails("a").expect(FAILED);
            assertThat(run.node("a").attempt()).isEqualTo(4);
            assertThat(run.keys).containsOnly(run.record().id() + "/a/");
            assertThat(run.configs).containsOnly("{\"x\":1}");
            if (mode == Mode.CRASHING) {
                assertThat(run.starts).containsSequence("a#2", "a#2");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("17 variable changed by another branch between attempts: attempt 2 has the old input")
    void row17(Mode mode) {
        Workflow workflow = Workflow.builder("rendered-once")
                .variable("x", Type.INTEGER, 1)
                .start(manualTrigger("start"))
                .parallel(List.of(
                        body -> body.then(work("a").retry(FOUR_TIMES).with("x", "{{x}}")),
                        body -> body.then(work("b")).then(set("change", Map.of("x", 2)))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a")
                    .completes("b")
                    .advance(Duration.ofSeconds(1))
                    .completes("a")
                    .expect(SUCCEEDED);
            assertThat(run.record().variables()).isEqualTo(Map.of("x", 2L));
            assertThat(run.configs).contains("{\"x\":1}").doesNotContain("{\"x\":2}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("18 two parallel inline x = x + 1: x + 2")
    void row18(Mode mode) {
        Workflow workflow = Workflow.builder("count")
                .variable("x", Type.INTEGER, 5)
                .start(manualTrigger("start"))
                .parallel(set("one", Map.of("x", "{{x + 1}}")), set("two", Map.of("x", "{{x + 1}}")))
                .then(format("sum", "{{x}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(7L);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("19 read of a skipped node: null with status")
    void row19(Mode mode) {
        Workflow workflow = Workflow.builder("skipped")
                .start(manualTrigger("start"))
                .then(condition("if", "input.yes"))
                .when("true", work("a"))
                .when("false")
                .then(format("read", "{{nodes.a.output}}|{{nodes.a.status}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.output()).isEqualTo("|skipped");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("26 stop(success) beside a running sibling: sibling cancelled, run succeeded with its output")
    void row26(Mode mode) {
        Workflow workflow = Workflow.builder("stop")
                .start(manualTrigger("start"))
                .parallel(List.of(
                        body -> body.then(work("slow")),
                        body -> body.then(work("quick")).then(stop("enough", Map.of("found", "{{previous}}")))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("quick", 42).expect(SUCCEEDED).expect("slow", NodeStatus.CANCELLED);
            assertThat(run.output()).isEqualTo(Map.of("found", 42L));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("26 a stop that waits for a stubborn sibling still succeeds")
    void row26Stubborn(Mode mode) {
        Workflow workflow = Workflow.builder("stop")
                .start(manualTrigger("start"))
                .parallel(List.of(
                        body -> body.then(node("slow", "stubborn")),
                        body -> body.then(work("quick")).then(stop("enough", 1))))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("quick").expect(RUNNING);
            run.advance(Duration.ofSeconds(30)).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("27 stop(failure): run failed, its output wins")
    void row27(Mode mode) {
        Workflow workflow = Workflow.builder("stop")
                .start(manualTrigger("start"))
                .then(work("a"))
                .then(stopFailed("end", "no use").with("output", "{{previous}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a", "partial").expect(FAILED);
            assertThat(run.output()).isEqualTo("partial");
            assertThat(run.record().error())
                    .hasFieldOrPropertyWithValue("kind", "stop")
                    .hasFieldOrPropertyWithValue("message", "no use");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("28 pause while a node runs: it ends and is recorded; successors start at resume")
    void row28(Mode mode) {
        Workflow workflow = Workflow.builder("pause")
                .start(manualTrigger("start"))
                .then(work("a"))
                .then(format("inline", "{{previous}}?"))
                .then(work("b"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.pause().expect(PAUSED).completes("a", 1).expect("a", NodeStatus.SUCCEEDED);
            assertThat(run.hasRun("inline")).isFalse();
            run.resume().expect(RUNNING).expect("inline", NodeStatus.SUCCEEDED);
            run.completes("b").expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("29 retry or timer due while paused: starts at resume; a wait's end is recorded at once")
    void row29(Mode mode) {
        Workflow workflow = fork(work("a").retry(FOUR_TIMES), delay("wait", Duration.ofSeconds(5)), work("join"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a").pause().advance(Duration.ofSeconds(10)).expect(PAUSED);
            assertThat(run.startCount("a#2")).isZero();
            assertThat(run.journal()).anyMatch(fact -> fact instanceof ExecutionFact.NodeWoken);
            run.resume().completes("a").completes("join").expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("30 run deadline passes while paused: run fails with kind timeout")
    void row30(Mode mode) {
        Workflow workflow = fork(work("a"), work("b"), work("join"))
                .timeout(Duration.ofMinutes(5))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a").pause().advance(Duration.ofMinutes(5)).expect(FAILED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("kind", "timeout");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CRASHING")
    @DisplayName("28 crash while paused: an attempt that was in flight begins again at resume")
    void row28Crash(Mode mode) {
        Workflow workflow = Workflow.builder("pause")
                .start(manualTrigger("start"))
                .then(work("a"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            long before = run.pause().startCount("a");
            assertThat(run.resume().startCount("a")).isGreaterThan(before);
            run.completes("a", 1).expect(SUCCEEDED);
            assertThat(run.node("a").attempt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a paused run can be cancelled")
    void cancelPaused(Mode mode) {
        Workflow workflow = fork(work("a"), work("b"), work("join")).build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a").pause().cancel().expect(CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("a paused run that has nothing left to do ends")
    void nothingLeft(Mode mode) {
        Workflow workflow = Workflow.builder("pause")
                .start(manualTrigger("start"))
                .then(work("a"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.pause().completes("a", 1).expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("35 process dies with part of a timer gone: it fires at its time")
    void row35(Mode mode) {
        Workflow workflow = Workflow.builder("timer")
                .start(manualTrigger("start"))
                .then(delay("wait", Duration.ofSeconds(60)))
                .then(format("after", "done"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.advance(Duration.ofSeconds(40)).expect(RUNNING);
            run.advance(Duration.ofMillis(19_999)).expect(RUNNING);
            run.advance(Duration.ofMillis(1)).expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("37 cancel with wait, timer and attempt: all withdrawn, status cancelled")
    void row37(Mode mode) {
        Workflow workflow = fork(work("a"), delay("wait", Duration.ofHours(1)), work("join"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.cancel().expect(CANCELLED).expect("a", NodeStatus.CANCELLED).expect("wait", NodeStatus.CANCELLED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("kind", "cancelled");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the run's time-out fails it, and withdraws what waits")
    void runTimeout(Mode mode) {
        Workflow workflow = fork(work("a"), delay("wait", Duration.ofHours(1)), work("join"))
                .timeout(Duration.ofMinutes(5))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.advance(Duration.ofMinutes(4)).expect(RUNNING);
            run.advance(Duration.ofMinutes(1)).expect(FAILED);
            assertThat(run.record().error()).hasFieldOrPropertyWithValue("kind", "timeout");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a fail node fails its scope with its kind")
    void failNode(Mode mode) {
        Workflow workflow = Workflow.builder("fail")
                .start(manualTrigger("start"))
                .then(fail("end", "stock", "{{input.item}} is sold out"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("item", "A-1"))) {
            run.expect(FAILED);
            assertThat(run.record().error())
                    .hasFieldOrPropertyWithValue("kind", "stock")
                    .hasFieldOrPropertyWithValue("message", "A-1 is sold out");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a disabled node passes previous through")
    void disabled(Mode mode) {
        Workflow workflow = Workflow.builder("disabled")
                .start(manualTrigger("start"))
                .then(work("a"))
                .then(work("off").disabled())
                .then(format("after", "{{previous}} and {{nodes.off.output}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a", "kept").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("kept and kept");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("at most maxParallelism attempts run; inline nodes do not count")
    void maxParallelism(Mode mode) {
        Workflow workflow = Workflow.builder("bounded")
                .maxParallelism(2)
                .start(manualTrigger("start"))
                .parallel(
                        work("a").timeout(Duration.ofHours(1)),
                        work("b").timeout(Duration.ofHours(1)),
                        work("c").timeout(Duration.ofHours(1)),
                        calculate("d", Map.of("x", "1")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.awaitStart("a").awaitStart("b");
            assertThat(run.isStarted("c")).isFalse();
            run.expect("d", NodeStatus.SUCCEEDED)
                    .completes("a")
                    .awaitStart("c")
                    .completes("b")
                    .completes("c");
            run.awaitEnd().expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("13 the late result of an attempt that took too long writes no variable")
    void lateResultWritesNothing(Mode mode) {
        Workflow workflow = Workflow.builder("late")
                .variable("x", Type.INTEGER, 1)
                .start(manualTrigger("start"))
                .then(node("a", "stubborn").timeout(Duration.ofSeconds(10)).onError(OnError.CONTINUE))
                .then(format("after", "{{x}} {{nodes.a.error.kind}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.awaitStart("a").advance(Duration.ofSeconds(10)).awaitStopRequest("a");
            run.completes("a", NodeResult.completed("late").settingVariables(Map.of("x", 2)));
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("1 timeout");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a completion that comes before its wait is kept over a crash; each name counts once")
    void completions(Mode mode) {
        Workflow workflow = Workflow.builder("wait")
                .start(manualTrigger("start"))
                .then(work("a"))
                .then(work("b"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.complete("paid", 5)).isTrue();
            assertThat(run.complete("paid", 6)).isFalse();
            run.completes("a", NodeResult.suspended(Wake.completion("paid"), Wake.completion("refused")));
            run.completes("a", "woken").completes("b", NodeResult.suspended(Wake.completion("shipped")));
            assertThat(run.complete("shipped", "today")).isTrue();
            run.completes("b", "end").expect(SUCCEEDED);
            assertThat(run.wakes)
                    .contains("ByCompletion[name=paid, value=5]", "ByCompletion[name=shipped, value=today]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a wait for a name that was completed before, or that another node waits for, is refused")
    void namesAreUnique(Mode mode) {
        Workflow workflow = fork(work("a"), work("b"), work("join")).build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a", NodeResult.suspended(Wake.completion("same")));
            run.completes("b", NodeResult.suspended(Wake.completion("same"))).expect(FAILED);
            assertThat(run.record().error().message()).contains("already waited for");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the wakes that lost are withdrawn: their names do not wake a later wait, and others may use them")
    void losingWakesAreWithdrawn(Mode mode) {
        Workflow workflow = fork(work("a"), work("b"), work("join")).build();
        try (Scenario run = play(mode, workflow)) {
            Instant soon = Instant.parse("2026-01-01T00:00:10Z");
            Instant later = Instant.parse("2026-01-01T00:01:00Z");
            run.completes("a", NodeResult.suspended(Wake.at(soon), Wake.completion("reply")));
            run.advance(Duration.ofSeconds(10)).completes("a", NodeResult.suspended(Wake.at(later)));
            run.completes("b", NodeResult.suspended(Wake.completion("reply"))).expect("b", NodeStatus.WAITING);
            assertThat(run.complete("reply", "for b")).isTrue();
            run.expect("a", NodeStatus.WAITING).completes("b").advance(Duration.ofSeconds(50));
            run.completes("a").completes("join").expect(SUCCEEDED);
            assertThat(run.wakes).contains("ByTime[]", "ByCompletion[name=reply, value=for b]");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("each wait and each wake is a fact of its own, also where they follow each other in one turn")
    void waitsInOneTurnAreFacts(Mode mode) {
        Workflow workflow = Workflow.builder("early")
                .start(manualTrigger("start"))
                .then(work("a"))
                .then(node("b", "twoWaits"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.complete("first", 1);
            run.completes("a").expect("b", NodeStatus.WAITING);
            assertThat(run.complete("second", 2)).isTrue();
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("second");
            assertThat(run.journal())
                    .filteredOn(fact -> fact instanceof ExecutionFact.NodeWoken)
                    .extracting(fact -> ((ExecutionFact.NodeWoken) fact).by())
                    .containsExactly(new Woken.ByCompletion("first", 1L), new Woken.ByCompletion("second", 2L));
            assertThat(run.journal())
                    .filteredOn(fact -> fact instanceof ExecutionFact.NodeSuspended)
                    .extracting(fact -> ((ExecutionFact.NodeSuspended) fact).wakes())
                    .containsExactly(List.of(Wake.completion("first")), List.of(Wake.completion("second")));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a retry without delay is recorded with the time at which it is due")
    void retryWithoutDelay(Mode mode) {
        Workflow workflow = Workflow.builder("at-once")
                .start(manualTrigger("start"))
                .then(work("a").retry(RetryPolicy.attempts(2).delays(Duration.ZERO, 1, null)))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.fails("a").completes("a").expect(SUCCEEDED);
            assertThat(run.journal())
                    .filteredOn(fact -> fact instanceof ExecutionFact.AttemptFailed)
                    .singleElement()
                    .satisfies(fact -> assertThat(((ExecutionFact.AttemptFailed) fact).retryAt())
                            .isEqualTo(fact.at()));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what a node passes on of several others comes to the next join member by member, however deep")
    void gathered(Mode mode) {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .parallel(work("a"), work("b"))
                .then(log("first", "joined"))
                .then(log("second", "passed on"))
                .parallel(List.of(body -> body.then(log("third", "and on")), body -> body.then(work("c"))))
                .then(work("last").with("previous", "{{previous}}"))
                .build();
        try (Scenario run = play(mode, workflow)) {
            run.completes("a", 1).completes("b", 2).completes("c", 3);
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"previous\":{\"a\":1,\"b\":2,\"c\":3}}");
        }
    }
}
