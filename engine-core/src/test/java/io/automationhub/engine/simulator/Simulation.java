package io.automationhub.engine.simulator;

import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineTree;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.simulator.RandomGraph.Edge;
import io.automationhub.engine.simulator.RandomGraph.Node;
import io.automationhub.engine.simulator.Reference.Cell;
import io.automationhub.engine.simulator.Reference.State;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One graph, run by the machine and the reference side by side. Everything follows from the seed. */
final class Simulation {

    private static final int MAX_STEPS = 5_000;

    private final long seed;
    private final Random random;
    private final RandomGraph graph;
    private final Reference reference;
    private final Plan plan;
    private final MachineTree tree;
    private final Machine machine;
    private final Set<Integer> inFlight = new TreeSet<>();
    private final List<String> story = new ArrayList<>();
    private boolean coincidence;
    private boolean disturbed;

    Simulation(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        graph = new RandomGraph(random);
        reference = new Reference(graph);
        plan = plan(graph);
        tree = new MachineTree(plan, seed);
        machine = tree.root();
    }

    private static Plan plan(RandomGraph graph) {
        List<Plan.Node> nodes = new ArrayList<>();
        for (int i = 0; i < graph.nodes.size(); i++) {
            Node node = graph.nodes.get(i);
            List<String> handles = new ArrayList<>();
            for (int h = 0; h < node.handles(); h++) {
                handles.add("h" + h);
            }
            RetryPolicy retry = new RetryPolicy(
                    node.maxAttempts(),
                    Duration.ofNanos(node.delay()),
                    1,
                    null,
                    0,
                    node.totalTimeout() == 0 ? null : Duration.ofNanos(node.totalTimeout()),
                    List.of(),
                    List.of());
            nodes.add(new Plan.Node(
                    "n" + i,
                    handles,
                    node.inline(),
                    retry,
                    node.timeout() == 0 ? null : Duration.ofNanos(node.timeout()),
                    OnError.valueOf(node.policy().name()),
                    node.needed(),
                    node.cancelRest(),
                    null));
        }
        List<WorkflowEdge> edges = new ArrayList<>();
        for (Edge edge : graph.edges) {
            String handle = edge.handle() == Reference.ERROR ? "error" : "h" + edge.handle();
            edges.add(new WorkflowEdge(null, "n" + edge.source(), handle, "n" + edge.target()));
        }
        return Plan.compile(
                nodes,
                edges,
                graph.maxParallelism,
                Duration.ofNanos(graph.grace),
                graph.runTimeout == 0 ? null : Duration.ofNanos(graph.runTimeout));
    }

