package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.workflow.Workflow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a signal to the run that has continued and ended by it, beside runs that wait for other signals. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SignalBenchmark {

    private static final Workflow BY_ID = workflow(null);
    private static final Workflow BY_KEY = workflow("{{input}}");

    /** How many other runs wait. */
    @Param({"0", "10000"})
    public int others;

    private WorkflowEngine engine;
    private ExecutionHandle run;
    private ExecutionHandle keyed;
    private long count;

    private static Workflow workflow(String key) {
        var wait = waitForSignal("wait", "go");
        return Workflow.builder("waits")
                .start(manualTrigger("start"))
                .then(key == null ? wait : wait.with("key", key))
                .build();
    }

    /** The engine and the other runs. */
    @Setup(Level.Trial)
    public void open() {
        engine = WorkflowEngine.builder().maxExecutions(others + 10).build();
        for (int i = 0; i < others; i++) {
            engine.start(BY_KEY, "other-" + i);
        }
    }

    /** Runs that wait. */
    @Setup(Level.Invocation)
    public void start() {
        count++;
        run = engine.start(BY_ID, null);
        keyed = engine.start(BY_KEY, "key-" + count);
    }

    /** To the run whose id is known. */
    @Benchmark
    public boolean byId() {
        return engine.handle(run.id()).orElseThrow().signal("go", "s", null) == SignalReceipt.TAKEN;
    }

    /** To whoever waits for the key. */
    @Benchmark
    public boolean byKey() {
        return engine.signal("go", "key-" + count, "k" + count, null) == SignalReceipt.TAKEN
                && keyed.status().isEnded();
    }

    /** Ends what is left. */
    @TearDown(Level.Invocation)
    public void end() {
        run.cancel();
        keyed.cancel();
    }

    /** Closes the engine. */
    @TearDown(Level.Trial)
    public void close() {
        engine.close();
    }
}
