package io.automationhub.engine.testkit;

import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.TestProcess;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine for tests of workflows: its clock is set by hand, so that a wait of days takes no time; its processes can die, and
 * the next one takes over from a journal in memory; and what happened in a run can be told.
 *
 * <pre>{@code
 * try (TestEngine engine = TestEngine.builder().node("mail.send", mail).build()) {
 *     TestRun run = engine.start(workflow, Map.of("order", 7)).untilEnd();
 *     assertThat(run).succeeded().ran("check", "mail");
 * }
 * }</pre>
 *
 * <p>For one test on one thread; the engine in it may use any number.
 */
public final class TestEngine implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_JUMPS = 100_000;

    private final ManualClock clock = new ManualClock();
    private final WorkflowEngine.Builder builder;
    private final TestProcess process;
    private final List<TestRun> runs = new ArrayList<>();
    private WorkflowEngine engine;

    private TestEngine(Builder settings) {
        builder = WorkflowEngine.builder().clock(clock).closeTimeout(Duration.ZERO);
        if (settings.failStep > 0) {
            failStep(settings.failStep);
        }
        settings.steps.forEach(step -> step.accept(builder));
        process = new TestProcess(settings.crashAfter);
        engine = process.begin(builder);
        settings.published.forEach(workflow -> engine.workflows().publish(workflow));
    }

    private void failStep(int number) {
        AtomicInteger steps = new AtomicInteger();
        builder.outputFilter((source, output) -> {
            if (steps.incrementAndGet() == number) {
                throw new RetriableException(
                        "injected",
                        "The test says that step " + number + " fails, which is '" + source.node() + "'",
                        null,
                        null);
            }
            return output;
        });
    }

    /** An engine with the built-in nodes. */
    public static TestEngine create() {
        return builder().build();
    }

    /** An engine to be configured. */
    public static Builder builder() {
        return new Builder();
    }

    /** The engine of the process that lives. */
    public WorkflowEngine engine() {
        takeOverIfDead();
        return engine;
    }

    /** The clock. {@link #advance} lets time pass as it does for runs, attempts on other threads included. */
    public ManualClock clock() {
        return clock;
    }

    // ---------------------------------------------------------------- runs

    /** Starts a run, and lets it go on until it has to wait. */
    public TestRun start(Workflow workflow, @Nullable Object input) {
        return start(ExecutionRequest.of(workflow).input(input));
    }

    /** Starts a run, and lets it go on until it has to wait. */
    public TestRun start(ExecutionRequest request) {
        TestRun run = new TestRun(this, engine().start(request).id());
        runs.add(run);
        settle();
        return run;
    }

    /** The newest run of a workflow, such as one that another run called. */
    public TestRun runOf(String workflowId) {
        settle();
        List<String> ids = process.runs();
        for (int i = ids.size() - 1; i >= 0; i--) {
            String id = ids.get(i);
            if (engine().execution(id)
                    .filter(run -> run.workflow().equals(workflowId))
                    .isPresent()) {
                return new TestRun(this, id);
            }
        }
        throw new AssertionError("There is no run of workflow '" + workflowId + "'");
    }

    /** The runs that the test started. */
    List<TestRun> runs() {
        return runs;
    }

    // ---------------------------------------------------------------- time

    /** Lets all runs go on until each of them has to wait for time, or for something from outside. */
    public TestEngine settle() {
        takeOverIfDead();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // A process that died looks busy or not; the one that takes over has to come to rest, too.
        while (TestProcess.isBusy(engine) || takeOverIfDead()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The runs did not come to rest within " + PATIENCE
                        + "; an attempt still runs, or waits for the test\n" + stories());
            }
            takeOverIfDead();
            Thread.onSpinWait();
        }
        return this;
    }

    /** Lets time pass. The runs do what is due at each instant on the way before time goes on. */
    public TestEngine advance(Duration duration) {
        settle();
        Duration left = duration;
        for (Duration next = nextTimer(left); next != null; next = nextTimer(left)) {
            clock.advance(next);
            left = left.minus(next);
            settle();
        }
        clock.advance(left);
        return settle();
    }

    private @Nullable Duration nextTimer(Duration within) {
        Optional<Duration> next = clock.untilNext();
        return next.filter(until -> until.compareTo(within) <= 0).orElse(null);
    }

    /** Lets time pass until a run has ended. */
    void untilEnd(TestRun run) {
        settle();
        for (int jumps = 0; !run.record().status().isEnded(); jumps++) {
            Optional<Duration> next = clock.untilNext();
            if (next.isEmpty() || jumps == MAX_JUMPS) {
                throw new AssertionError("The run does not end by itself\n"
                        + engine.explain(run.id()).map(Object::toString).orElse("") + "\n" + run.story());
            }
            advance(next.get());
        }
    }

    // ---------------------------------------------------------------- crashes

    /** The process dies, and another one takes over what is durable. */
    public TestEngine crash() {
        settle();
        process.die();
        engine = process.takeOver(builder);
        return settle();
    }

    private boolean takeOverIfDead() {
        boolean dead = process.isDead();
        if (dead) {
            engine = process.takeOver(builder);
        }
        return dead;
    }

    TestProcess process() {
        return process;
    }

    /** What happened in the runs that the test started. */
    public String stories() {
        StringBuilder stories = new StringBuilder();
        runs.forEach(run -> stories.append(run.story()).append('\n'));
        return stories.toString();
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Configures a test engine. */
    public static final class Builder {

        private final List<Consumer<WorkflowEngine.Builder>> steps = new ArrayList<>();
        private final List<Workflow> published = new ArrayList<>();
        private int crashAfter;
        private int failStep;

        private Builder() {}

        /** Registers what the host does: node types, functions, modules. Its clock is the test's. */
        public Builder engine(Consumer<WorkflowEngine.Builder> configuration) {
            steps.add(configuration);
            return this;
        }

        /** Registers a node type that does what the test says. */
        public Builder node(String type, ScriptedNode node) {
            return engine(host -> host.node(type, node));
        }

        /** Publishes workflows that others call. */
        public Builder publish(Workflow... workflows) {
            published.addAll(List.of(workflows));
            return this;
        }

        /** The process dies after so many steps that are durable, in all runs together; another one takes over. */
        public Builder crashAfter(int steps) {
            crashAfter = steps;
            return this;
        }

        /** The node run that is the number-th to succeed, of all runs together, fails instead. */
        public Builder failStep(int number) {
            failStep = number;
            return this;
        }

        /** The engine. */
        public TestEngine build() {
            return new TestEngine(this);
        }
    }
}
