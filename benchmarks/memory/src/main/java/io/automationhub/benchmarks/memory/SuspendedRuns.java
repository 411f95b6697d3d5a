package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;

/** Starts a million runs that wait for a timer of an hour, and prints what they take: heap after a collection, threads. */
public final class SuspendedRuns {

    private SuspendedRuns() {}

    /** @param args how many runs; a million unless given */
    public static void main(String[] args) throws InterruptedException {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Workflow workflow = Workflow.builder("waits")
                .start(manualTrigger("start"))
                .then(delay("hour", Duration.ofHours(1)))
                .build();
        int threads = Thread.activeCount();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .maxExecutions(runs)
                .closeTimeout(Duration.ZERO)
                .build()) {
            engine.start(workflow, null);
            long before = heap();
            long begin = System.nanoTime();
            for (int i = 1; i < runs; i++) {
                engine.start(workflow, null);
            }
            long nanos = System.nanoTime() - begin;
            long after = heap();
            System.out.printf(
                    "%,d runs wait: %d bytes each, %d ns to start one, %d threads more%n",
                    runs, (after - before) / (runs - 1), nanos / (runs - 1), Thread.activeCount() - threads);
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
