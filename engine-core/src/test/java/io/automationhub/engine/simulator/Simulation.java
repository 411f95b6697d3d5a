package io.automationhub.engine.simulator;

import io.automationhub.engine.internal.machine.CompensationRun;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineTree;
import io.automationhub.engine.internal.machine.OnItemError;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.simulator.RandomGraph.Edge;
import io.automationhub.engine.simulator.RandomGraph.Node;
import io.automationhub.engine.simulator.Reference.Cell;
import io.automationhub.engine.simulator.Reference.State;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One graph, run by the machine and the reference side by side. Everything follows from the seed. */
final class Simulation {

    private static final int MAX_STEPS = 5_000;

    private final long seed;
    private final Random random;
    private final RandomGraph graph;
    private final Reference reference;
    private final MachineTree tree;
    private final List<Place> inFlight = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final boolean pauses;
    private boolean coincidence;
    private boolean disturbed;

    /** A node in a scope, as both sides know it. */
    private record Place(Reference scope, Machine machine, int node) {

        Cell cell() {
            return scope.cells.get(node);
        }

        Node spec() {
            return scope.graph().nodes.get(node);
        }

        @Override
        public String toString() {
            String path = String.valueOf(node);
            for (Reference at = scope; at.parent != null; at = at.parent) {
                path = at.group + "[" + at.index + "]/" + path;
            }
            return path;
        }
    }

