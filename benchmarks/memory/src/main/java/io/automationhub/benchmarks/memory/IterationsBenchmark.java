package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an iteration of a group with one trivial node costs, beside a node of a chain: 100,000 iterations in one run, and as
 * many nodes in chains of 1,000.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IterationsBenchmark {

    private static final int COUNT = 100_000;
    private static final int CHAIN = 1_000;

    /** What is repeated. */
    @Param({"chain", "forEach", "forEachParallel", "loop"})
    public String shape;

    /** Whether a listener hears of each fact. */
    @Param({"false", "true"})
    public boolean listener;

    private final LongAdder heard = new LongAdder();
    private WorkflowEngine engine;
    private Workflow workflow;
    private Object input;

    /** Builds the workflow. */
    @Setup
    public void build() {
        WorkflowEngine.Builder builder = WorkflowEngine.builder().node("one", NodeTraits.PURE_INLINE, call -> 1L);
        if (listener) {
            builder.listener(events -> heard.add(events.size()));
        }
        engine = builder.build();
        workflow = shape.equals("chain") ? chain() : group();
        input = shape.startsWith("forEach")
                ? Json.of(IntStream.range(0, COUNT).boxed().toList())
                : 0L;
        check(run());
    }

    private static Workflow chain() {
        WorkflowBuilder chain = Workflow.builder("chain").start(node("n0", "one"));
        for (int i = 1; i < CHAIN; i++) {
            chain.then(node("n" + i, "one"));
        }
        return chain.build();
    }

    private Workflow group() {
        return Workflow.builder("group")
                .start(node("start", "one"))
                .group(
                        switch (shape) {
                            case "forEach" -> node("group", "forEach").with("items", "input");
                            case "forEachParallel" ->
                                node("group", "forEach").with("items", "input").with("parallel", 64);
                            default ->
                                node("group", "loop")
                                        .with("while", "index < " + COUNT)
                                        .with("maxIterations", COUNT + 1);
                        },
                        body -> body.then(node("n", "one")))
                .build();
    }

    private void check(Object output) {
        boolean right = shape.startsWith("forEach")
                ? output instanceof List<?> list
                        && list.size() == COUNT
                        && list.get(COUNT - 1).equals(1L)
                : Objects.equals(output, 1L);
        if (!right) {
            throw new IllegalStateException("Wrong output of '" + shape + "'");
        }
    }

    /** All iterations, or all chains. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Object run() {
        Object output = null;
        int runs = shape.equals("chain") ? COUNT / CHAIN : 1;
        for (int i = 0; i < runs; i++) {
            output = engine.run(workflow, input).orElseThrow().output();
        }
        return output;
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }
}