    /** Runs it to its end. */
    void play() {
        try {
            reference.start();
            machine.start(graph.start, 0);
            takeCommands();
            compare();
            for (int step = 0; !machine.isFinished() && !coincidence; step++) {
                Reference.check(step < MAX_STEPS, "the run does not end");
                reference.skippedOrCancelled.clear();
                step();
                if (!coincidence) {
                    takeCommands();
                    compare();
                    compareDue();
                }
            }
            if (!coincidence) {
                compareEnd();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Seed " + seed + ": " + e.getMessage() + "\n" + graph + "\n" + String.join("\n", story), e);
        }
    }

    // ---------------------------------------------------------------- events

    private void step() {
        int choice = random.nextInt(100);
        boolean due = tree.nextDue() != Machine.NEVER;
        if (choice < 1 && !reference.ending) {
            tell("cancel");
            reference.cancel();
            machine.cancel(reference.now);
            disturbed = true;
        } else if (!inFlight.isEmpty() && (choice < 75 || !due)) {
            endAttempt();
        } else if (due) {
            advance();
        } else {
            throw new AssertionError("nothing is in flight and nothing is due, but the run has not ended");
        }
    }

    private void endAttempt() {
        List<Integer> candidates = new ArrayList<>(inFlight);
        int node = candidates.get(random.nextInt(candidates.size()));
        inFlight.remove(node);
        reference.now += random.nextInt(1000);
        if (reference.dues().stream().anyMatch(due -> due <= reference.now)) {
            reference.now -= 1000;
            reference.now = Math.max(reference.now, machine.now());
        }
        int choice = random.nextInt(100);
        boolean asked = reference.cells.get(node).state == State.ENDING;
        if (choice < (asked ? 30 : 72)) {
            Set<Integer> handles = handles(graph.nodes.get(node).handles());
            tell("node " + node + " returns by " + handles);
            reference.succeed(node, "out " + node, handles);
            machine.completed(node, "out " + node, mask(handles), reference.now);
        } else if (choice < 90) {
            fail(node, asked);
        } else if (choice < 97) {
            long wakeAt = random.nextInt(6) == 0 ? Machine.NEVER : reference.now + 1 + random.nextInt(5_000_000);
            tell("node " + node + " waits until " + wakeAt);
            reference.suspend(node, wakeAt);
            machine.suspended(node, wakeAt, reference.now);
            wakeSoonIfNeeded(node, wakeAt);
        } else {
            boolean success = random.nextBoolean();
            tell("node " + node + " stops the run, success " + success);
            reference.stop(node, success);
            machine.stopped(node, "stopped", success ? null : error(node), reference.now);
            disturbed = true;
        }
    }

    private void fail(int node, boolean asked) {
        boolean cancelled = asked && random.nextBoolean();
        boolean retriable = random.nextInt(4) > 0;
        tell("node " + node + " fails, retriable " + retriable + ", cancelled " + cancelled);
        reference.fail(node, cancelled, retriable);
        machine.failed(node, error(node), cancelled ? "cancelled" : "error", retriable, -1, reference.now);
        disturbed = true;
    }

    /** A wait without an instant would last for ever if nobody ended it. */
    private void wakeSoonIfNeeded(int node, long wakeAt) {
        if (wakeAt == Machine.NEVER && reference.cells.get(node).state == State.WAITING) {
            tell("somebody wakes node " + node);
            reference.wake(node);
            Reference.check(machine.woken(node, reference.now), "node " + node + " does not wake");
        }
    }

    private void advance() {
        List<Long> dues = reference.dues();
        long next = Collections.min(dues);
        if (dues.stream().filter(due -> due == next).count() > 1) {
            coincidence = true;
            return;
        }
        reference.now = Math.max(next, reference.now);
        tell("time " + reference.now);
        reference.tick();
        tree.tick(reference.now);
    }

    private Set<Integer> handles(int count) {
        Set<Integer> handles = new TreeSet<>();
        if (random.nextInt(12) > 0) {
            handles.add(random.nextInt(count));
        }
        if (random.nextInt(4) == 0) {
            handles.add(random.nextInt(count));
        }
        return handles;
    }

    private static long mask(Set<Integer> handles) {
        long mask = 0;
        for (int handle : handles) {
            mask |= 1L << handle;
        }
        return mask;
    }

    private static JsonObject error(int node) {
        return JsonObject.of("message", "error of " + node);
    }

    // ---------------------------------------------------------------- comparing

    private void takeCommands() {
        for (long command = tree.next(); command != Machine.NONE; command = tree.next()) {
            int node = Machine.slot(command);
            switch (Machine.operation(command)) {
                case Machine.RUN -> {
                    tell("  run " + node);
                    reference.run(node);
                    comparePrevious(node);
                    inFlight.add(node);
                }
                case Machine.STOP -> tell("  stop " + node);
                case Machine.ABANDON -> {
                    tell("  abandon " + node);
                    Reference.check(inFlight.remove(node), "node " + node + " is abandoned, but does not run");
                }
                default -> throw new AssertionError("unknown command " + command);
            }
        }
        Reference.check(!reference.canRunMore(), "a node could run, but the machine does not run it");
    }

    private void comparePrevious(int node) {
        if (machine.isRoot(node)) {
            return;
        }
        Object expected =
                graph.nodes.get(node).needed() > 0 ? reference.cells.get(node).arrived : reference.previous(node);
        Object actual = machine.previous(node);
        Reference.check(
                normal(expected).equals(normal(actual)),
                "previous of " + node + " is " + actual + ", expected " + expected);
    }

    private static String normal(Object previous) {
        if (previous instanceof JsonObject timeout && timeout.get("node") instanceof String node) {
            return "error of " + node.substring(1);
        }
        if (previous instanceof JsonObject error && error.containsKey("message")) {
            return String.valueOf(error.get("message"));
        }
        if (previous instanceof JsonObject many) {
            Map<Integer, String> sorted = new TreeMap<>();
            many.forEach((id, value) -> sorted.put(Integer.parseInt(id.substring(1)), normal(value)));
            return sorted.toString();
        }
        if (previous instanceof Map<?, ?> many) {
            Map<Integer, String> sorted = new TreeMap<>();
            many.forEach((id, value) -> sorted.put((Integer) id, normal(value)));
            return sorted.toString();
        }
        return String.valueOf(previous);
    }

    private void compare() {
        for (int i = 0; i < graph.nodes.size(); i++) {
            Cell expected = reference.cells.get(i);
            State actual = state(machine.status(i));
            boolean either =
                    reference.skippedOrCancelled.contains(i) && (actual == State.SKIPPED || actual == State.CANCELLED);
            if (either) {
                expected.state = actual;
            }
            Reference.check(expected.state == actual, "node " + i + " is " + actual + ", expected " + expected.state);
            if (expected.state != State.READY && expected.state != State.BACKOFF) {
                Reference.check(
                        machine.attempt(i) == expected.attempt,
                        "node " + i + " is at attempt " + machine.attempt(i) + ", expected " + expected.attempt);
            }
        }
    }

    private void compareDue() {
        long expected = reference.dues().stream().min(Long::compare).orElse(Machine.NEVER);
        Reference.check(tree.nextDue() == expected, "next due is " + tree.nextDue() + ", expected " + expected);
    }

    private static State state(byte status) {
        return switch (status) {
            case Status.PENDING -> State.PENDING;
            case Status.READY -> State.READY;
            case Status.RUNNING -> State.RUNNING;
            case Status.ENDING -> State.ENDING;
            case Status.SUSPENDED -> State.WAITING;
            case Status.BACKOFF -> State.BACKOFF;
            case Status.SUCCEEDED -> State.SUCCEEDED;
            case Status.FAILED -> State.FAILED;
            case Status.SKIPPED -> State.SKIPPED;
            case Status.CANCELLED -> State.CANCELLED;
            default -> throw new AssertionError("unknown status " + status);
        };
    }

    private void compareEnd() {
        Outcome outcome = machine.outcome();
        Reference.check(
                outcome.name().equals(reference.run.name()), "the run is " + outcome + ", expected " + reference.run);
        Reference.check(inFlight.isEmpty(), "the run ended, but " + inFlight + " are in flight");
    }

    private void tell(String what) {
        story.add(what);
    }

    // ---------------------------------------------------------------- what it was like

    int size() {
        return graph.nodes.size();
    }

    boolean hasJoin() {
        return graph.hasJoin();
    }

    /** Whether something failed, or the run was cancelled or stopped. */
    boolean isDisturbed() {
        return disturbed;
    }

    /** Whether two things were due in the same nanosecond, where either order is right, so that it was given up. */
    boolean isCoincidence() {
        return coincidence;
    }
}