    Simulation(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        graph = new RandomGraph(random);
        pauses = random.nextInt(4) == 0;
        reference = new Reference(graph);
        tree = new MachineTree(plan(graph), seed);
        tree.root().attach(reference);
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
                    false,
                    false,
                    node.group() == null ? null : plan(node.group().body())));
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

    /** What the reference knows of a machine. */
    private static Reference of(Machine machine) {
        if (machine.attachment() instanceof Reference known) {
            return known;
        }
        GroupRun group = Objects.requireNonNull(machine.group());
        Reference.GroupState state = of(group.parent()).cells.get(group.slot()).group;
        Reference iteration = state == null ? null : state.live.get(machine.index());
        Reference.check(iteration != null, "iteration " + machine.index() + " should not go on");
        machine.attach(iteration);
        return iteration;
    }

    /** Runs it to its end. */
    void play() {
        try {
            reference.start();
            tree.root().start(graph.start, 0);
            takeCommands();
            compare();
            for (int step = 0; !tree.root().isFinished() && !coincidence; step++) {
                Reference.check(step < MAX_STEPS, "the run does not end");
                reference.all().forEach(scope -> scope.skippedOrCancelled.clear());
                step();
                if (!coincidence) {
                    takeCommands();
                    compare();
                    compareDue();
                }
            }
            if (!coincidence) {
                compareEnd();
                undo();
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
        boolean stuck = inFlight.isEmpty() && !due;
        if (reference.paused ? stuck || random.nextInt(10) == 0 : pauses && random.nextInt(30) == 0) {
            pauseOrResume();
            return;
        }
        if (choice < 1 && !reference.ending) {
            tell("cancel");
            reference.cancel();
            tree.root().cancel(reference.now());
            disturbed = true;
        } else if (!inFlight.isEmpty() && (choice < 75 || !due)) {
            endAttempt();
        } else if (due) {
            advance();
        } else {
            throw new AssertionError("nothing is in flight and nothing is due, but the run has not ended");
        }
    }

    private void pauseOrResume() {
        tell(reference.paused ? "resume" : "pause");
        boolean expected = reference.paused || !reference.ending;
        boolean changed = reference.paused ? tree.resume() : tree.pause();
        Reference.check(changed == expected, "pausing or resuming gives " + changed);
        reference.paused = changed != reference.paused;
    }

    private void endAttempt() {
        Place place = inFlight.remove(random.nextInt(inFlight.size()));
        long before = reference.now();
        reference.setTime(before + random.nextInt(1000));
        if (reference.dues().stream().anyMatch(due -> due <= reference.now())) {
            reference.setTime(before);
        }
        int choice = random.nextInt(100);
        boolean asked = place.cell().state == State.ENDING;
        if (choice < (asked ? 30 : 72)) {
            Set<Integer> handles = handles(place.spec().handles());
            tell("node " + place + " returns by " + handles);
            place.scope().succeed(place.node(), "out " + place.node(), handles);
            place.machine().completed(place.node(), "out " + place.node(), mask(handles), reference.now());
        } else if (choice < 90) {
            fail(place, asked);
        } else if (choice < 97) {
            long wakeAt = random.nextInt(6) == 0 ? Machine.NEVER : reference.now() + 1 + random.nextInt(5_000_000);
            tell("node " + place + " waits until " + wakeAt);
            place.scope().suspend(place.node(), wakeAt);
            place.machine().suspended(place.node(), wakeAt, reference.now());
            wakeSoonIfNeeded(place, wakeAt);
        } else {
            boolean success = random.nextBoolean();
            tell("node " + place + " stops the run, success " + success);
            place.scope().stop(place.node(), success);
            place.machine().stopped(place.node(), "stopped", success ? null : error(place.node()), reference.now());
            disturbed = true;
        }
    }

    private void fail(Place place, boolean asked) {
        boolean cancelled = asked && random.nextBoolean();
        boolean retriable = random.nextInt(4) > 0;
        tell("node " + place + " fails, retriable " + retriable + ", cancelled " + cancelled);
        place.scope().fail(place.node(), cancelled, retriable);
        String kind = cancelled ? "cancelled" : "error";
        place.machine().failed(place.node(), error(place.node()), kind, retriable, -1, reference.now());
        disturbed = true;
    }

    /** A wait without an instant would last for ever if nobody ended it. */
    private void wakeSoonIfNeeded(Place place, long wakeAt) {
        if (wakeAt == Machine.NEVER && place.cell().state == State.WAITING) {
            tell("somebody wakes node " + place);
            place.scope().wake(place.node());
            Reference.check(place.machine().woken(place.node(), reference.now()), "node " + place + " does not wake");
        }
    }

    // ---------------------------------------------------------------- groups

    private void beginGroup(Place place) {
        RandomGraph.Group spec = Objects.requireNonNull(place.spec().group());
        place.scope().beginGroup(place.node());
        Machine machine = place.machine();
        GroupRun group = switch (spec.kind()) {
            case SCOPE -> machine.beginScope(place.node());
            case FOR_EACH ->
                machine.beginForEach(
                        place.node(),
                        spec.items(),
                        spec.parallel(),
                        OnItemError.valueOf(spec.itemPolicy().name()));
            case LOOP -> machine.beginLoop(place.node(), spec.maxIterations(), spec.testBefore());
        };
        advance(place, group);
    }

    /** Asks both sides what is to be done for a group, and does it. */
    private void advance(Place place, GroupRun group) {
        Reference.Step step = step(place, group);
        while (step == Reference.Step.TEST) {
            boolean holds = random.nextInt(3) > 0;
            tell("  test of " + place + " says " + holds);
            place.scope().tested(place.node(), holds);
            group.tested(holds);
            step = step(place, group);
        }
        if (step == Reference.Step.SUCCEED) {
            String output = place.scope().output(place.node());
            Reference.check(
                    output.equals(text(group.output())),
                    "group " + place + " gives " + text(group.output()) + ", expected " + output);
            tell("group " + place + " succeeds");
            place.scope().succeed(place.node(), "out " + place.node(), Set.of(0));
            place.machine().completed(place.node(), "out " + place.node(), 1, reference.now());
        } else if (step != Reference.Step.WAIT) {
            boolean cancelled = step == Reference.Step.CANCEL;
            boolean retriable = !cancelled && random.nextInt(4) > 0;
            tell("group " + place + " ends by " + step + ", retriable " + retriable);
            place.scope().fail(place.node(), cancelled, retriable);
            String kind = cancelled ? "cancelled" : "error";
            place.machine().failed(place.node(), error(place.node()), kind, retriable, -1, reference.now());
        }
    }

    private static Reference.Step step(Place place, GroupRun group) {
        Reference.Step expected = place.scope().step(place.node());
        GroupRun.Step actual = group.step();
        Reference.check(
                expected.name().equals(actual.name()),
                "group " + place + " wants " + actual + ", expected " + expected);
        return expected;
    }

    private static String text(@Nullable Object output) {
        if (output instanceof JsonArray list) {
            return list.stream().map(Simulation::text).toList().toString();
        }
        if (output instanceof JsonObject entry) {
            return "failed".equals(entry.get("status")) ? "failed " + entry.get("index") : text(entry.get("output"));
        }
        return String.valueOf(output);
    }

    private void iterationEnded(Place place) {
        Reference scope = place.scope();
        Reference.check(scope.isOver() && !scope.reported, "iteration " + place + " is not over");
        scope.reported = true;
        Machine machine = place.machine();
        Outcome outcome = machine.outcome();
        Reference.check(
                outcome.name().equals(scope.run.name()),
                "iteration " + place + " ends as " + outcome + ", expected " + scope.run);
        GroupRun group = Objects.requireNonNull(machine.group());
        String result = "r" + machine.index();
        tell("  iteration " + place + " ends as " + outcome);
        switch (outcome) {
            case SUCCEEDED -> {
                scope.iterationEnded(result, null);
                group.succeeded(machine, result);
            }
            case FAILED -> {
                scope.iterationEnded(null, "error");
                group.failed(machine, error(machine.index()));
            }
            default -> {
                scope.iterationEnded(null, null);
                group.cancelled(machine);
            }
        }
        Reference outer = Objects.requireNonNull(scope.parent);
        advance(new Place(outer, group.parent(), group.slot()), group);
    }

    private void advance() {
        List<Long> dues = reference.dues();
        long next = Collections.min(dues);
        if (dues.stream().filter(due -> due == next).count() > 1) {
            coincidence = true;
            return;
        }
        if (next > reference.now() + 1 && random.nextInt(4) == 0) {
            // A wake-up that comes too early, and one that comes twice, change nothing.
            reference.setTime(reference.now() + (next - reference.now()) / 2);
            tree.tick(reference.now());
            compare();
        }
        reference.setTime(Math.max(next, reference.now()));
        tell("time " + reference.now());
        reference.tick();
        tree.tick(reference.now());
        if (random.nextInt(4) == 0) {
            tree.tick(reference.now());
        }
    }

    // ---------------------------------------------------------------- undoing

    /** A run that has ended is undone: the handlers run one after the other, the last first, whatever becomes of each. */
    private void undo() {
        int count = random.nextInt(5);
        List<Plan> handlers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            handlers.add(handler(i, random.nextBoolean()));
        }
        CompensationRun undoing = tree.compensate(handlers);
        if (reference.paused) {
            Reference.check(tree.resume(), "a run that ended while it was paused resumes");
        }
        boolean complete = true;
        for (int expected = count - 1; expected >= 0; expected--) {
            Reference.check(undoing.step() == GroupRun.Step.WAIT, "the undoing waits for handler " + expected);
            Reference.check(undoing.live().size() == 1, "one handler runs at a time");
            if (random.nextInt(6) == 0) {
                Reference.check(tree.pause(), "the undoing pauses");
                Reference.check(tree.next() == Machine.NONE, "a handler runs in a run that is paused");
                Reference.check(tree.resume(), "the undoing resumes");
            }
            complete &= undo(undoing, expected);
        }
        Reference.check(undoing.step() == GroupRun.Step.SUCCEED && undoing.isOver(), "the undoing is over");
        Reference.check(undoing.isComplete() == complete, "the undoing is complete: " + undoing.isComplete());
    }

    private static Plan handler(int number, boolean inline) {
        RetryPolicy retry = RetryPolicy.attempts(2).delays(Duration.ofNanos(1000), 1, null);
        Plan.Node node = new Plan.Node(
                "undo" + number, List.of("out"), inline, retry, null, OnError.FAIL, 0, false, false, false, null);
        return Plan.compile(List.of(node), List.of(), 64, Duration.ofSeconds(1), null);
    }

    /** Runs one handler to its end; whether it succeeds. */
    private boolean undo(CompensationRun undoing, int expected) {
        for (int attempt = 1; ; attempt++) {
            long command = tree.next();
            Reference.check(Machine.operation(command) == Machine.RUN, "handler " + expected + " runs");
            Machine machine = tree.current();
            Reference.check(machine.index() == expected, "handler " + machine.index() + " runs, not " + expected);
            tell("undo " + expected + ", attempt " + attempt);
            boolean succeeds = random.nextInt(3) > 0;
            long now = machine.now() + 1;
            if (succeeds) {
                machine.completed(0, "undone", 1, now);
            } else {
                machine.failed(0, error(0), "error", true, -1, now);
            }
            if (succeeds || attempt == 2) {
                Reference.check(Machine.operation(tree.next()) == Machine.RESULT, "handler " + expected + " is over");
                if (succeeds) {
                    undoing.succeeded(machine, null);
                } else {
                    undoing.failed(machine, error(0));
                }
                return succeeds;
            }
            Reference.check(tree.next() == Machine.NONE, "handler " + expected + " waits for its retry");
            tree.tick(tree.nextDue());
        }
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
            Machine machine = tree.current();
            Place place = new Place(of(machine), machine, Machine.slot(command));
            switch (Machine.operation(command)) {
                case Machine.RUN -> {
                    tell("  run " + place);
                    place.scope().run(place.node());
                    comparePrevious(place);
                    if (place.spec().group() != null) {
                        beginGroup(place);
                    } else {
                        inFlight.add(place);
                    }
                }
                case Machine.STOP -> tell("  stop " + place);
                case Machine.ABANDON -> {
                    tell("  abandon " + place);
                    Reference.check(inFlight.remove(place), "node " + place + " is abandoned, but does not run");
                }
                case Machine.RESULT -> iterationEnded(place);
                default -> throw new AssertionError("unknown command " + command);
            }
        }
        for (Reference scope : reference.all()) {
            Reference.check(!scope.canRunMore(), "a node could run, but the machine does not run it");
            Reference.check(
                    scope.parent == null || !scope.isOver(), "an iteration is over, but the machine does not say so");
        }
    }

    private void comparePrevious(Place place) {
        if (place.machine().isRoot(place.node())) {
            return;
        }
        Object expected =
                place.spec().needed() > 0 ? place.cell().arrived : place.scope().previous(place.node());
        Object actual = place.machine().previous(place.node());
        Reference.check(
                normal(expected).equals(normal(actual)),
                "previous of " + place + " is " + actual + ", expected " + expected);
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
        compare(reference, tree.root());
    }

    private void compare(Reference scope, Machine machine) {
        for (int i = 0; i < scope.cells.size(); i++) {
            Place place = new Place(scope, machine, i);
            Cell expected = place.cell();
            State actual = state(machine.status(i));
            boolean either =
                    scope.skippedOrCancelled.contains(i) && (actual == State.SKIPPED || actual == State.CANCELLED);
            if (either) {
                expected.state = actual;
            }
            Reference.check(
                    expected.state == actual, "node " + place + " is " + actual + ", expected " + expected.state);
            if (expected.state != State.READY && expected.state != State.BACKOFF) {
                Reference.check(
                        machine.attempt(i) == expected.attempt,
                        "node " + place + " is at attempt " + machine.attempt(i) + ", expected " + expected.attempt);
            }
            GroupRun group = machine.groupRun(i);
            if (group != null && expected.group != null) {
                Reference.check(
                        group.live().size() == expected.group.live.size(),
                        "group " + place + " has " + group.live().size() + " iterations, expected "
                                + expected.group.live.size());
                group.live().forEach(iteration -> compare(of(iteration), iteration));
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
        Outcome outcome = tree.root().outcome();
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

    /** How deep groups stand in each other. */
    int depth() {
        return graph.depth();
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
