package io.automationhub.engine.simulator;

import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;

import io.automationhub.engine.workflow.Flow;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A workflow made from a seed whose result does not depend on what happens first at one instant: retries, timers, signals,
 * called workflows, groups, errors that are lived with, undoing. It may fail, but only when nothing else goes on.
 */
final class RandomRun {

    private final Random random;
    private final List<String> signals = new ArrayList<>();
    private int count;

    final Workflow child;
    final Workflow main;

    RandomRun(Random random) {
        this.random = random;
        child = build("child", 1);
        main = build("main", 0);
    }

    /** The names of the signals that something may wait for. */
    List<String> signals() {
        return signals;
    }

    private Workflow build(String id, int depth) {
        WorkflowBuilder builder = Workflow.builder(id).start(manualTrigger(id + "-start"));
        steps(builder, depth, true, id);
        if (depth == 0 && random.nextInt(3) == 0) {
            builder.then(spec("bad", id)
                    .retry(RetryPolicy.attempts(1 + random.nextInt(2)).delays(Duration.ofSeconds(7), 1, null)));
        }
        return builder.build();
    }

    private <F extends Flow<F>> void steps(F flow, int depth, boolean alone, String id) {
        int steps = 1 + random.nextInt(depth == 0 ? 6 : 3);
        for (int i = 0; i < steps; i++) {
            step(flow, depth, alone, id);
        }
    }

    private NodeSpec spec(String type, String id) {
        return node(id + "-" + type + count++, type);
    }

    private <F extends Flow<F>> void step(F flow, int depth, boolean alone, String id) {
        switch (random.nextInt(depth < 3 ? 12 : 8)) {
            case 0, 1 -> undone(flow, spec("echo", id), id);
            case 2 ->
                flow.then(spec("flaky", id)
                        .with("times", random.nextInt(3))
                        .retry(RetryPolicy.attempts(3).delays(Duration.ofSeconds(1 + random.nextInt(20)), 2, null)));
            case 3, 4 -> flow.then(delay(id + "-delay" + count++, Duration.ofSeconds(1 + random.nextInt(100))));
            case 5 -> {
                if (!alone) {
                    // Which of several waits is the oldest may depend on threads.
                    flow.then(spec("echo", id));
                    break;
                }
                String name = "signal" + random.nextInt(4);
                signals.add(name);
                flow.then(waitForSignal(id + "-wait" + count++, name).with("expires", 1 + random.nextInt(200) + "s"))
                        .when("out", spec("echo", id))
                        .when("timeout", spec("echo", id));
            }
            case 6 -> flow.then(spec("bad", id).onError(OnError.CONTINUE));
            case 7 -> flow.then(spec("echo", id));
            case 8 -> {
                boolean calls = id.equals("main");
                NodeSpec call = callWorkflow(id + "-call" + count++, "child").with("input", Map.of());
                flow.then(calls ? call : spec("echo", id));
            }
            case 9 ->
                flow.group(
                        node(id + "-each" + count++, "forEach")
                                .with("items", "range(1, " + (1 + random.nextInt(3)) + ")")
                                .with("parallel", 1 + random.nextInt(3)),
                        body -> steps(body, depth + 1, false, id));
            case 10 -> {
                List<Consumer<Flow.Body>> branches =
                        List.of(body -> steps(body, depth + 1, false, id), body -> steps(body, depth + 1, false, id));
                flow.parallel(branches);
            }
            default -> scope(flow, depth, alone, id);
        }
    }

    /** Its body fails at first, and is run again as a whole. */
    private <F extends Flow<F>> void scope(F flow, int depth, boolean alone, String id) {
        NodeSpec scope = node(id + "-scope" + count++, "scope")
                .retry(RetryPolicy.attempts(2).delays(Duration.ofSeconds(3), 1, null));
        flow.group(scope, body -> {
            steps(body, depth + 1, alone, id);
            body.then(spec("secondTime", id));
        });
    }

    private <F extends Flow<F>> void undone(F flow, NodeSpec step, String id) {
        NodeSpec undo = spec("undo", id).with("of", "{{previous}}");
        flow.then(step.compensateWith(undo.id())).add(undo);
    }
}
