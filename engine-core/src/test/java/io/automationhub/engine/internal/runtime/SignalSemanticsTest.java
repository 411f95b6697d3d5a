package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.PAUSED;
import static io.automationhub.engine.event.ExecutionStatus.RUNNING;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.sendSignalByKey;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of the table in docs/semantics.md that are about signals, each plain and with a crash after every step. */
class SignalSemanticsTest {

    private static Workflow chain(NodeSpec... nodes) {
        var builder = Workflow.builder("signals").start(manualTrigger("start"));
        for (NodeSpec each : nodes) {
            builder.then(each);
        }
        return builder.build();
    }

    private static Scenario play(Mode mode, Workflow workflow) {
        return new Scenario(mode, workflow).start();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a signal ends the wait for it, and its data are the output")
    void taken(Mode mode) {
        try (Scenario run = play(mode, chain(waitForSignal("wait", "paid")))) {
            assertThat(run.signal("other", "0", 0)).isEqualTo(SignalReceipt.KEPT);
            run.expect(RUNNING);
            assertThat(run.signal("paid", "1", Map.of("amount", 5))).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(Json.write(run.output())).isEqualTo("{\"name\":\"paid\",\"data\":{\"amount\":5}}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("31 signal before its wait / two signals, one wait: kept and taken, the oldest first / second kept")
    void row31(Mode mode) {
        Workflow workflow = chain(
                node("work", "work"),
                waitForSignal("first", "paid"),
                node("more", "work"),
                waitForSignal("second", "paid"),
                format("after", "{{nodes.first.output.data}} {{nodes.second.output.data}}"));
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.signal("paid", "1", "one")).isEqualTo(SignalReceipt.KEPT);
            assertThat(run.signal("paid", "2", "two")).isEqualTo(SignalReceipt.KEPT);
            run.completes("work").expect("first", NodeStatus.SUCCEEDED);
            run.completes("more").expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("one two");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("32 signal and expiry at one instant: the one that is heard first wins; a losing signal is kept")
    void row32(Mode mode) {
        Workflow workflow = chain(
                waitForSignal("wait", "paid").with("expires", "10s"),
                waitForSignal("late", "paid"),
                format("after", "{{nodes.wait.status}} {{nodes.late.output.data}}"));
        Workflow expiring = Workflow.builder("expiring")
                .start(manualTrigger("start"))
                .then(waitForSignal("wait", "paid").with("expires", "10s"))
                .when("timeout", waitForSignal("late", "paid"), format("after", "late {{previous.data}}"))
                .build();
        try (Scenario run = play(mode, expiring)) {
            run.advance(Duration.ofSeconds(10)).expect("wait", NodeStatus.SUCCEEDED);
            assertThat(run.signal("paid", "1", 1)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("late 1");
        }
        try (Scenario run = play(mode, workflow)) {
            run.advance(Duration.ofMillis(9_999));
            assertThat(run.signal("paid", "1", 1)).isEqualTo(SignalReceipt.TAKEN);
            run.advance(Duration.ofMillis(1)).expect(RUNNING);
            assertThat(run.signal("paid", "2", 2)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo("succeeded 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("33 signal to ended run / same id twice: refused / no effect")
    void row33(Mode mode) {
        Workflow workflow = chain(waitForSignal("a", "go"), waitForSignal("b", "go"));
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.signal("go", "1", 1)).isEqualTo(SignalReceipt.TAKEN);
            assertThat(run.signal("go", "1", 1)).isEqualTo(SignalReceipt.REPEATED);
            run.expect(RUNNING);
            assertThat(run.signal("go", "2", 2)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(run.signal("go", "3", 3)).isEqualTo(SignalReceipt.ENDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a wait for several names ends with the first; what comes for the others is kept")
    void severalNames(Mode mode) {
        Workflow workflow = chain(waitForSignal("wait", "accepted", "refused"), waitForSignal("then", "accepted"));
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.signal("refused", "1", null)).isEqualTo(SignalReceipt.TAKEN);
            run.expect("wait", NodeStatus.SUCCEEDED).expect(RUNNING);
            assertThat(run.signal("refused", "2", null)).isEqualTo(SignalReceipt.KEPT);
            assertThat(run.signal("accepted", "3", null)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of several waits for one name that which has been open longest takes a signal")
    void longestOpen(Mode mode) {
        Workflow workflow = Workflow.builder("signals")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[0, 1]").with("parallel", 2),
                        body -> body.then(waitForSignal("wait", "go")))
                .build();
        try (Scenario run = play(mode, workflow)) {
            assertThat(run.signal("go", "1", "a")).isEqualTo(SignalReceipt.TAKEN);
            run.expect("wait@0", NodeStatus.SUCCEEDED).expect("wait@1", NodeStatus.WAITING);
            assertThat(run.signal("go", "2", "b")).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(run.output())
                    .isEqualTo(Json.of(List.of(Map.of("name", "go", "data", "a"), Map.of("name", "go", "data", "b"))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a signal to a paused run is taken at once; what follows begins at resume")
    void paused(Mode mode) {
        try (Scenario run = play(mode, chain(waitForSignal("wait", "go"), format("after", "{{previous.data}}")))) {
            assertThat(run.pause().signal("go", "1", 1)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(PAUSED);
            run.resume().expect(SUCCEEDED);
            assertThat(run.output()).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("37 cancel withdraws a wait for a signal")
    void cancelled(Mode mode) {
        try (Scenario run = play(mode, chain(waitForSignal("wait", "go")))) {
            run.cancel().expect(CANCELLED).expect("wait", NodeStatus.CANCELLED);
            assertThat(run.signal("go", "1", 1)).isEqualTo(SignalReceipt.ENDED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    @DisplayName("a thousand early signals of one name are kept; more are refused")
    void full(Mode mode) {
        try (Scenario run = play(mode, chain(waitForSignal("wait", "go")))) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(run.signal("early", "e" + i, i))
                        .isEqualTo(i < Waits.MAX_KEPT ? SignalReceipt.KEPT : SignalReceipt.FULL);
            }
            assertThat(run.signal("go", "1", 1)).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
        }
    }

    // ---------------------------------------------------------------- by name and key

    private static NodeSpec waitByKey(String id) {
        return waitForSignal(id, "paid").with("key", "{{input.order}}").with("expires", "1h");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a signal with a key reaches the run that waits for it, and no other; once for one id")
    void byKey(Mode mode) {
        Workflow workflow = chain(waitByKey("wait"), node("last", "work").with("data", "{{previous.data}}"));
        try (Scenario run = new Scenario(mode, workflow).start(Map.of("order", 7))) {
            assertThat(run.signalByKey("paid", "8", "a", "other")).isEqualTo(SignalReceipt.KEPT);
            assertThat(run.signalByKey("sent", "7", "b", "other")).isEqualTo(SignalReceipt.KEPT);
            run.expect("wait", NodeStatus.WAITING);
            assertThat(run.signalByKey("paid", "7", "c", "mine")).isEqualTo(SignalReceipt.TAKEN);
            run.expect("wait", NodeStatus.SUCCEEDED).completes("last").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"data\":\"mine\"}");
        }
    }

    @Test
    @DisplayName("a signal with a key that comes before its wait is kept for a time, the oldest first")
    void keptByKey() {
        Workflow workflow = chain(node("work", "work"), waitByKey("wait"), waitByKey("second"), waitByKey("third"));
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start(Map.of("order", 7))) {
            assertThat(run.signalByKey("paid", "7", "a", 1)).isEqualTo(SignalReceipt.KEPT);
            assertThat(run.signalByKey("paid", "7", "a", 1)).isEqualTo(SignalReceipt.REPEATED);
            assertThat(run.signalByKey("paid", "7", "b", 2)).isEqualTo(SignalReceipt.KEPT);
            run.completes("work").expect("third", NodeStatus.WAITING);
            assertThat(run.node("wait").output()).isEqualTo(Map.of("name", "paid", "data", 1L));
            assertThat(run.node("second").output()).isEqualTo(Map.of("name", "paid", "data", 2L));
            run.advance(Duration.ofHours(1)).expect(SUCCEEDED);
        }
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start(Map.of("order", 7))) {
            run.signalByKey("paid", "7", "a", 1);
            run.advance(Duration.ofDays(1)).completes("work").expect("wait", NodeStatus.WAITING);
        }
    }

    @Test
    @DisplayName("the wait that has been open longest takes a signal with a key; a wait that is over takes none")
    void longestOpenByKey() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[1, 2, 3]").with("parallel", 3),
                        body -> body.then(delay("step", Duration.ofSeconds(1)).with("duration", "{{item}}s"))
                                .then(waitForSignal("wait", "go")
                                        .with("key", "k")
                                        .with("expires", "{{item == 1 ? '5s' : '1h'}}")))
                .build();
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start()) {
            run.advance(Duration.ofSeconds(3)).advance(Duration.ofSeconds(4));
            assertThat(run.signalByKey("go", "k", "a", "a")).isEqualTo(SignalReceipt.TAKEN);
            run.expect("wait@0", NodeStatus.SUCCEEDED).expect("wait@1", NodeStatus.SUCCEEDED);
            assertThat(run.node("wait@0").output()).isNull();
            run.expect("wait@2", NodeStatus.WAITING);
            assertThat(run.signalByKey("go", "k", "b", "b")).isEqualTo(SignalReceipt.TAKEN);
            run.expect(SUCCEEDED);
            assertThat(run.signalByKey("go", "k", "c", "c")).isEqualTo(SignalReceipt.KEPT);
        }
    }

    @Test
    @DisplayName("one run sends another a signal by name and key, which neither needs to know the other for")
    void sentByKey() {
        Workflow sender =
                chain(sendSignalByKey("send", "paid", "{{input.order}}").with("data", "from afar"));
        try (Scenario run = new Scenario(
                        Mode.PLAIN,
                        Workflow.builder("both")
                                .start(manualTrigger("start"))
                                .parallel(waitByKey("wait"), callWorkflow("call", "signals"))
                                .build(),
                        sender)
                .start(Map.of("order", 7))) {
            run.awaitEnd().expect(SUCCEEDED);
            assertThat(run.node("wait").output()).isEqualTo(Map.of("name", "paid", "data", "from afar"));
        }
    }

    @Test
    @DisplayName("ten thousand early signals: a thousand of a name and key are kept, further ones are refused")
    void tooManyEarlySignals() {
        try (Scenario run = new Scenario(Mode.PLAIN, chain(node("work", "work"), waitForSignal("w", "x"))).start()) {
            for (int i = 0; i < 10_000; i++) {
                SignalReceipt expected = i < 1000 ? SignalReceipt.KEPT : SignalReceipt.FULL;
                assertThat(run.signal("x", "id" + i, i)).isEqualTo(expected);
                // Each of these is a transaction of its own in a store, also one that is refused.
                if (i < 1200) {
                    assertThat(run.signalByKey("paid", "7", "id" + i, i)).isEqualTo(expected);
                }
            }
        }
    }
}
