package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Runs random graphs of delays on the real clock, and prints how long each took against its longest path. */
public final class Makespan {

    private static final int GRAPHS = 8;

    private Makespan() {}

    /** @param args none */
    public static void main(String[] args) {
        for (int seed = 1; seed <= GRAPHS; seed++) {
            run(new Random(seed));
        }
    }

    private static void run(Random random) {
        int size = 100 + random.nextInt(2000);
        long[] ends = new long[size];
        WorkflowBuilder builder = Workflow.builder("graph").start(manualTrigger("start"));
        for (int i = 0; i < size; i++) {
            long millis = 1 + random.nextInt(60);
            builder.add(delay("n" + i, Duration.ofMillis(millis)));
            Set<Integer> sources = new TreeSet<>();
            int edges = i == 0 ? 0 : random.nextInt(4);
            for (int e = 0; e < edges; e++) {
                sources.add(Math.max(0, i - 1 - random.nextInt(60)));
            }
            long begin = 0;
            for (int source : sources) {
                builder.edge("n" + source, "n" + i);
                begin = Math.max(begin, ends[source]);
            }
            if (sources.isEmpty()) {
                builder.edge("start", "n" + i);
            }
            ends[i] = begin + millis;
        }
        long longest = Arrays.stream(ends).max().orElseThrow();
        Workflow workflow = builder.build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            engine.validate(workflow);
            long begin = System.nanoTime();
            engine.run(workflow, null).orElseThrow();
            double millis = (System.nanoTime() - begin) / 1e6;
            System.out.printf(
                    "%,d nodes, longest path %,d ms, took %,.1f ms: %.3f%n", size, longest, millis, millis / longest);
        }
    }
}
