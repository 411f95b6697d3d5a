package io.automationhub.benchmarks.durable;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.time.Duration;

/** Durable runs that wait for a timer of an hour: what they take of the heap, and how many threads. */
public final class Suspended {

    private static final int AT_ONCE = 10_000;

    private Suspended() {}

    /** @param args how many runs; 100,000 unless given */
    public static void main(String[] args) throws InterruptedException {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            measure(server, runs);
        }
    }

    static void measure(PostgresServer server, int runs) throws InterruptedException {
        Workflow workflow = Workflow.builder("waits")
                .start(manualTrigger("start"))
                .then(delay("hour", Duration.ofHours(1)))
                .build();
        try (HikariDataSource source = server.database("suspended", 8);
                WorkflowEngine engine = WorkflowEngine.builder()
                        .store(JdbcWorkflowStore.create(source))
                        .maxExecutions(AT_ONCE)
                        .keepWaiting(Duration.ofMillis(100))
                        .build()) {
            engine.start(workflow, null);
            Thread.sleep(1000);
            int threads = Thread.activeCount();
            long before = heap();
            long began = System.nanoTime();
            for (int i = 1; i < runs; i++) {
                engine.start(workflow, null);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            Thread.sleep(2000);
            System.out.printf(
                    "%,d runs wait: %.1f MB of heap and %d threads more; %,.0f began each second%n",
                    runs, (heap() - before) / 1e6, Thread.activeCount() - threads, (runs - 1) / seconds);
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
